//! Several providers, and rules that name one, or send nobody away.

use edge_authorizer_core::{Authorizer, Decision};
use serde_json::{Value, json};

use crate::support::keys::{KEY, STRANGERS_KEY, key_set};
use crate::support::sign_in::{
    Browser, CLIENT, COOKIE_KEY, Url, answer, authorizer, configuration, fetch, header, told,
};

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

/// The order is the configuration's: the names of providers say nothing to people.
#[test]
fn people_choose_among_providers_in_the_order_in_which_they_are_written() {
    let provider = |name: &str| {
        format!(
            "\"{name}\": {{ \"issuer\": \"https://{name}.example\", \"audience\": \"c\", \"signIn\": {{ \"clientId\": \"c\" }} }}"
        )
    };
    for names in [["zebra", "ape", "Bee"], ["ape", "Bee", "zebra"], ["Bee", "zebra", "ape"]] {
        let text = format!(
            r#"{{ "signIn": {{ "cookieKey": {{ "file": "k" }} }}, "providers": {{ {} }},
            "rules": [{{ "match": {{ "path": "/{{*rest}}" }}, "allow": "authenticated" }}] }}"#,
            names.map(provider).join(", ")
        );
        let mut authorizer = Authorizer::new(&text).unwrap();
        authorizer.set_secret("signIn.cookieKey", COOKIE_KEY, None).unwrap();
        let choice = Browser::new(&authorizer).open("/a");
        let offered: Vec<&str> =
            answer(&choice).body.split("</a>").filter_map(|link| link.rsplit('>').next()).collect();
        assert_eq!(offered[..3], names, "{offered:?}");
    }
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
