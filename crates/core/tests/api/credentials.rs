//! Where a token is looked for, which of several counts, and what is taken out before a request goes on.

use edge_authorizer_core::{Authorizer, Request};
use serde_json::{Value, json};

use crate::support::tokens::{claims, claims_with, hs256};
use crate::support::{bearer, code, decide, edits, get, refusal, secret_authorizer, with_header};

/// Every kind of source, and a public path.
fn everywhere() -> Authorizer {
    secret_authorizer(configuration())
}

fn configuration() -> Value {
    json!({
        "token": [
            { "header": "authorization", "scheme": "Bearer" },
            { "header": "X-Token" },
            { "query": "token" },
            { "query": "jwt" },
            { "cookie": "token" },
        ],
        "rules": [
            { "name": "public", "match": { "path": "/public/{*rest}" }, "allow": "anyone" },
            { "name": "rest", "match": { "path": "/{*rest}" }, "allow": "authenticated" },
        ],
    })
}

fn token() -> String {
    hs256(&claims())
}

fn another_token() -> String {
    hs256(&claims_with(json!({ "sub": "bob" })))
}

fn with_query(query: &str) -> Request {
    Request { query: query.to_owned(), ..get("/a.png") }
}

fn with_headers(headers: &[(&str, &str)]) -> Request {
    headers.iter().fold(get("/a.png"), |request, (name, value)| with_header(request, name, value))
}

/// `token` once in each place where it may be.
fn in_each_place(token: &str) -> Vec<Request> {
    vec![
        with_headers(&[("Authorization", &format!("Bearer {token}"))]),
        with_headers(&[("authorization", &format!("bearer   {token} "))]),
        with_headers(&[("x-token", token)]),
        with_headers(&[("X-Token", &format!(" {token} "))]),
        with_query(&format!("token={token}")),
        with_query(&format!("a=1&jwt={token}&b=2")),
        with_query(&format!("t%6fken={token}")),
        with_query(&format!("token={}", token.replace('.', "%2E"))),
        with_headers(&[("cookie", &format!("token={token}"))]),
        with_headers(&[("cookie", &format!("a=1; token=\"{token}\"; b=2"))]),
        with_headers(&[("cookie", "a=1"), ("cookie", &format!("b=2;token={token}"))]),
    ]
}

#[test]
fn a_token_is_found_in_each_place() {
    for request in in_each_place(&token()) {
        assert_eq!(code(&decide(&everywhere(), &request)), "allowed", "{request:?}");
    }
}

#[test]
fn a_token_is_found_in_no_other_place() {
    let token = token();
    for request in [
        get("/a.png"),
        with_headers(&[("authorization", &token)]),
        with_headers(&[("authorization", &format!("Basic {token}"))]),
        with_headers(&[("authorization", &format!("BearerX {token}"))]),
        with_headers(&[("authorization", &format!("Bearer{token}"))]),
        with_headers(&[("authorization", "Bearer")]),
        with_headers(&[("authorization", "Bearer ")]),
        with_headers(&[("authorization", "")]),
        with_headers(&[("token", &token)]),
        with_headers(&[("x_token", &token)]),
        with_headers(&[("x-forwarded-authorization", &format!("Bearer {token}"))]),
        with_headers(&[("cookie", &format!("Token={token}; tokens={token}; xtoken={token}"))]),
        with_headers(&[("cookie", "token=; a=token")]),
        with_query(&format!("Token={token}&tokens={token}&a=token={token}&token")),
        with_query("token=&jwt="),
    ] {
        assert_eq!(code(&decide(&everywhere(), &request)), "credentials_missing", "{request:?}");
    }
    let detail = refusal(decide(&everywhere(), &get("/a.png"))).detail;
    assert_eq!(
        detail,
        "no token in header `authorization`, header `x-token`, query parameter `token`, query parameter `jwt`, cookie `token`"
    );
}

#[test]
fn where_nothing_is_configured_only_a_bearer_header_counts() {
    let authorizer = secret_authorizer(json!({}));
    let codes: Vec<_> = in_each_place(&token()).iter().map(|request| code(&decide(&authorizer, request))).collect();
    assert_eq!(codes[..2], ["allowed", "allowed"]);
    assert!(codes[2..].iter().all(|code| *code == "credentials_missing"), "{codes:?}");
}

#[test]
fn threat_42_two_different_tokens_are_ambiguous_wherever_they_are() {
    let (authorizer, token) = (everywhere(), token());
    for other in [another_token(), "x".to_owned(), format!("{token}x")] {
        for one in in_each_place(&token) {
            for another in in_each_place(&other) {
                let query = [one.query.as_str(), &another.query].join("&");
                let headers = [one.headers.clone(), another.headers.clone()].concat();
                let request = Request { query, headers, ..one.clone() };
                assert_eq!(code(&decide(&authorizer, &request)), "credentials_ambiguous", "{request:?}");
            }
        }
    }
}

#[test]
fn threat_42_the_same_token_in_every_place_is_one() {
    let token = token();
    let all = in_each_place(&token);
    let request = Request {
        query: format!("token={token}&jwt={token}&token={token}"),
        headers: all.iter().skip(2).flat_map(|request| request.headers.clone()).collect(),
        ..get("/a.png")
    };
    assert_eq!(
        code(&decide(&everywhere(), &with_header(request, "authorization", &format!("Bearer {token}")))),
        "allowed"
    );
}

#[test]
fn threat_42_two_authorization_headers_that_differ_are_ambiguous() {
    let (authorizer, token) = (everywhere(), token());
    let good = format!("Bearer {token}");
    for other in ["Basic dXNlcjpwYXNz", "Bearer ", "", "Bearer x", "bearer"] {
        for pair in [[good.as_str(), other], [other, good.as_str()]] {
            let request = with_headers(&pair.map(|value| ("authorization", value)));
            assert_eq!(code(&decide(&authorizer, &request)), "credentials_ambiguous", "{pair:?}");
        }
    }
    assert_eq!(
        code(&decide(&authorizer, &with_headers(&[("authorization", &good), ("Authorization", &good)]))),
        "allowed"
    );
}

#[test]
fn threat_43_tokens_are_taken_out_of_what_goes_on() {
    let token = token();
    for path in ["/a.png", "/public/a.png"] {
        let request = Request {
            query: format!("a=%41&token={token}&b=+&%6awt={token}&c&tok%65n={token}&&d="),
            ..bearer(path, &token)
        };
        let request = with_header(request, "Cookie", &format!("a=1; token={token};b=\u{e9}"));
        let request = with_header(request, "Cookie", &format!("token={token}"));
        let edits = edits(decide(&everywhere(), &request));
        assert_eq!(edits.remove_headers, ["authorization", "x-token"], "{path}");
        assert_eq!(edits.query.as_deref(), Some("a=%41&b=+&c&&d="), "{path}");
        assert_eq!(edits.cookies, Some(vec!["a=1; b=\u{e9}".to_owned()]), "{path}");
        assert_eq!(edits.set_headers, [], "{path}");
    }
}

/// What was sent in vain is a credential too.
#[test]
fn threat_43_what_is_no_token_is_taken_out_as_well() {
    let request = Request { query: "token=&jwt=x;y&token=%zz".to_owned(), ..get("/public/a.png") };
    let request = with_header(request, "cookie", "token; token=; token=%%");
    let edits = edits(decide(&everywhere(), &with_header(request, "authorization", "Basic eDp5")));
    assert_eq!((edits.query.as_deref(), edits.cookies), (Some(""), Some(vec![])));
    assert!(edits.remove_headers.contains(&"authorization".to_owned()));
}

#[test]
fn what_has_no_token_in_it_stays_byte_for_byte() {
    let request = Request { query: "a=%zz&b=\u{e9}&c=%41+;&&".to_owned(), ..bearer("/a.png", &token()) };
    let edits = edits(decide(&everywhere(), &with_header(request, "cookie", "a=1;b=2 ;; c=\"x\"")));
    assert_eq!((edits.query, edits.cookies), (None, None));
}

/// A name that the origin may read as `token` cannot be taken out for certain.
#[test]
fn threat_29_a_query_whose_names_have_two_readings_is_refused() {
    for name in ["%zz", "tok%", "%2574oken", "tok%2565n", "a;token", "t\u{f6}ken", "%ff", "%C0%AF"] {
        for path in ["/a.png", "/public/a.png"] {
            for query in [format!("{name}=x"), format!("a=1&{name}"), format!("{name}=x&token={}", token())] {
                let request = Request { query: query.clone(), ..get(path) };
                assert_eq!(code(&decide(&everywhere(), &request)), "request_malformed", "{path}?{query}");
            }
        }
    }
    // Where nothing is read from the query, its form is the origin's business.
    let request = Request { query: "%zz;token=x".to_owned(), ..bearer("/a.png", &token()) };
    assert_eq!(code(&decide(&secret_authorizer(json!({})), &request)), "allowed");
}

#[test]
fn with_strip_credentials_off_nothing_is_taken_out() {
    let authorizer = secret_authorizer(crate::support::tokens::merged(
        configuration(),
        json!({ "forward": { "stripCredentials": false } }),
    ));
    for request in in_each_place(&token()) {
        assert_eq!(edits(decide(&authorizer, &request)), Default::default(), "{request:?}");
    }
}

#[test]
fn with_authorization_off_every_request_passes_without_its_tokens() {
    let authorizer =
        secret_authorizer(crate::support::tokens::merged(configuration(), json!({ "authorization": "off" })));
    for request in
        in_each_place("no token").into_iter().chain([get("/a//b"), Request { method: "PURGE".into(), ..get("") }])
    {
        let decision = decide(&authorizer, &request);
        assert_eq!(code(&decision), "authorization_off", "{request:?}");
        assert_eq!(edits(decision).remove_headers, ["authorization", "x-token"]);
    }
}

#[test]
fn an_adapter_is_told_which_headers_to_read() {
    assert_eq!(everywhere().headers_read(), ["authorization", "x-token", "cookie"]);
    assert_eq!(secret_authorizer(json!({ "token": [{ "query": "jwt" }] })).headers_read(), ["authorization"]);
}

/// oauth2-proxy CVE-2026-40575: what a proxy in front may have written says nothing here.
#[test]
fn threat_35_headers_that_rewrite_a_request_are_never_read() {
    let rewriting = [
        ("x-original-url", "/public/a.png"),
        ("x-rewrite-url", "/public/a.png"),
        ("x-forwarded-uri", "/public/a.png"),
        ("x-http-method-override", "GET"),
        ("x-http-method", "GET"),
        ("x-method-override", "GET"),
        ("forwarded", "for=127.0.0.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-real-ip", "127.0.0.1"),
    ];
    assert_eq!(code(&decide(&everywhere(), &with_headers(&rewriting))), "credentials_missing");
    let post = Request { method: "POST".to_owned(), ..with_headers(&rewriting) };
    assert_eq!(code(&decide(&everywhere(), &post)), "method_not_allowed");
}

#[test]
fn threat_47_range_conditional_and_websocket_requests_are_decided_like_others() {
    let special = [
        ("range", "bytes=0-1"),
        ("if-none-match", "*"),
        ("if-modified-since", "Sat, 01 Jan 2000 00:00:00 GMT"),
        ("if-range", "\"x\""),
        ("upgrade", "websocket"),
        ("connection", "upgrade"),
        ("sec-websocket-key", "eA=="),
    ];
    assert_eq!(code(&decide(&everywhere(), &with_headers(&special))), "credentials_missing");
}
