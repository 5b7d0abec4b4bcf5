//! Who is asking: a person's browser opening a page, or a program that can do nothing with a redirect to a sign-in.
//!
//! Browsers say so in Fetch Metadata Request Headers (W3C). Where these are missing, what `Accept` names decides.

use crate::request::Request;

/// The headers that are looked at.
pub(crate) const HEADERS: [&str; 6] =
    ["accept", "sec-fetch-dest", "sec-fetch-mode", "sec-fetch-site", "sec-purpose", "x-requested-with"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientKind {
    /// A page at the top of a tab: it may be sent to the provider.
    Page,
    /// A page in a frame: providers do not let themselves be framed, but a session can be refreshed.
    Frame,
    /// `fetch`, images, media segments, favicons, prefetches, programs: 401.
    Other,
}

impl ClientKind {
    pub(super) fn of(request: &Request) -> Self {
        if !matches!(request.method.as_str(), "GET" | "HEAD" | "POST") || is_one(request, "sec-purpose", "prefetch") {
            return Self::Other;
        }
        match value(request, "sec-fetch-mode") {
            Some("navigate") => match value(request, "sec-fetch-dest") {
                Some("document") => Self::Page,
                Some("iframe" | "frame") => Self::Frame,
                _ => Self::Other,
            },
            Some(_) => Self::Other,
            // Only what people look at is asked for as HTML by name; `*/*` is what scripts, images and players send.
            None if is_one(request, "accept", "text/html") && value(request, "x-requested-with").is_none() => {
                Self::Page
            }
            None => Self::Other,
        }
    }
}

/// Whether nobody on this site has asked for it: a page of another site made the browser send this, or the browser fetches ahead
/// what might be asked for, or a picture and the like of a page.
pub(super) fn is_unasked(request: &Request) -> bool {
    value(request, "sec-fetch-site") == Some("cross-site")
        || is_one(request, "sec-purpose", "prefetch")
        || !matches!(value(request, "sec-fetch-dest"), None | Some("document" | "iframe" | "frame" | "empty"))
}

fn value<'r>(request: &'r Request, name: &'r str) -> Option<&'r str> {
    request.header_values(name).next().map(str::trim)
}

/// Whether one of the items of a list, its parameters aside, is this one.
fn is_one(request: &Request, name: &str, item: &str) -> bool {
    let items = request.header_values(name).flat_map(|value| value.split(','));
    items.filter_map(|given| given.split(';').next()).any(|given| given.trim().eq_ignore_ascii_case(item))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(method: &str, headers: &[(&str, &str)]) -> ClientKind {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        ClientKind::of(&Request { method: method.to_owned(), headers, ..Request::default() })
    }

    /// Threat 53: subresources are never redirected.
    #[test]
    fn threat_53_only_a_page_at_the_top_is_sent_to_sign_in() {
        let fetched =
            |mode, dest| kind("GET", &[("sec-fetch-mode", mode), ("sec-fetch-dest", dest), ("accept", "text/html")]);
        assert_eq!(fetched("navigate", "document"), ClientKind::Page);
        assert_eq!(fetched("navigate", "iframe"), ClientKind::Frame);
        for (mode, dest) in [
            ("navigate", "embed"),
            ("navigate", "object"),
            ("no-cors", "image"),
            ("no-cors", "video"),
            ("cors", "empty"),
            ("same-origin", "empty"),
            ("websocket", "websocket"),
            ("no-cors", "script"),
        ] {
            assert_eq!(fetched(mode, dest), ClientKind::Other, "{mode} {dest}");
        }
    }

    #[test]
    fn threat_53_browsers_that_do_not_say_are_judged_by_accept() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        assert_eq!(kind("GET", &[("accept", browser)]), ClientKind::Page);
        assert_eq!(kind("POST", &[("accept", browser)]), ClientKind::Page);
        for (method, headers) in [
            ("GET", &[("accept", "*/*")][..]),
            ("GET", &[]),
            ("GET", &[("accept", "image/avif,*/*;q=0.8")]),
            ("GET", &[("accept", "application/json")]),
            ("GET", &[("accept", browser), ("x-requested-with", "XMLHttpRequest")]),
            ("GET", &[("accept", browser), ("sec-purpose", "prefetch;prerender")]),
            ("PUT", &[("accept", browser)]),
            ("DELETE", &[("accept", browser)]),
            ("OPTIONS", &[("accept", browser)]),
        ] {
            assert_eq!(kind(method, headers), ClientKind::Other, "{method} {headers:?}");
        }
    }
}
