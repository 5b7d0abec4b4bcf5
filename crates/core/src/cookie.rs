//! Cookies of a request (RFC 6265, section 4.2.1), found and taken out without touching the others.

use crate::request::Request;

/// The values of the cookie `name` in one `Cookie` header, in order. A value may stand in double quotes.
pub(crate) fn values<'h>(header: &'h str, name: &'h str) -> impl Iterator<Item = &'h str> + 'h {
    pairs(header).filter(move |(given, _)| *given == name).map(|(_, value)| value)
}

/// The names and values of one `Cookie` header, in order.
pub(crate) fn pairs(header: &str) -> impl Iterator<Item = (&str, &str)> {
    parts(header).map(|part| {
        let value = trimmed(part.split_once('=').map_or("", |(_, value)| value));
        let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        (cookie_name(part), unquoted.unwrap_or(value))
    })
}

/// The cookies of a request, in order.
pub(crate) fn all(request: &Request) -> Vec<(&str, &str)> {
    let mut all = Vec::new();
    for header in request.header_values("cookie") {
        for pair in pairs(header) {
            all.push(pair);
        }
    }
    all
}

/// The value of the one cookie of this name; `None` where there is none, or more than one (threat 48).
pub(crate) fn one<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    let mut found = None;
    for (given, value) in all(request) {
        if given == name && found.replace(value).is_some() {
            return None;
        }
    }
    found
}

/// The header without the cookies whose names are `wanted`; `None` if it has none of them.
pub(crate) fn without(header: &str, wanted: impl Fn(&str) -> bool) -> Option<String> {
    let mut kept = Vec::new();
    let mut has_wanted = false;
    for part in parts(header) {
        if wanted(cookie_name(part)) {
            has_wanted = true;
        } else {
            kept.push(part);
        }
    }
    has_wanted.then(|| kept.join("; "))
}

fn parts(header: &str) -> impl Iterator<Item = &str> {
    header.split(';').map(trimmed)
}

fn cookie_name(part: &str) -> &str {
    trimmed(part.split('=').next().unwrap_or_default())
}

/// Without the white space of HTTP (RFC 9110, section 5.6.3). To trim all that Unicode calls space would let a cookie with
/// another name pass for one whose `__Host-` browsers guard.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_cookie_by_its_exact_name() {
        let found = |header| values(header, "token").collect::<Vec<_>>();
        assert_eq!(found("a=1; token=x.y.z; b=2"), ["x.y.z"]);
        assert_eq!(found("token=1;token=\"2\" ;  token = 3"), ["1", "2", "3"]);
        assert_eq!(found("Token=1; tokens=2; a=token=3; token"), [""]);
        assert_eq!(found("\u{a0}token=1; \u{2000}token=2; token\u{b}=3; \u{85}token=4"), [""; 0]);
    }

    #[test]
    fn takes_out_what_it_finds_and_leaves_the_rest() {
        assert_eq!(without("a=1; token=x; b=2", |name| name == "token"), Some("a=1; b=2".to_owned()));
        assert_eq!(without("token=x; token=y", |name| name == "token"), Some(String::new()));
        assert_eq!(without("a=1;b=\u{e9}", |name| name == "token"), None);
    }
}
