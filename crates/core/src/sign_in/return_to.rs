//! Where a browser goes after the sign-in: back to a path of this very site, query included, and nowhere else.

use crate::path::CanonicalPath;
use crate::request::Request;

/// With it the sealed attempt still fits in a cookie, of which browsers take 4,096 bytes (RFC 6265, section 6.1).
const MAX_BYTES: usize = 2_700;

/// A path and perhaps a query on this site: it may stand in a `Location` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReturnTo(String);

impl ReturnTo {
    /// The page that a request is for. Of one that is too long the query is left out, or all of it.
    pub(super) fn of(request: &Request) -> Self {
        let full = if request.query.is_empty() {
            request.path.clone()
        } else {
            [request.path.as_str(), request.query.as_str()].join("?")
        };
        Self::parse(&full).or_else(|| Self::parse(&request.path)).unwrap_or_else(Self::home)
    }

    pub(super) fn home() -> Self {
        Self("/".to_owned())
    }

    /// `None` for what a browser could take for another site's URL, or read in two ways (threat 49): all but a canonical
    /// path that begins with one slash, and printable ASCII without backslash and fragment after it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        CanonicalPath::parse(path).ok()?;
        let is_plain = query.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#'));
        (is_plain && text.len() <= MAX_BYTES).then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn path(&self) -> &str {
        self.0.split('?').next().unwrap_or_default()
    }
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
        let request = |path: &str, query: &str| {
            ReturnTo::of(&Request { path: path.to_owned(), query: query.to_owned(), ..Request::default() }).0
        };
        assert_eq!(request("/a", "x=1&y=%2F&z"), "/a?x=1&y=%2F&z");
        assert_eq!(request("/a", ""), "/a");
        assert_eq!(request("/a", &"x".repeat(2_698)), "/a");
        assert_eq!(request("/a", &"x".repeat(2_697)).len(), 2_700);
        assert_eq!(request(&format!("/{}", "a".repeat(2_700)), ""), "/");
    }
}
