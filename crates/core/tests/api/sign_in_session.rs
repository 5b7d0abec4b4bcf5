//! A session, its refresh, its end; several providers; rules that say otherwise.

use edge_authorizer_core::{Authorizer, Decision, ProviderAnswer, Request};
use serde_json::{Value, json};

use crate::support::keys::{KEY, STRANGERS_KEY, key_set};
use crate::support::sign_in::{
    Browser, CLIENT, Url, answer, authorizer, configuration, header, id_token, location, set_cookies, tokens, told,
};
use crate::support::tokens::{claims_with, merged, rs256, token};
use crate::support::{AUDIENCE, ISSUER, NOW, code, with_header};

fn ours() -> Authorizer {
    authorizer(&configuration(json!({})))
}

fn signed_in(authorizer: &Authorizer) -> Browser<'_> {
    let mut browser = Browser::new(authorizer);
    assert_eq!(told(&browser.sign_in("/a")), (303, "signed_in"));
    browser
}

/// Asks as a script does, to whom no redirect is sent.
fn fetch(browser: &mut Browser<'_>, url: &str) -> Decision {
    let request = browser.request("GET", url, &[("sec-fetch-mode", "cors")]);
    browser.send(&request, |purpose, _| panic!("{purpose}"))
}

fn session_cookies(browser: &Browser<'_>) -> Vec<String> {
    browser.cookies.keys().filter(|name| name.contains("session")).cloned().collect()
}

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

#[test]
fn what_a_refresh_makes_smaller_leaves_no_cookie_behind() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    let at_provider = Url::of(&browser.open("/a"));
    browser.come_back(&at_provider, json!({ "refresh_token": "r".repeat(7_000) }));
    browser.now += 3_500.0;
    let request = browser.page("/a");
    let id_token = id_token(browser.now, json!({}));
    let refreshed = browser.send(&request, |_, _| tokens(json!({ "id_token": id_token })));
    assert_eq!(told(&refreshed), (307, "session_refreshed"));
    assert_eq!(session_cookies(&browser).len(), 1);
    assert_eq!(told(&fetch(&mut browser, "/a")).1, "allowed");
}

#[test]
fn a_refresh_is_of_the_same_person_and_keeps_the_end_of_the_session() {
    let authorizer = ours();
    let mut browser = signed_in(&authorizer);
    browser.now += 3_500.0;
    let request = browser.page("/a");
    let mallory = id_token(browser.now, json!({ "sub": "mallory" }));
    let answered = |id_token: &str| tokens(json!({ "id_token": id_token }));
    // The old token is still good, and is kept.
    assert_eq!(told(&browser.send(&request, |_, _| answered(&mallory))).1, "allowed");
    let alice = id_token(browser.now, json!({ "exp": NOW as u64 + 700_000 }));
    assert_eq!(told(&browser.send(&request, |_, _| answered(&alice))).1, "session_refreshed");
    browser.now = NOW + 604_799.0;
    assert_eq!(told(&fetch(&mut browser, "/a")).1, "allowed");
    browser.now = NOW + 604_800.0;
    assert_eq!(told(&fetch(&mut browser, "/a")), (401, "session_invalid"));
}

#[test]
fn tokens_that_live_too_short_do_not_make_a_loop_of_refreshes() {
    let authorizer = ours();
    let mut browser = signed_in(&authorizer);
    browser.now += 3_500.0;
    let request = browser.page("/a");
    let id_token = id_token(browser.now, json!({ "exp": browser.now as u64 + 100 }));
    assert_eq!(told(&browser.send(&request, |_, _| tokens(json!({ "id_token": id_token })))).1, "session_refreshed");
    assert_eq!(told(&browser.open("/a")).1, "allowed");
    browser.now += 29.0;
    assert_eq!(told(&browser.open("/a")).1, "allowed");
}

#[test]
fn signing_in_again_and_again_ends_in_a_page() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    for _ in 0..3 {
        assert_eq!(told(&browser.sign_in("/a?b=c")), (303, "signed_in"));
        // The session does not hold.
        let session = session_cookies(&browser);
        browser.cookies.retain(|name, _| !session.contains(name));
        browser.now += 1.0;
    }
    let page = browser.open("/a?b=c");
    assert_eq!(told(&page), (403, "sign_in_loop"));
    assert!(answer(&page).body.contains("/parseauth?to=%2Fa%3Fb%3Dc"));
    // Who tries again by hand, or a minute later, may.
    assert_eq!(told(&browser.open("/a")).1, "sign_in_required");
}

#[test]
fn a_page_of_the_users_own_has_the_only_style_that_counts() {
    let plain = ours();
    let of = |authorizer: &Authorizer| {
        let page = Browser::new(authorizer).open("/signout/done");
        let answer = answer(&page);
        (answer.body.clone(), header(answer, "content-security-policy").unwrap().to_owned())
    };
    let (body, policy) = of(&plain);
    assert!(body.contains("<h1>Signed out</h1>") && !body.contains("{{"), "{body}");
    assert!(policy.contains("style-src 'sha256-") && !policy.contains("'nonce-"), "{policy}");

    let sign_in = json!({ "cookieKey": { "file": "k" }, "page": { "file": "page.html" } });
    let mut own = authorizer(&configuration(json!({ "signIn": sign_in })));
    let template = b"<style nonce=\"{{nonce}}\">p{}</style><p class={{code}}>{{title}} {{text}}{{links}}";
    own.set_secret("signIn.page", template, None).unwrap();
    let (body, policy) = of(&own);
    let nonce = body.strip_prefix("<style nonce=\"").and_then(|rest| rest.split_once('"')).unwrap().0;
    assert_eq!(nonce.len(), 16, "{body}");
    assert!(policy.contains(&format!("style-src 'nonce-{nonce}'; ")) && !policy.contains("sha256"), "{policy}");
    assert!(
        body.ends_with("<p class=signed_out>Signed out You are signed out.<a href=\"/parseauth\">Sign in</a>\n"),
        "{body}"
    );
}

/// Signed in as the wrong person, one has to get out again.
#[test]
fn whoever_may_not_see_a_page_is_offered_the_sign_out() {
    let rules = json!([
        { "match": { "path": "/a" }, "allow": "authenticated" },
        { "match": { "path": "/admins/{*rest}" }, "requires": { "group": "admins" } },
    ]);
    let authorizer = authorizer(&configuration(json!({ "rules": rules })));
    let body = |request: &Request, decision: Decision| match decision {
        Decision::Refuse(refused) => authorizer.answer_to(&refused.refusal, request, "text/html").body,
        other => panic!("{other:?}"),
    };
    let mut browser = signed_in(&authorizer);
    let request = browser.page("/admins/a");
    let denied = browser.send(&request, |_, _| panic!());
    assert!(body(&request, denied).contains("<a href=\"/signout\">Sign out</a>"));
    browser.cookies.clear();
    let request = browser.page("/other");
    let denied = browser.send(&request, |_, _| panic!());
    let page = body(&request, denied);
    assert!(page.contains("<h1>No access</h1>") && !page.contains("<a "), "{page}");
}

/// Whoever goes to and fro between pages of two providers does so, and sees them.
#[test]
fn signing_in_for_one_page_and_another_is_no_loop() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    for _ in 0..4 {
        for page in ["/a", "/b"] {
            assert_eq!(told(&browser.sign_in(page)), (303, "signed_in"));
            let session = session_cookies(&browser);
            browser.cookies.retain(|name, _| !session.contains(name));
        }
    }
}

/// A script that is told 401, and leads the browser to the sign-in for that, makes a loop just as well.
#[test]
fn a_link_to_the_sign_in_again_and_again_ends_in_a_page() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    for _ in 0..3 {
        assert_eq!(told(&browser.sign_in("/parseauth?to=%2Fa")), (303, "signed_in"));
    }
    let page = browser.open("/parseauth?to=%2Fa");
    assert_eq!(told(&page), (403, "sign_in_loop"));
    assert!(answer(&page).body.contains("/parseauth?to=%2Fa\""), "{}", answer(&page).body);
    assert_eq!(told(&browser.open("/parseauth?to=%2Fa")).1, "sign_in_required");
}

/// Threat 52: redirect URI per provider.
#[test]
fn threat_52_each_of_several_providers_has_a_way_back_of_its_own() {
    let provider = |name: &str, key: Value| json!({ "issuer": format!("https://{name}.example"), "audience": CLIENT, "jwks": key_set(&[key]), "signIn": { "clientId": CLIENT, "title": format!("The <{name}>") } });
    let providers = json!({ "one": provider("one", KEY.jwk("k1")), "two": provider("two", STRANGERS_KEY.jwk("k1")) });
    let rules = json!([
        { "name": "two", "match": { "path": "/two/{*rest}" }, "allow": "authenticated", "signIn": "two" },
        { "name": "any", "match": { "path": "/{*rest}" }, "allow": "authenticated" },
    ]);
    let authorizer = authorizer(&configuration(json!({ "providers": providers, "rules": rules })));
    let mut browser = Browser::new(&authorizer);
    let choice = browser.open("/a?b=c");
    assert_eq!(told(&choice), (401, "sign_in_choice"));
    assert_eq!(header(answer(&choice), "www-authenticate"), Some("Bearer"));
    for link in [
        "<a href=\"/parseauth/one?to=%2Fa%3Fb%3Dc\">The &lt;one&gt;</a>",
        "<a href=\"/parseauth/two?to=%2Fa%3Fb%3Dc\">",
    ] {
        assert!(answer(&choice).body.contains(link), "{}", answer(&choice).body);
    }
    browser.metadata["issuer"] = json!("https://one.example");
    let at_one = Url::of(&browser.open("/parseauth/one?to=/a"));
    assert_eq!(at_one.get("redirect_uri"), "https://images.example/parseauth/one");
    // The answer of one at the way back from the other.
    let mixed = browser.open(&format!("/parseauth/two?code=c&state={}", at_one.get("state")));
    assert_eq!(told(&mixed), (400, "sign_in_failed"));
    assert_eq!(told(&browser.open("/parseauth/three")), (403, "no_rule"));

    browser.metadata["issuer"] = json!("https://two.example");
    let at_two = Url::of(&browser.open("/two/x"));
    assert_eq!(at_two.get("redirect_uri"), "https://images.example/parseauth/two");
}

/// Threat 53: by rule.
#[test]
fn threat_53_a_rule_may_send_nobody_away() {
    let rules = json!([
        { "name": "api", "match": { "path": "/api/{*rest}" }, "allow": "authenticated", "signIn": false },
        { "name": "hidden", "match": { "path": "/hidden/{*rest}" }, "allow": "authenticated", "onFailure": "notFound" },
        { "name": "open", "match": { "path": "/open/{*rest}" }, "allow": "anyone" },
        { "name": "all", "match": { "path": "/{*rest}" }, "allow": "authenticated" },
    ]);
    let authorizer = authorizer(&configuration(json!({ "rules": rules })));
    let mut browser = Browser::new(&authorizer);
    assert_eq!(told(&browser.open("/api/x")), (401, "credentials_missing"));
    assert_eq!(told(&browser.open("/hidden/x")), (404, "credentials_missing"));
    assert_eq!(told(&browser.open("/open/x")).1, "public");
    assert_eq!(told(&browser.open("/x")).1, "sign_in_required");
    browser.sign_in("/x");
    for path in ["/api/x", "/hidden/x", "/x"] {
        assert_eq!(told(&fetch(&mut browser, path)).1, "allowed");
    }
    let Decision::Forward(forward) = browser.open("/open/x") else { panic!() };
    assert_eq!(forward.edits.cookies, Some(vec![]), "cookies of the sign-in stay here on public paths, too");
}

#[test]
fn a_refreshed_page_keeps_its_whole_address() {
    let authorizer = ours();
    let mut browser = Browser::new(&authorizer);
    browser.sign_in("/a");
    browser.now += 3_500.0;
    let query = ["file=C:\\1&", &"x".repeat(7_000)].concat();
    let request = browser.page(&["/a?", &query].concat());
    let id_token = id_token(browser.now, json!({}));
    let refreshed = browser.send(&request, |_, _| tokens(json!({ "id_token": id_token })));
    assert_eq!(told(&refreshed), (307, "session_refreshed"));
    assert_eq!(location(&refreshed), ["/a?", &query].concat().replace('\\', "%5C"));
}

#[test]
fn clocks_that_differ_a_little_are_no_reason_to_fail() {
    for (grace, good) in [(None, 5.0), (Some(0), 0.0), (Some(60), 60.0)] {
        let mut configuration = configuration(json!({}));
        if let Some(grace) = grace {
            configuration["providers"]["issuer"]["graceSeconds"] = json!(grace);
        }
        let authorizer = authorizer(&configuration);
        for (behind, code) in [(good, "signed_in"), (good + 0.1, "sign_in_failed")] {
            let mut browser = Browser::new(&authorizer);
            let at_provider = Url::of(&browser.open("/a"));
            let claims = json!({ "nonce": at_provider.get("nonce"), "iat": NOW + behind });
            let back = browser.come_back(&at_provider, json!({ "id_token": id_token(NOW, claims) }));
            assert_eq!(told(&back).1, code, "{grace:?} {behind}");
        }
    }
}

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

#[test]
fn cookies_of_cognito_software_are_read_where_that_is_said() {
    let with = |compatible: Value| {
        let sign_in = json!({ "cookieKey": { "file": "k" }, "compatibleCookies": compatible });
        authorizer(&configuration(json!({ "signIn": sign_in })))
    };
    let token = id_token(NOW, json!({}));
    let prefix = format!("CognitoIdentityServiceProvider.{CLIENT}");
    let cookies = |last: &str| {
        format!("{prefix}.LastAuthUser={last}; {prefix}.alice.idToken={token}; {prefix}.alice.accessToken=a.b.c; x=1")
    };
    let asked = |authorizer: &Authorizer, cookies: &str| {
        let mut browser = Browser::new(authorizer);
        let request: Request = with_header(browser.request("GET", "/a", &[]), "cookie", cookies);
        browser.send(&request, |_, _| panic!())
    };
    let authorizer = with(json!(["cognito"]));
    let Decision::Forward(forward) = asked(&authorizer, &cookies("alice")) else { panic!() };
    assert_eq!(forward.edits.cookies, Some(vec!["x=1".to_owned()]));
    assert_eq!(code(&asked(&authorizer, &cookies("bob"))), "credentials_missing");
    let twice = format!("{}; {prefix}.alice.idToken=other", cookies("alice"));
    assert_eq!(code(&asked(&authorizer, &twice)), "credentials_missing");
    assert_eq!(code(&asked(&authorizer, &cookies("alice").replace(&token, "x.y.z"))), "token_malformed");
    assert_eq!(code(&asked(&with(json!([])), &cookies("alice"))), "credentials_missing");
}

/// The shapes that AWS Amplify (js-cookie), cloudfront-authorization-at-edge and cognito-at-edge give the cookies of a user whose
/// name is an e-mail address, or comes from another provider.
#[test]
fn cookies_of_cognito_software_are_found_however_the_user_is_encoded() {
    let sign_in = json!({ "cookieKey": { "file": "k" }, "compatibleCookies": ["cognito"] });
    let authorizer = authorizer(&configuration(json!({ "signIn": sign_in })));
    let token = id_token(NOW, json!({}));
    let prefix = format!("CognitoIdentityServiceProvider.{CLIENT}");
    let asked = |last: &str, user: &str| {
        let rest = format!(
            "{prefix}.{user}.accessToken=a.b.c; {prefix}.{user}.refreshToken=r; {prefix}.{user}.tokenScopesString=openid%20email; {prefix}.{user}.userData=%7B%7D; amplify-signin-with-hostedUI=true"
        );
        let cookies = format!("{prefix}.{user}.idToken={token}; {prefix}.LastAuthUser={last}; {rest}");
        let mut browser = Browser::new(&authorizer);
        let request = with_header(browser.request("GET", "/a", &[]), "cookie", &cookies);
        code(&browser.send(&request, |_, _| panic!()))
    };
    for (last, user) in [
        // cloudfront-authorization-at-edge
        ("alice@example.com", "alice@example.com"),
        ("5f2b1c3e-0a4d-4e7b-9a51-7c1de0c9a001", "5f2b1c3e-0a4d-4e7b-9a51-7c1de0c9a001"),
        ("Google_1234567890", "Google_1234567890"),
        // cognito-at-edge
        ("alice%40example.com", "alice%40example.com"),
        // Amplify
        ("alice@example.com", "alice%40example.com"),
        ("alice+work@example.com", "alice+work%40example.com"),
        ("j%C3%BCrgen", "j%C3%BCrgen"),
        ("100%", "100%"),
    ] {
        assert_eq!(asked(last, user), "allowed", "{last} {user}");
    }
    for (last, user) in [("alice", "alice.b"), ("alice.b", "alice"), ("", "alice"), ("%61lice", "bob")] {
        assert_eq!(asked(last, user), "credentials_missing", "{last} {user}");
    }
}

/// Threat 55: what an older session has left would still be good.
#[test]
fn threat_55_signing_out_ends_a_session_of_cognito_software_as_well() {
    let sign_in = json!({ "cookieKey": { "file": "k" }, "compatibleCookies": ["cognito"] });
    let authorizer = authorizer(&configuration(json!({ "signIn": sign_in })));
    let prefix = format!("CognitoIdentityServiceProvider.{CLIENT}");
    let cookies = format!(
        "{prefix}.LastAuthUser=alice; {prefix}.alice.idToken={}; {prefix}.alice.refreshToken=the-old-one; {prefix}.a\u{e9}=1; x=1",
        id_token(NOW, json!({}))
    );
    let mut browser = Browser::new(&authorizer);
    let request = with_header(browser.page("/signout"), "cookie", &cookies);
    let mut revoked = String::new();
    let out = browser.send(&request, |_, fetch| {
        revoked.clone_from(&fetch.body);
        ProviderAnswer { status: 200, body: String::new() }
    });
    assert_eq!(told(&out), (303, "signed_out"));
    assert!(revoked.contains("token=the-old-one&"), "{revoked}");
    assert!(location(&out).starts_with("https://login.example/logout?"));
    for name in ["LastAuthUser", "alice.idToken", "alice.refreshToken"] {
        for end in ["", "; Domain=images.example"] {
            let cleared = format!("{prefix}.{name}=; Max-Age=0; Path=/; Secure{end}");
            assert!(set_cookies(answer(&out)).contains(&cleared.as_str()), "{cleared}");
        }
    }
    assert!(set_cookies(answer(&out)).iter().all(|cookie| cookie.is_ascii() && !cookie.starts_with("x=")));
}

#[test]
fn what_a_configuration_of_the_sign_in_is_refused_for() {
    let provider = |client: Value| json!({ "providers": { "issuer": { "issuer": ISSUER, "audience": AUDIENCE, "jwks": key_set(&[KEY.jwk("k1")]), "signIn": client } } });
    let sign_in = |changes: Value| json!({ "signIn": merged(json!({ "cookieKey": { "file": "k" } }), changes) });
    for (changes, place) in [
        (json!({ "signIn": {} }), "signIn.cookieKey"),
        (sign_in(json!({ "redirectPathSignIn": "parseauth" })), "signIn.redirectPathSignIn"),
        (sign_in(json!({ "signOutUrl": "/parseauth" })), "signIn"),
        (sign_in(json!({ "signOutUrl": "/parseauth/out" })), "signIn"),
        (sign_in(json!({ "cookieSettings": { "sameSite": "Strict" } })), "signIn.cookieSettings.sameSite"),
        (sign_in(json!({ "cookieSettings": { "domain": "a b" } })), "signIn.cookieSettings.domain"),
        (sign_in(json!({ "attemptMaxAgeSeconds": 29 })), "signIn.attemptMaxAgeSeconds"),
        (sign_in(json!({ "sessionMaxAgeSecond": 60 })), "signIn.sessionMaxAgeSecond"),
        (provider(json!({})), "providers.issuer.signIn.clientId"),
        (provider(json!({ "clientId": "c", "oauthScopes": ["email"] })), "providers.issuer.signIn.oauthScopes"),
        (
            provider(json!({ "clientId": "c", "authorizeParameters": { "state": "x" } })),
            "providers.issuer.signIn.authorizeParameters",
        ),
        (
            provider(json!({ "clientId": "c", "clientAuthentication": "client_secret_post" })),
            "providers.issuer.signIn.clientSecret",
        ),
        (
            json!({ "rules": [{ "match": { "path": "/a" }, "allow": "authenticated", "signIn": "nobody" }] }),
            "rules[0].signIn",
        ),
    ] {
        let problems = crate::support::problems(&configuration(changes.clone()));
        assert!(problems.iter().any(|problem| problem.starts_with(&format!("{place}: "))), "{changes}: {problems:?}");
    }
}
