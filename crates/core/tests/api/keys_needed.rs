//! What is answered while keys are missing: a request for them as long as they may be fetched, then a refusal.

use edge_authorizer_core::{Authorizer, Decision, Keys, KeysNeeded, NamedSecret, SecretReference, UnixTime};
use serde_json::{Value, json};

use crate::support::keys::{KEY, SECRET, STRANGERS_KEY, key_set};
use crate::support::tokens::{claims, claims_with, header_with, hs256, rs256, token};
use crate::support::{AUDIENCE, ISSUER, NOW, authorizer, bearer, code, configuration, decide_with, get};

const JWKS_URI: &str = "https://issuer.example/keys";

fn from_uri() -> Authorizer {
    authorizer(&configuration(json!({ "issuer": ISSUER, "audience": AUDIENCE, "jwksUri": JWKS_URI }), json!({})))
}

fn with_kid(kid: &str) -> String {
    token(&header_with(json!({ "kid": kid })), &claims(), &*KEY)
}

fn answer(authorizer: &Authorizer, token: &str, keys: Keys) -> Decision {
    decide_with(authorizer, &bearer("/a.png", token), NOW, keys)
}

/// The codes while keys may be fetched, and when they are final.
fn codes(authorizer: &Authorizer, token: &str) -> (&'static str, &'static str) {
    (code(&answer(authorizer, token, Keys::MayBeFetched)), code(&answer(authorizer, token, Keys::AreFinal)))
}

fn needed(kid: Option<&str>) -> Decision {
    Decision::KeysNeeded(KeysNeeded { provider: "issuer".to_owned(), kid: kid.map(str::to_owned) })
}

#[test]
fn missing_keys_are_asked_for_and_then_unavailable() {
    let authorizer = from_uri();
    assert_eq!(answer(&authorizer, &rs256(&claims()), Keys::MayBeFetched), needed(None));
    assert_eq!(codes(&authorizer, &rs256(&claims())).1, "keys_unavailable");
}

#[test]
fn an_unknown_kid_is_asked_for_and_then_not_found() {
    let mut authorizer = from_uri();
    authorizer.set_key_set("issuer", &key_set(&[KEY.jwk("k1")]).to_string(), None).unwrap();
    assert_eq!(codes(&authorizer, &rs256(&claims())), ("allowed", "allowed"));
    assert_eq!(answer(&authorizer, &with_kid("k2"), Keys::MayBeFetched), needed(Some("k2")));
    assert_eq!(codes(&authorizer, &with_kid("k2")).1, "key_not_found");
}

/// Threat 26: keys are trusted until the time that was given with them, not at it.
#[test]
fn threat_26_keys_are_not_trusted_for_longer_than_was_said() {
    let mut authorizer = from_uri();
    let keys = key_set(&[KEY.jwk("k1")]).to_string();
    let until = |seconds: f64| UnixTime::from_seconds(seconds).unwrap();
    authorizer.set_key_set("issuer", &keys, Some(until(NOW + 1.0))).unwrap();
    let token = rs256(&claims());
    let codes_at = |authorizer: &Authorizer, now: f64| {
        [Keys::MayBeFetched, Keys::AreFinal]
            .map(|keys| code(&decide_with(authorizer, &bearer("/a.png", &token), now, keys)))
    };
    assert_eq!(codes_at(&authorizer, NOW), ["allowed", "allowed"]);
    assert_eq!(codes_at(&authorizer, NOW + 0.999), ["allowed", "allowed"]);
    assert_eq!(codes_at(&authorizer, NOW + 1.0), ["keys_needed", "keys_unavailable"]);
    // The provider is down: longer, but still not for ever.
    authorizer.trust_keys_until("issuer", until(NOW + 2.0)).unwrap();
    assert_eq!(codes_at(&authorizer, NOW + 1.999), ["allowed", "allowed"]);
    assert_eq!(codes_at(&authorizer, NOW + 2.0), ["keys_needed", "keys_unavailable"]);
    // The time does not make keys of nothing.
    let mut without = from_uri();
    without.trust_keys_until("issuer", until(NOW + 2.0)).unwrap();
    assert_eq!(codes_at(&without, NOW), ["keys_needed", "keys_unavailable"]);
    assert!(without.trust_keys_until("nobody", until(NOW)).is_err());
}

/// Threat 20: the issuer of a discovered document is the configured one.
#[test]
fn threat_20_a_discovered_key_set_is_the_issuers_own() {
    let authorizer = authorizer(&configuration(json!({ "issuer": ISSUER, "audience": AUDIENCE }), json!({})));
    let found = |document: Value| authorizer.discovered_jwks_uri("issuer", &document.to_string());
    let uri = "https://keys.example/set";
    assert_eq!(found(json!({ "issuer": ISSUER, "jwks_uri": uri })).as_deref(), Ok(uri));
    for document in [
        json!({ "issuer": format!("{ISSUER}/"), "jwks_uri": uri }),
        json!({ "issuer": "https://stranger.example", "jwks_uri": uri }),
        json!({ "issuer": [ISSUER], "jwks_uri": uri }),
        json!({ "jwks_uri": uri }),
        json!({ "issuer": ISSUER }),
        json!({ "issuer": ISSUER, "jwks_uri": "http://keys.example/set" }),
        json!({ "issuer": ISSUER, "jwks_uri": "https://user@keys.example/set" }),
        json!({ "issuer": ISSUER, "jwks_uri": "http://127.0.0.1/set" }),
        json!({ "issuer": ISSUER, "jwks_uri": [uri] }),
        json!([]),
    ] {
        assert!(found(document.clone()).is_err(), "{document}");
    }
    assert!(authorizer.discovered_jwks_uri("nobody", "{}").is_err());
}

/// Threat 21: what a new key set would not change is not worth fetching one.
#[test]
fn threat_21_no_keys_are_asked_for_where_they_cannot_help() {
    let mut authorizer = from_uri();
    let keys = [KEY.jwk("k1"), STRANGERS_KEY.jwk("twice"), KEY.jwk("twice")];
    authorizer.set_key_set("issuer", &key_set(&keys).to_string(), None).unwrap();
    for (token, code) in [
        (token(&json!({ "alg": "RS256" }), &claims(), &*KEY), "key_not_found"),
        (with_kid("twice"), "key_not_found"),
        (token(&header_with(json!({})), &claims(), &*STRANGERS_KEY), "signature_invalid"),
        (token(&header_with(json!({ "alg": "HS256" })), &claims(), SECRET), "algorithm_not_allowed"),
        (rs256(&claims_with(json!({ "iss": "https://stranger.example" }))), "issuer_unknown"),
        ("x.y.z".to_owned(), "token_malformed"),
    ] {
        assert_eq!(codes(&authorizer, &token), (code, code), "{token}");
    }
    for authorizer in [from_uri(), authorizer] {
        assert_eq!(code(&decide_with(&authorizer, &get("/a.png"), NOW, Keys::MayBeFetched)), "credentials_missing");
        assert_eq!(code(&decide_with(&authorizer, &get("/"), NOW, Keys::MayBeFetched)), "no_rule");
    }
}

#[test]
fn keys_in_the_configuration_are_never_fetched() {
    let authorizer = crate::support::rsa_authorizer();
    assert_eq!(codes(&authorizer, &with_kid("k2")), ("key_not_found", "key_not_found"));
}

#[test]
fn a_missing_secret_is_unavailable() {
    for secret in [json!({ "secret": { "file": "./s.txt" } }), json!({ "algorithms": ["HS256"] })] {
        let provider = crate::support::tokens::merged(json!({ "issuer": ISSUER, "audience": AUDIENCE }), secret);
        let mut authorizer = authorizer(&configuration(provider, json!({})));
        assert_eq!(codes(&authorizer, &hs256(&claims())), ("secrets_unavailable", "secrets_unavailable"));
        authorizer.set_secret("providers.issuer.secret", SECRET, None).unwrap();
        assert_eq!(codes(&authorizer, &hs256(&claims())), ("allowed", "allowed"));
        // A secret has no name of its own: it is the one key, whatever a token calls it.
        let named = token(&json!({ "alg": "HS256", "kid": "k1" }), &claims(), SECRET);
        assert_eq!(codes(&authorizer, &named), ("allowed", "allowed"));
        let forged = token(&json!({ "alg": "HS256", "kid": "k1" }), &claims(), &SECRET[1..]);
        assert_eq!(codes(&authorizer, &forged), ("signature_invalid", "signature_invalid"));
    }
}

#[test]
fn providers_say_what_they_need() {
    let provider = |more: Value| crate::support::tokens::merged(json!({ "audience": AUDIENCE }), more);
    let mut configuration = crate::support::rsa_configuration(json!({}));
    configuration["providers"] = json!({
        "cognito": { "userPoolId": "eu-west-1_Example01", "tokenUse": "access", "clientId": "app" },
        "discovered": provider(json!({ "issuer": "https://tenant.example/" })),
        "inline": provider(json!({ "issuer": "inline", "jwks": key_set(&[KEY.jwk("k1")]) })),
        "secret": provider(json!({ "issuer": "secret", "secret": { "file": "./s.txt" } })),
        "uri": provider(json!({ "issuer": "uri", "jwksUri": JWKS_URI })),
    });
    let mut authorizer = authorizer(&configuration);
    let cognito = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example01/.well-known/jwks.json";
    let needs: Vec<_> =
        authorizer.providers().map(|needs| (needs.name, needs.jwks_uri, needs.discovery_uri, needs.has_keys)).collect();
    let discovery = "https://tenant.example/.well-known/openid-configuration";
    assert_eq!(
        needs,
        [
            ("cognito", Some(cognito), None, false),
            ("discovered", None, Some(discovery), false),
            ("inline", None, None, true),
            ("secret", None, None, false),
            ("uri", Some(JWKS_URI), None, false),
        ]
    );
    let file = SecretReference::File("./s.txt".to_owned());
    let secrets: Vec<_> = authorizer.secrets().collect();
    assert_eq!(secrets, [NamedSecret { name: "providers.secret.secret", reference: &file, is_for_host: false }]);
    authorizer.set_secret("providers.secret.secret", SECRET, None).unwrap();
    assert!(authorizer.providers().any(|provider| provider.name == "secret" && provider.has_keys));
}
