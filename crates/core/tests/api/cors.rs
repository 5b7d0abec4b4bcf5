//! Cross-origin resource sharing: preflights that are answered, and refusals that scripts can read.

use edge_authorizer_core::{Answer, Authorizer, Decision, Request};
use serde_json::{Value, json};

use crate::support::{code, decide, get, refusal, secret_authorizer, with_header};

const APP: &str = "https://app.example.com";

fn sharing(cors: Value) -> Authorizer {
    let rules = json!([
        { "match": { "path": "/public/{*rest}" }, "allow": "anyone" },
        { "match": { "path": "/{*rest}" }, "allow": "authenticated" },
    ]);
    secret_authorizer(json!({ "cors": cors, "rules": rules }))
}

fn with_app(more: Value) -> Authorizer {
    let mut cors = json!({ "allowOrigins": ["http://localhost:3000", APP] });
    cors.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    sharing(cors)
}

fn options(path: &str, headers: &[(&str, &str)]) -> Request {
    let request = Request { method: "OPTIONS".to_owned(), ..get(path) };
    headers.iter().fold(request, |request, (name, value)| with_header(request, name, value))
}

fn preflight(origin: &str) -> Request {
    let asked = ("Access-Control-Request-Headers", "authorization,x-anything");
    options("/a.png", &[("Origin", origin), ("Access-Control-Request-Method", "PUT"), asked])
}

fn answered(authorizer: &Authorizer, request: &Request) -> Answer {
    let Decision::Answer(answered) = decide(authorizer, request) else { panic!("not answered") };
    let mut answer = answered.answer;
    authorizer.complete(request, &mut answer);
    answer
}

fn refused(authorizer: &Authorizer, request: &Request) -> Answer {
    authorizer.answer_to(&refusal(decide(authorizer, request)), request, "")
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    let mut values = answer.headers.iter().filter(|(header, _)| *header == name);
    let value = values.next().map(|(_, value)| value.as_str());
    assert_eq!(values.next(), None, "{name} is there twice");
    value
}

#[test]
fn a_preflight_is_answered_with_what_is_allowed() {
    let authorizer = with_app(json!({
        "allowMethods": ["GET", "PUT"], "allowHeaders": ["Authorization", "Range"], "allowCredentials": true,
        "maxAgeSeconds": 60
    }));
    let answer = answered(&authorizer, &preflight(APP));
    assert_eq!((answer.status, answer.reason, answer.body.as_str()), (204, "No Content", ""));
    let expected = [
        ("cache-control", "no-store"),
        ("access-control-allow-methods", "GET, HEAD, PUT"),
        ("access-control-allow-headers", "Authorization, Range"),
        ("access-control-max-age", "60"),
        ("vary", "origin"),
        ("access-control-allow-origin", APP),
        ("access-control-expose-headers", "www-authenticate"),
        ("access-control-allow-credentials", "true"),
    ];
    assert_eq!(answer.headers, expected.map(|(name, value)| (name, value.to_owned())));
}

#[test]
fn what_is_not_said_is_little() {
    let answer = answered(&with_app(json!({})), &preflight("http://localhost:3000"));
    assert_eq!(header(&answer, "access-control-allow-origin"), Some("http://localhost:3000"));
    assert_eq!(header(&answer, "access-control-allow-credentials"), None);
    assert_eq!(header(&answer, "access-control-allow-methods"), Some("GET, HEAD"));
    assert_eq!(header(&answer, "access-control-allow-headers"), Some("authorization"));
    assert_eq!(header(&answer, "access-control-max-age"), Some("600"));
}

#[test]
fn threat_37_options_passes_only_as_a_true_preflight_of_an_origin_that_is_allowed() {
    let authorizer = with_app(json!({ "allowMethods": ["GET", "OPTIONS", "PUT"] }));
    let asks = ("Access-Control-Request-Method", "GET");
    for headers in [
        vec![],
        vec![("Origin", APP)],
        vec![asks],
        vec![("Origin", APP), ("Access-Control-Request-Method", "")],
        vec![("Origin", APP), ("Access-Control-Request-Headers", "authorization")],
        vec![("Origin", "https://app.example.com.evil.example"), asks],
        vec![("Origin", "https://app.example.co"), asks],
        vec![("Origin", "HTTPS://APP.EXAMPLE.COM"), asks],
        vec![("Origin", "https://app.example.com/"), asks],
        vec![("Origin", "https://app.example.com:443"), asks],
        vec![("Origin", "http://app.example.com"), asks],
        vec![("Origin", "null"), asks],
        vec![("Origin", ""), asks],
        vec![("Origin", "*"), asks],
        vec![("Origin", APP), ("Origin", "https://evil.example"), asks],
        vec![("Origin", APP), ("Origin", APP), asks],
        vec![("Origin", APP), asks, asks],
    ] {
        for path in ["/a.png", "/public/a.png"] {
            assert_eq!(code(&decide(&authorizer, &options(path, &headers))), "method_not_allowed", "{headers:?}");
        }
    }
    for method in ["GET", "POST", "options", "PROPFIND"] {
        let request = Request { method: method.to_owned(), ..preflight(APP) };
        assert_ne!(code(&decide(&authorizer, &request)), "cors_preflight", "{method}");
    }
}

#[test]
fn threat_37_without_cors_no_preflight_is_answered() {
    let authorizer = secret_authorizer(json!({}));
    assert_eq!(code(&decide(&authorizer, &preflight(APP))), "method_not_allowed");
}

#[test]
fn where_the_rules_let_options_pass_other_preflights_are_the_origins_to_answer() {
    let rules = json!([{ "match": { "path": "/{*rest}", "methods": ["OPTIONS"] }, "allow": "anyone" }]);
    let authorizer = secret_authorizer(json!({ "cors": { "allowOrigins": [APP] }, "rules": rules }));
    assert_eq!(code(&decide(&authorizer, &preflight(APP))), "cors_preflight");
    assert_eq!(code(&decide(&authorizer, &preflight("https://other.example"))), "public");
}

#[test]
fn a_script_can_read_why_it_was_refused() {
    let authorizer = with_app(json!({ "exposeHeaders": ["X-Request-Id"], "allowCredentials": true }));
    let answer = refused(&authorizer, &with_header(get("/a.png"), "Origin", APP));
    assert_eq!(answer.status, 401);
    assert_eq!(header(&answer, "access-control-allow-origin"), Some(APP));
    assert_eq!(header(&answer, "access-control-allow-credentials"), Some("true"));
    assert_eq!(header(&answer, "access-control-expose-headers"), Some("www-authenticate, X-Request-Id"));
    assert_eq!(header(&answer, "vary"), Some("origin"));
    assert_eq!(header(&answer, "www-authenticate"), Some("Bearer"));
    assert_eq!(header(&answer, "access-control-allow-methods"), None);
}

#[test]
fn a_script_of_another_origin_cannot() {
    let authorizer = with_app(json!({ "allowCredentials": true }));
    for request in [get("/a.png"), with_header(get("/a.png"), "Origin", "https://evil.example")] {
        let answer = refused(&authorizer, &request);
        let about_cors: Vec<_> = answer.headers.iter().filter(|(name, _)| name.starts_with("access-control")).collect();
        assert_eq!(about_cors, Vec::<&(&str, String)>::new());
        // A cache in between must not hand this answer to a script of an origin that is allowed.
        assert_eq!(header(&answer, "vary"), Some("origin"));
    }
}

#[test]
fn any_origin_is_a_star() {
    let authorizer = sharing(json!({ "allowOrigins": ["*"] }));
    let answer = answered(&authorizer, &preflight("null"));
    assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"));
    assert_eq!(header(&answer, "access-control-allow-credentials"), None);
    assert_eq!(header(&answer, "vary"), None);
    let answer = refused(&authorizer, &with_header(get("/a.png"), "Origin", "https://anybody.example"));
    assert_eq!(header(&answer, "access-control-allow-origin"), Some("*"));
}

#[test]
fn what_passes_gets_nothing_of_this() {
    let request = with_header(get("/public/a.png"), "Origin", APP);
    let edits = |cors: Value| crate::support::edits(decide(&with_app(cors), &request)).set_headers;
    assert_eq!(edits(json!({ "allowCredentials": true })), []);
}

#[test]
fn only_where_it_is_configured_headers_of_cors_are_read() {
    assert_eq!(secret_authorizer(json!({})).headers_read(), ["authorization"]);
    let read = with_app(json!({})).headers_read();
    assert_eq!(read, ["authorization", "origin", "access-control-request-method"]);
}
