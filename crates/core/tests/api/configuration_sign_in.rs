//! What is wrong in a configuration of the sign-in.

use serde_json::{Value, json};

use crate::support::keys::{KEY, key_set};
use crate::support::sign_in::configuration;
use crate::support::tokens::merged;
use crate::support::{AUDIENCE, ISSUER};

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
