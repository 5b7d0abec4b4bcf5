//! Cookies that other software for Amazon Cognito has left.

use edge_authorizer_core::{Authorizer, Decision, ProviderAnswer, Request};
use serde_json::{Value, json};

use crate::support::sign_in::{
    Browser, CLIENT, answer, authorizer, configuration, id_token, location, set_cookies, signed_in, told,
};
use crate::support::{NOW, code, with_header};

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

/// Threat 48: these names have no prefix that keeps other hosts of the domain out.
#[test]
fn threat_48_planted_cookies_of_cognito_software_take_no_sessions_place() {
    let sign_in = json!({ "cookieKey": { "file": "k" }, "compatibleCookies": ["cognito"] });
    let forward = json!({ "claimToHeaders": { "x-user": "sub" } });
    let authorizer = authorizer(&configuration(json!({ "signIn": sign_in, "forward": forward })));
    let prefix = format!("CognitoIdentityServiceProvider.{CLIENT}");
    let planted = |user: &str| {
        let token = id_token(NOW, json!({ "sub": user }));
        format!("{prefix}.LastAuthUser={user}; {prefix}.{user}.idToken={token}; {prefix}.{user}.refreshToken=theirs")
    };
    let mut browser = signed_in(&authorizer);
    let own: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let asked = |browser: &mut Browser<'_>, cookies: &str| {
        let request = with_header(browser.request("GET", "/a", &[]), "cookie", cookies);
        browser.send(&request, |purpose, _| panic!("{purpose}"))
    };
    browser.cookies.clear();
    for cookies in [[&planted("mallory"), &own.join("; ")[..]], [&own.join("; "), &planted("mallory")]] {
        let Decision::Forward(forward) = asked(&mut browser, &cookies.join("; ")) else { panic!("{cookies:?}") };
        assert_eq!(forward.edits.set_headers, [("x-user".to_owned(), "alice".to_owned())]);
        assert_eq!(forward.edits.cookies, Some(vec![]));
    }
    // Beside those of the person, which side comes first is the planter's choice: so neither counts.
    for cookies in [[planted("alice"), planted("mallory")], [planted("mallory"), planted("alice")]] {
        assert_eq!(code(&asked(&mut browser, &cookies.join("; "))), "credentials_missing");
    }
    // Once its token has ended, it is not refreshed.
    browser.now += 3_700.0;
    let request = with_header(browser.page("/a"), "cookie", &planted("mallory"));
    assert_eq!(told(&browser.send(&request, |purpose, _| panic!("{purpose}"))).1, "sign_in_required");
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
