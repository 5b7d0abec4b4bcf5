//! Which parts of the module a zip can be made without.

use edge_authorizer_core::Authorizer;
use serde_json::{Value, json};

use crate::support::tokens::merged;

/// What a configuration with this provider uses, of everything there is.
fn used(provider: Value, changes: Value) -> Vec<&'static str> {
    let provider = merged(json!({ "issuer": "https://issuer.example", "audience": "a" }), provider);
    let configuration = json!({
        "providers": { "p": provider },
        "rules": [{ "match": { "path": "/a" }, "allow": "authenticated" }],
    });
    let authorizer = Authorizer::new(&merged(configuration, changes).to_string()).unwrap();
    let unused = authorizer.unused_parts();
    let all = ["rsa", "es256", "es384", "eddsa", "sign-in", "origin-signing", "endpoints", "remote-secrets"];
    // There is one more where the module was asked for it.
    assert!(unused.iter().all(|part| all.contains(part) || *part == "es512"), "{unused:?}");
    all.into_iter().filter(|part| !unused.contains(part)).collect()
}

fn used_with_algorithms(algorithms: Value) -> Vec<&'static str> {
    used(json!({ "algorithms": algorithms }), json!({}))
}

/// A provider may publish a key of any kind tomorrow.
#[test]
fn all_kinds_of_keys_are_used_unless_algorithms_are_named() {
    assert_eq!(used(json!({}), json!({})), ["rsa", "es256", "es384", "eddsa"]);
    for (algorithm, part) in
        [("RS256", "rsa"), ("PS512", "rsa"), ("ES256", "es256"), ("ES384", "es384"), ("EdDSA", "eddsa")]
    {
        assert_eq!(used_with_algorithms(json!([algorithm])), [part]);
    }
    assert_eq!(used_with_algorithms(json!(["ES384", "RS512"])), ["rsa", "es384"]);
    assert_eq!(used_with_algorithms(json!(["HS256"])), [""; 0]);
}

#[test]
fn cognito_uses_rsa_only() {
    let configuration = json!({
        "providers": { "c": { "userPoolId": "us-east-1_Example01", "tokenUse": "access", "clientId": "app" } },
    });
    assert_eq!(used(json!({}), configuration), ["rsa"]);
}

#[test]
fn what_any_provider_uses_is_used() {
    let provider =
        |algorithm: &str, issuer: &str| json!({ "issuer": issuer, "audience": "a", "algorithms": [algorithm] });
    let providers = json!({ "p": provider("EdDSA", "https://p.example"), "q": provider("RS256", "https://q.example") });
    assert_eq!(used(json!({}), json!({ "providers": providers })), ["rsa", "eddsa"]);
}

#[test]
fn a_feature_is_used_where_it_is_configured() {
    let with = |changes| used(json!({ "algorithms": ["HS256"] }), changes);
    let ssm = json!({ "ssm": "/edge/secret", "region": "us-east-1" });
    assert_eq!(used(json!({ "algorithms": ["HS256"], "secret": ssm }), json!({})), ["remote-secrets"]);
    let signing = json!({ "service": "s3", "region": "us-east-1" });
    assert_eq!(with(json!({ "forward": { "sign": signing } })), ["origin-signing"]);
    let cookies = json!({
        "keyPairId": "K2JCJMDEHXQW5F",
        "privateKey": { "file": "key.pem" },
        "resource": "https://live.example.com/*",
        "lifetimeSeconds": 60,
        "cookies": {},
    });
    let rule = json!({ "match": { "path": "/a" }, "allow": "authenticated", "respond": { "signedCookies": "live" } });
    assert_eq!(with(json!({ "signedCookies": { "live": cookies }, "rules": [rule] })), ["endpoints"]);
}

#[test]
fn the_sign_in_is_used_where_a_provider_has_it() {
    let provider = json!({ "algorithms": ["RS256"], "signIn": { "clientId": "app" } });
    let settings = json!({ "cookieKey": { "file": "cookie.key" } });
    assert_eq!(used(provider, json!({ "signIn": settings })), ["rsa", "sign-in"]);
}
