//! Pages of the user's own: the host reads them and hands them over.

use edge_authorizer_core::{Authorizer, Request};
use serde_json::{Value, json};

use crate::support::{authorizer, decide, get, refusal, secret_configuration};

fn with_pages(pages: Value) -> Authorizer {
    authorizer(&secret_configuration(json!({ "pages": pages })))
}

#[test]
fn each_page_is_named_with_its_status() {
    let authorizer = with_pages(json!({ "503": "503.html", "401": "./pages/401.html" }));
    let named: Vec<_> = authorizer.pages().map(|page| (page.status, page.file)).collect();
    assert_eq!(named, [(401, "./pages/401.html"), (503, "503.html")]);
}

#[test]
fn what_cannot_be_used_is_an_error() {
    let mut authorizer = with_pages(json!({ "401": "./401.html" }));
    let mut error = |status: u16, content: &[u8]| authorizer.set_page(status, content).unwrap_err();
    assert_eq!(error(403, b""), "no page is for this status");
    assert_eq!(error(401, b"\xff"), "the page is not UTF-8");
    assert_eq!(error(401, &[b'a'; 37_889]), "the page has 37889 bytes; at most 37888 are allowed");
    authorizer.set_page(401, &[b'a'; 37_888]).unwrap();
}

fn answer(authorizer: &Authorizer, request: &Request, accept: &str) -> (String, String) {
    let answer = authorizer.answer_to(&refusal(decide(authorizer, request)), request, accept);
    let policy = answer.headers.iter().find(|(name, _)| *name == "content-security-policy");
    (answer.body, policy.map(|(_, value)| value.clone()).unwrap_or_default())
}

#[test]
fn a_page_stands_in_for_ours_where_html_is_asked_for() {
    let page = "<!doctype html><title>{status} %s ${code}</title>";
    let mut authorizer = with_pages(json!({ "401": "./401.html" }));
    let html = |authorizer: &Authorizer, path: &str| answer(authorizer, &get(path), "text/html");
    assert!(html(&authorizer, "/a.png").0.contains("You are not signed in, or your access has expired."));
    authorizer.set_page(401, page.as_bytes()).unwrap();
    // As it is: nothing is filled in.
    let (body, policy) = html(&authorizer, "/a.png");
    assert_eq!(body, page);
    assert!(policy.starts_with("default-src 'none'; style-src 'self' 'unsafe-inline'; "), "{policy}");
    assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("script-src"), "{policy}");
    let (body, policy) = html(&authorizer, "//a.png");
    assert!(body.contains("<h1>Something is wrong with this request</h1>"), "{body}");
    assert!(policy.starts_with("default-src 'none'; img-src data:; style-src 'sha256-"), "{policy}");
    assert_eq!(answer(&authorizer, &get("/a.png"), "").0, "{\"status\":401,\"message\":\"Unauthorized\"}\n");
}

#[test]
fn head_is_answered_with_the_same_headers_and_no_content() {
    let mut authorizer = with_pages(json!({ "401": "./401.html" }));
    authorizer.set_page(401, b"<!doctype html>").unwrap();
    for accept in ["", "text/html", "text/plain"] {
        let of = |method: &str| {
            let request = Request { method: method.to_owned(), ..get("/a.png") };
            authorizer.answer_to(&refusal(decide(&authorizer, &request)), &request, accept)
        };
        let (get, head) = (of("GET"), of("HEAD"));
        assert_eq!((head.status, &head.headers, head.body.as_str()), (get.status, &get.headers, ""));
        assert_ne!(get.body, "");
    }
}
