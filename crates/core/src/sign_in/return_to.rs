//! Where a browser goes after the sign-in: back to a path of this very site, query included, and nowhere else.

use crate::path::CanonicalPath;
use crate::percent;
use crate::request::Request;

/// With it the sealed attempt still fits in a cookie, of which browsers take 4,096 bytes (RFC 6265, section 6.1).
const MAX_BYTES: usize = 2_700;

/// A path and perhaps a query on this site: it may stand in a `Location` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReturnTo(String);

impl ReturnTo {
    /// The page that a request is for. Of one that is too long for a cookie the query is left out, or all of it.
    pub(super) fn of(request: &Request) -> Self {
        let whole = Self::whole(request);
        if whole.0.len() <= MAX_BYTES { whole } else { Self::parse(&request.path).unwrap_or_else(Self::home) }
    }

    /// The same, however long it is: for an answer that leads to the very same page, by way of no cookie.
    pub(super) fn whole(request: &Request) -> Self {
        if CanonicalPath::parse(&request.path).is_err() {
            return Self::home();
        }
        let mut whole = request.path.clone();
        if !request.query.is_empty() {
            whole.push('?');
        }
        // Browsers send a backslash in a query as it is (WHATWG URL Standard, section 1.3, query percent-encode set).
        for character in request.query.chars() {
            match character {
                _ if is_plain(character) => whole.push(character),
                _ => whole.push_str(&percent::encode(character.encode_utf8(&mut [0; 4]))),
            }
        }
        Self(whole)
    }

    pub(super) fn home() -> Self {
        Self("/".to_owned())
    }

    /// `None` for what a browser could take for another site's URL, or read in two ways (threat 49): all but a canonical
    /// path that begins with one slash, and printable ASCII without backslash and fragment after it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        CanonicalPath::parse(path).ok()?;
        (query.chars().all(is_plain) && text.len() <= MAX_BYTES).then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn path(&self) -> &str {
        self.0.split('?').next().unwrap_or_default()
    }
}

/// Whether it may stand in the query of a URL that all browsers read alike.
fn is_plain(character: char) -> bool {
    character.is_ascii_graphic() && !matches!(character, '\\' | '#')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Threat 49: open redirect.
    #[test]
    fn threat_49_nothing_leads_to_another_site() {
        for text in [
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example/",
            "https:evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\n/evil.example",
            "/a\r\nset-cookie: a=b",
            "/%2f/evil.example",
            "/%5cevil.example",
            "/.//evil.example",
            "/..//evil.example",
            "user@evil.example",
            "@evil.example/",
            "evil.example",
            "",
            "?a",
            "/a?b\r\nlocation: https://evil.example",
            "/a?b\u{e9}",
            "/a#b",
            "/a?\\",
        ] {
            assert_eq!(ReturnTo::parse(text), None, "{text:?}");
        }
        for text in ["/", "/a/b.png", "/a?next=https://evil.example/", "/a?x=%0d%0a&y=//", "/my%20photo.png?q=%C3%A9"] {
            assert_eq!(ReturnTo::parse(text).map(|to| to.0).as_deref(), Some(text));
        }
    }

    #[test]
    fn the_full_url_is_kept_query_included() {
        let of =
            |path: &str, query: &str| Request { path: path.to_owned(), query: query.to_owned(), ..Request::default() };
        let request = |path: &str, query: &str| ReturnTo::of(&of(path, query)).0;
        assert_eq!(request("/a", "x=1&y=%2F&z"), "/a?x=1&y=%2F&z");
        assert_eq!(request("/a", ""), "/a");
        assert_eq!(request("/a", &"x".repeat(2_698)), "/a");
        assert_eq!(request("/a", &"x".repeat(2_697)).len(), 2_700);
        assert_eq!(request(&format!("/{}", "a".repeat(2_700)), ""), "/");
        assert_eq!(request("/a", "file=C:\\1&x={|}^`"), "/a?file=C:%5C1&x={|}^`");
        assert_eq!(request("/a", "b\r\nlocation: c#\u{e9}"), "/a?b%0D%0Alocation:%20c%23%C3%A9");
        assert_eq!(request("//evil.example/", "a"), "/");
        assert_eq!(ReturnTo::whole(&of("/a", &"x".repeat(8_000))).0.len(), 8_003);
        assert_eq!(ReturnTo::whole(&of("/\\evil.example/", "a")).0, "/");
    }
}
