//! The end of a session.

use edge_authorizer_core::ProviderAnswer;
use serde_json::json;

use crate::support::sign_in::{Browser, answer, authorizer, configuration, header, location, set_cookies, told};

/// Threat 55: cleared on the path and domain they were set with.
#[test]
fn threat_55_cookies_are_cleared_with_the_attributes_they_were_set_with() {
    for settings in [json!({}), json!({ "domain": "example.com", "sameSite": "None" })] {
        let sign_in = json!({ "cookieKey": { "file": "k" }, "cookieSettings": settings });
        let authorizer = authorizer(&configuration(json!({ "signIn": sign_in })));
        let mut browser = Browser::new(&authorizer);
        let attributes = |cookie: &str| cookie.split("; ").skip(2).collect::<Vec<_>>().join("; ");
        let back = browser.sign_in("/a");
        let set: Vec<String> = set_cookies(answer(&back)).into_iter().map(attributes).collect();
        browser.open("/b");
        let request = browser.page("/signout");
        let out = browser.send(&request, |purpose, fetch| {
            assert_eq!((purpose, fetch.url.as_str()), ("revoke", "https://login.example/revoke"));
            ProviderAnswer { status: 200, body: String::new() }
        });
        assert_eq!(told(&out), (303, "signed_out"));
        assert_eq!(header(answer(&out), "clear-site-data"), Some("\"cache\""));
        assert!(browser.cookies.is_empty(), "{:?}", browser.cookies.keys());
        for cookie in set_cookies(answer(&out)) {
            assert!(set.contains(&attributes(cookie)), "{cookie}");
        }
        assert!(location(&out).starts_with("https://login.example/logout?client_id=client-1&"));
    }
}

/// Threat 55: nor does a browser that fetches ahead what a page links to, or a picture of a page.
#[test]
fn threat_55_what_nobody_has_asked_for_signs_nobody_out() {
    let authorizer = authorizer(&configuration(json!({})));
    let mut browser = Browser::new(&authorizer);
    browser.sign_in("/a");
    for unasked in [
        [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "document")],
        [("sec-fetch-site", "same-origin"), ("sec-purpose", "prefetch;prerender")],
        [("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "image")],
        [("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "script")],
    ] {
        let request = browser.request("GET", "/signout", &unasked);
        let asked = browser.send(&request, |_, _| panic!("{unasked:?}"));
        assert_eq!(told(&asked), (200, "sign_out_asked"), "{unasked:?}");
        assert!(set_cookies(answer(&asked)).is_empty());
    }
    // A script of the site's own.
    let request =
        browser.request("POST", "/signout", &[("sec-fetch-site", "same-origin"), ("sec-fetch-dest", "empty")]);
    let out = browser.send(&request, |_, _| ProviderAnswer { status: 200, body: String::new() });
    assert_eq!(told(&out), (204, "signed_out"));
}
