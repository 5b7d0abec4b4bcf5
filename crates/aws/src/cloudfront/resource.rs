//! Which resources a policy may name, and what of a claim may stand in one.

/// Whether a claim's text may stand in a resource, as part of a path segment: letters, digits and `-._~@:=,`, and not dots
/// alone.
///
/// `*` and `?` would open what belongs to others; `/`, `\`, `%` and quotes would lead elsewhere (threat 38).
pub fn may_stand_in_resource(claim: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~@:=,".contains(&byte);
    !claim.is_empty() && claim.bytes().all(plain) && !claim.bytes().all(|byte| byte == b'.')
}

/// `https://host/…`, with `http` and `http*` for the scheme as well; the host is a name, or `*.` before one.
pub(super) fn is_url_of_one_host(resource: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"\\<>^`{|}".contains(&byte);
    let rest = ["https://", "http://", "http*://"].iter().find_map(|scheme| resource.strip_prefix(scheme));
    let Some((host, _)) = rest.and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let host = host.strip_prefix("*.").unwrap_or(host);
    let named = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:".contains(&byte);
    resource.bytes().all(plain) && host.contains('.') && host.bytes().all(named) && !host.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Threat 38: `*`, `?`, quotes or `{` in a claim that goes into a cookie policy.
    #[test]
    fn threat_38_only_plain_characters_of_a_claim_stand_in_a_resource() {
        for claim in ["u1", "0f0c1a2e-7d3b", "a.b_c~d", "alice@example.com", "eu-1:42", "..a"] {
            assert!(may_stand_in_resource(claim), "{claim}");
        }
        for claim in [
            "", "*", "a*", "?", "a?b", "a/b", "a\\b", "..", ".", "a\"b", "a'b", "{a}", "a%2fb", "a b", "a\n", "\u{e9}",
            "a+b", "a&b", "a#b", "a;b", "a|b",
        ] {
            assert!(!may_stand_in_resource(claim), "{claim:?}");
        }
    }

    #[test]
    fn a_resource_is_a_url_of_one_host() {
        for resource in [
            "https://d111111abcdef8.cloudfront.net/*",
            "http*://media.example.com/a?b=c&d=*",
            "http://media.example.com:8080/",
            "https://*.example.com/live/*",
        ] {
            assert!(is_url_of_one_host(resource), "{resource}");
        }
        for resource in [
            "",
            "*",
            "/*",
            "https://*",
            "https://*/*",
            "https://",
            "https:///a",
            "https://media.example.com",
            "https://localhost/",
            "https://media*.example.com/",
            "https://a@media.example.com/",
            "rtmp://media.example.com/",
            "https://media.example.com/a b",
            "https://media.example.com/\u{e9}",
            "https://media.example.com/a\",\"Resource\":\"*",
            "https://media.example.com/a\\",
        ] {
            assert!(!is_url_of_one_host(resource), "{resource}");
        }
    }
}
