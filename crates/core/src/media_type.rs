//! Media types, as `typ` and `cty` of a JOSE header write them (RFC 7515, sections 4.1.9 and 4.1.10).

const PREFIX: &str = "application/";

/// Whether two of them are the same: in any case, and `application/` is left out of a name that has no other `/`.
pub(crate) fn same(one: &str, other: &str) -> bool {
    short(one).eq_ignore_ascii_case(short(other))
}

fn short(media_type: &str) -> &str {
    match media_type.split_at_checked(PREFIX.len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
        _ => media_type,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn case_and_prefix_make_no_difference_and_nothing_else_does() {
        for same in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"] {
            assert!(super::same("at+jwt", same) && super::same(same, "application/at+jwt"), "{same}");
        }
        for other in [
            "",
            "jwt",
            "at+jwt ",
            " at+jwt",
            "at-jwt",
            "text/at+jwt",
            "application/",
            "application//at+jwt",
            "application/application/at+jwt",
            "application/at+jwt; charset=utf-8",
            "at+jwt\0",
        ] {
            assert!(!super::same("at+jwt", other) && !super::same(other, "application/at+jwt"), "{other}");
        }
    }
}
