//! A session: what begins one, what it holds, and what is none.

use serde_json::{Value, json};

use crate::support::keys::{KEY, STRANGERS_KEY, key_set};
use crate::support::sign_in::{
    Browser, CLIENT, Url, answer, authorizer, configuration, fetch, ours, session_cookies, set_cookies, signed_in, told,
};
use crate::support::tokens::{claims_with, rs256, token};
use crate::support::{AUDIENCE, ISSUER, with_header};

/// Threat 48: same-name duplicates, and cookies that others have planted.
#[test]
fn threat_48_a_session_that_is_not_whole_or_not_ours_is_none() {
    let authorizer = ours();
    let mut browser = signed_in(&authorizer);
    let good = browser.cookies.clone();
    let name = session_cookies(&browser)[0].clone();
    let value = good[&name].clone();
    let mut other = Browser::new(&authorizer);
    other.sign_in("/b");
    let others = other.cookies[&name].clone();
    for cookie in [
        format!("{name}={value}; {name}={others}"),
        format!("{name}={others}; {name}={value}"),
        format!("{name}={value}; {name}={value}"),
        format!("{name}={value}; {name}="),
        format!("{name}={}", &value[..value.len() - 1]),
        format!("{name}=2{}", &value[1..]),
        format!("{name}=0{}", &value[1..]),
        format!("{name}="),
        format!("{name}={}", rs256(&claims_with(json!({})))),
        format!("{}={value}", name.replace("-0", "-1")),
        format!("{}={value}", name.replace("-0", "-3")),
        format!("{}={value}", name.replace("-0", "-x")),
    ] {
        browser.cookies.clear();
        let request = with_header(browser.request("GET", "/a", &[]), "cookie", &cookie);
        assert_eq!(told(&browser.send(&request, |_, _| panic!())), (401, "session_invalid"), "{cookie}");
    }
    // Cookies without the prefix could have been planted by a subdomain, or over http.
    for planted in
        [name.replace("__Host-", ""), name.replace("__Host-", "__Secure-"), name.replace("__Host-", "__host-")]
    {
        let request = with_header(browser.request("GET", "/a", &[]), "cookie", &format!("{planted}={value}"));
        assert_eq!(told(&browser.send(&request, |_, _| panic!())), (401, "credentials_missing"), "{planted}");
    }
    browser.cookies = good;
    assert_eq!(told(&fetch(&mut browser, "/a")).1, "allowed");
}

/// Threat 56: any token taken as a session. What is in a session is verified like any other token.
#[test]
fn threat_56_the_token_in_a_session_is_verified_with_each_request() {
    let mut authorizer = ours();
    let cookies = {
        let mut browser = signed_in(&authorizer);
        assert_eq!(told(&fetch(&mut browser, "/a")).1, "allowed");
        browser.cookies
    };
    // The provider takes its key out.
    authorizer.set_key_set("issuer", &key_set(&[STRANGERS_KEY.jwk("k1")]).to_string(), None).unwrap();
    let mut browser = Browser::new(&authorizer);
    browser.cookies = cookies;
    assert_eq!(told(&fetch(&mut browser, "/a")), (401, "signature_invalid"));
    assert_eq!(told(&browser.open("/a")).1, "sign_in_required");
}

#[test]
fn threat_56_a_session_begins_only_with_a_token_that_will_be_taken() {
    let authorizer = authorizer(&configuration(json!({ "providers": { "issuer": {
        "issuer": ISSUER, "audience": AUDIENCE, "jwks": key_set(&[KEY.jwk("k1")]), "signIn": { "clientId": CLIENT },
    } } })));
    let access = |changes: Value| rs256(&claims_with(changes));
    for (access, expected) in [
        (access(json!({})), "signed_in"),
        (access(json!({ "aud": "others" })), "sign_in_failed"),
        (access(json!({ "sub": "mallory" })), "sign_in_failed"),
        (access(json!({ "sub": ["alice"] })), "sign_in_failed"),
        (token(&json!({ "alg": "RS256", "kid": "k1" }), &claims_with(json!({})), &*STRANGERS_KEY), "sign_in_failed"),
        ("opaque".to_owned(), "sign_in_failed"),
    ] {
        let mut browser = Browser::new(&authorizer);
        let at_provider = Url::of(&browser.open("/a"));
        let back = browser.come_back(&at_provider, json!({ "access_token": access }));
        assert_eq!(told(&back).1, expected, "{access}");
        assert_eq!(session_cookies(&browser).is_empty(), expected != "signed_in");
    }
}

/// Threat 42: two sources with different tokens.
#[test]
fn threat_42_a_token_in_the_query_beside_a_session_is_ambiguous_and_one_in_a_header_counts() {
    let token_sources =
        json!([{ "header": "authorization", "scheme": "Bearer" }, { "query": "token" }, { "cookie": "t" }]);
    let authorizer = authorizer(&configuration(json!({ "token": token_sources })));
    let mut browser = signed_in(&authorizer);
    let bobs = rs256(&claims_with(json!({ "sub": "bob" })));
    let bearer = with_header(browser.request("GET", "/a", &[]), "authorization", &format!("Bearer {bobs}"));
    assert_eq!(told(&browser.send(&bearer, |_, _| panic!())).1, "allowed");
    let bad = with_header(browser.page("/a"), "authorization", "Bearer x.y.z");
    assert_eq!(told(&browser.send(&bad, |_, _| panic!())), (401, "token_malformed"));
    assert_eq!(told(&fetch(&mut browser, &format!("/a?token={bobs}"))), (400, "credentials_ambiguous"));
    browser.cookies.insert("t".to_owned(), bobs.clone());
    assert_eq!(told(&fetch(&mut browser, "/a")), (400, "credentials_ambiguous"));
}

/// Threat 54: a session that no cookie can hold.
#[test]
fn threat_54_a_session_is_split_and_refused_where_it_is_too_large() {
    let authorizer = ours();
    for (bytes, expected) in [(100, 1), (4_500, 2), (9_000, 3), (12_000, 0)] {
        let mut browser = Browser::new(&authorizer);
        let at_provider = Url::of(&browser.open("/a"));
        let back = browser.come_back(&at_provider, json!({ "refresh_token": "r".repeat(bytes) }));
        assert_eq!(session_cookies(&browser).len(), expected, "{bytes}");
        for cookie in set_cookies(answer(&back)) {
            assert!(cookie.len() <= 4_096, "{}", cookie.len());
        }
        if expected == 0 {
            assert_eq!(told(&back), (400, "sign_in_failed"));
        } else {
            assert_eq!(told(&fetch(&mut browser, "/a")).1, "allowed");
        }
    }
}
