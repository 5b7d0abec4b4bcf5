//! Which keys of a set are used, and which of them for a token.

use edge_authorizer_core::{Authorizer, KeySetReport};
use serde_json::{Value, json};

use crate::support::keys::{KEY, SECRET, STRANGERS_KEY, key_set, oct};
use crate::support::tokens::{claims, claims_with, header_with, merged, rs256, token};
use crate::support::{AUDIENCE, ISSUER, authorizer, code_of, configuration, rsa_authorizer};

/// An authorizer for all RSA algorithms, with these keys.
fn authorizer_with(keys: &[Value]) -> Authorizer {
    let provider = json!({ "issuer": ISSUER, "audience": AUDIENCE, "jwks": key_set(keys) });
    authorizer(&configuration(provider, json!({})))
}

fn with_kid(kid: &str) -> String {
    token(&header_with(json!({ "kid": kid })), &claims(), &*KEY)
}

fn without_kid() -> String {
    token(&json!({ "alg": "RS256" }), &claims(), &*KEY)
}

/// A key of the set without its `kid`.
fn nameless(mut jwk: Value) -> Value {
    jwk.as_object_mut().unwrap().remove("kid").unwrap();
    jwk
}

fn set(authorizer: &mut Authorizer, keys: &[Value]) -> Result<KeySetReport, String> {
    authorizer.set_key_set("issuer", &key_set(keys).to_string(), None)
}

#[test]
fn threat_12_a_token_needs_exactly_one_key_with_its_kid() {
    let (key, stranger) = (KEY.jwk("k1"), STRANGERS_KEY.jwk("k2"));
    let cases = [
        (vec![key.clone()], with_kid("k1"), "allowed"),
        (vec![key.clone(), stranger.clone()], with_kid("k1"), "allowed"),
        (vec![stranger.clone(), key.clone()], with_kid("k1"), "allowed"),
        (vec![key.clone(), stranger.clone()], with_kid("k2"), "signature_invalid"),
        (vec![key.clone(), stranger.clone()], with_kid("k3"), "key_not_found"),
        (vec![key.clone(), STRANGERS_KEY.jwk("k1")], with_kid("k1"), "key_not_found"),
        (vec![key.clone(), key.clone()], with_kid("k1"), "key_not_found"),
        (vec![nameless(key.clone())], with_kid("k1"), "key_not_found"),
        (vec![nameless(key.clone()), stranger.clone()], with_kid("k1"), "key_not_found"),
        (vec![KEY.jwk("")], with_kid(""), "allowed"),
    ];
    for (keys, token, expected) in cases {
        assert_eq!(code_of(&authorizer_with(&keys), &token), expected, "{:?}", key_set(&keys));
    }
}

#[test]
fn threat_12_a_token_without_kid_needs_a_set_that_leaves_no_choice() {
    let (key, stranger) = (KEY.jwk("k1"), STRANGERS_KEY.jwk("k2"));
    let cases = [
        (vec![key.clone()], "allowed"),
        (vec![nameless(key.clone())], "allowed"),
        (vec![stranger.clone()], "signature_invalid"),
        (vec![key.clone(), stranger.clone()], "key_not_found"),
        (vec![key.clone(), nameless(stranger.clone())], "key_not_found"),
        (vec![nameless(key.clone()), nameless(key.clone())], "key_not_found"),
        // Keys that are for something else are no choice.
        (vec![key.clone(), merged(stranger.clone(), json!({ "use": "enc" }))], "allowed"),
        (vec![key.clone(), merged(stranger.clone(), json!({ "alg": "RS512" }))], "allowed"),
    ];
    for (keys, expected) in cases {
        assert_eq!(code_of(&authorizer_with(&keys), &without_kid()), expected, "{:?}", key_set(&keys));
    }
}

#[test]
fn a_key_is_for_the_algorithm_that_it_names() {
    for (algorithm, expected) in [("RS256", "allowed"), ("RS384", "key_not_found"), ("RS512", "key_not_found")] {
        let authorizer = authorizer_with(&[merged(KEY.jwk("k1"), json!({ "alg": algorithm }))]);
        assert_eq!(code_of(&authorizer, &with_kid("k1")), expected, "{algorithm}");
        assert_eq!(code_of(&authorizer, &without_kid()), expected, "{algorithm}");
    }
    // One `kid` for two keys with an algorithm each, as some providers publish them.
    let named = |jwk: Value, algorithm: &str| merged(jwk, json!({ "alg": algorithm }));
    let keys = [named(STRANGERS_KEY.jwk("k1"), "RS512"), named(KEY.jwk("k1"), "RS256")];
    assert_eq!(code_of(&authorizer_with(&keys), &with_kid("k1")), "allowed");
}

#[test]
fn threat_27_keys_for_something_else_and_private_ones_are_skipped_and_reported() {
    let cases = [
        (json!({ "use": "enc" }), "its `use` is not `sig`"),
        (json!({ "use": "SIG" }), "its `use` is not `sig`"),
        (json!({ "use": "" }), "its `use` is not `sig`"),
        (json!({ "use": null }), "its `use` is not a string"),
        (json!({ "use": ["sig"] }), "its `use` is not a string"),
        (json!({ "key_ops": ["sign"] }), "its `key_ops` do not include `verify`"),
        (json!({ "key_ops": ["encrypt", "wrapKey"] }), "its `key_ops` do not include `verify`"),
        (json!({ "key_ops": [] }), "its `key_ops` do not include `verify`"),
        (json!({ "key_ops": "verify" }), "its `key_ops` do not include `verify`"),
        (json!({ "key_ops": ["Verify"] }), "its `key_ops` do not include `verify`"),
        (json!({ "key_ops": null }), "its `key_ops` do not include `verify`"),
        (json!({ "alg": "RSA-OAEP" }), "its `alg` is not one of the provider's `algorithms`"),
        (json!({ "alg": "PS256" }), "its `alg` is not one of the provider's `algorithms`"),
        (json!({ "alg": "HS256" }), "its `alg` is not one of the provider's `algorithms`"),
        (json!({ "alg": "none" }), "its `alg` is not one of the provider's `algorithms`"),
        (json!({ "alg": "rs256" }), "its `alg` is not one of the provider's `algorithms`"),
        (json!({ "alg": null }), "its `alg` is not a string"),
        (json!({ "kty": "EC" }), "its `kty` and `crv` are not what the provider's `algorithms` take"),
        (json!({ "kty": "OKP" }), "its `kty` and `crv` are not what the provider's `algorithms` take"),
        (json!({ "kty": "rsa" }), "its `kty` and `crv` are not what the provider's `algorithms` take"),
        (json!({ "kty": "" }), "its `kty` and `crv` are not what the provider's `algorithms` take"),
        (json!({ "kty": "oct", "k": "eA" }), "its `kty` and `crv` are not what the provider's `algorithms` take"),
        (json!({ "crv": "P-256" }), "its `kty` and `crv` are not what the provider's `algorithms` take"),
        (json!({ "crv": null }), "its `crv` is not a string"),
        (json!({ "kty": 1 }), "its `kty` is not a string"),
        (json!({ "kid": 1 }), "its `kid` is not a string"),
        (json!({ "kid": null }), "its `kid` is not a string"),
        (json!({ "n": "" }), "the modulus has 0 bits, not 2048 to 4096"),
        (json!({ "n": "AQ==" }), "its `n` is not base64url"),
        (json!({ "n": 5 }), "its `n` is not a string"),
        (json!({ "e": "AQ+B" }), "its `e` is not base64url"),
        (json!({ "e": 65537 }), "its `e` is not a string"),
        (json!({ "d": "AQAB" }), "it is a private key"),
        (json!({ "d": null }), "it is a private key"),
        (json!({ "p": "AQAB" }), "it is a private key"),
        (json!({ "q": "AQAB" }), "it is a private key"),
        (json!({ "dp": "AQAB" }), "it is a private key"),
        (json!({ "dq": "AQAB" }), "it is a private key"),
        (json!({ "qi": "AQAB" }), "it is a private key"),
        (json!({ "oth": [] }), "it is a private key"),
        (json!({ "k": "AQAB" }), "it has `k`, which belongs to secrets"),
    ];
    for (members, reason) in cases {
        let bad = merged(STRANGERS_KEY.jwk("bad"), members.clone());
        let mut authorizer = rsa_authorizer();
        // Alone it is an error, and the keys that are there stay.
        let error = set(&mut authorizer, std::slice::from_ref(&bad)).unwrap_err();
        assert_eq!(error, format!("the key set has no usable key: {reason}"), "{members}");
        assert_eq!(code_of(&authorizer, &rs256(&claims())), "allowed", "{members}");
        // Threat 27: it does not spoil the others.
        for keys in [[bad.clone(), KEY.jwk("k1")], [KEY.jwk("k1"), bad.clone()]] {
            let report = set(&mut authorizer, &keys).unwrap();
            let [skipped] = &report.skipped[..] else { panic!("{members}: {report:?}") };
            assert_eq!((report.keys, skipped.reason.as_str()), (1, reason), "{members}");
            assert_eq!(skipped.kid.as_deref(), bad["kid"].as_str(), "{members}");
            assert_eq!(code_of(&authorizer, &rs256(&claims())), "allowed", "{members}");
            assert_eq!(code_of(&authorizer, &without_kid()), "allowed", "{members}");
            let forged = token(&header_with(json!({ "kid": "bad" })), &claims(), &*STRANGERS_KEY);
            assert_eq!(code_of(&authorizer, &forged), "key_not_found", "{members}");
        }
    }
}

#[test]
fn threat_27_one_bad_key_is_skipped_whatever_it_is() {
    for bad in
        [json!(null), json!("k1"), json!(1), json!([]), json!([KEY.jwk("k1")]), json!({}), json!({ "kid": "k1" })]
    {
        let report = set(&mut rsa_authorizer(), &[bad.clone(), KEY.jwk("k1")]).unwrap();
        assert_eq!((report.keys, report.skipped.len()), (1, 1), "{bad}");
    }
    for lacking in ["kty", "n", "e"] {
        let mut bad = KEY.jwk("k1");
        bad.as_object_mut().unwrap().remove(lacking).unwrap();
        let error = set(&mut rsa_authorizer(), &[bad]).unwrap_err();
        assert_eq!(error, format!("the key set has no usable key: it has no `{lacking}`"));
    }
}

#[test]
fn members_that_are_not_asked_for_do_not_matter() {
    let jwk =
        merged(KEY.jwk("k1"), json!({ "use": "sig", "key_ops": ["verify"], "alg": "RS256", "x5t": "x", "x": {} }));
    assert_eq!(code_of(&authorizer_with(&[jwk]), &with_kid("k1")), "allowed");
    let both = merged(KEY.jwk("k1"), json!({ "key_ops": ["sign", "verify"] }));
    assert_eq!(code_of(&authorizer_with(&[both]), &with_kid("k1")), "allowed");
    let text = json!({ "keys": [KEY.jwk("k1")], "next_update": 1 }).to_string();
    assert!(rsa_authorizer().set_key_set("issuer", &text, None).is_ok());
}

#[test]
fn threat_2_a_secret_in_a_public_set_is_skipped() {
    let mut authorizer = rsa_authorizer();
    let report = set(&mut authorizer, &[oct("secret", SECRET), KEY.jwk("k1")]).unwrap();
    assert_eq!((report.keys, report.skipped.len()), (1, 1));
    let forged = token(&json!({ "alg": "HS256", "kid": "secret" }), &claims(), SECRET);
    assert_eq!(code_of(&authorizer, &forged), "algorithm_not_allowed");
    let forged = token(&json!({ "alg": "RS256", "kid": "secret" }), &claims(), SECRET);
    assert_eq!(code_of(&authorizer, &forged), "key_not_found");
}

#[test]
fn threat_23_a_set_has_at_most_32_keys_and_64_kib() {
    let mut authorizer = rsa_authorizer();
    let keys: Vec<Value> = (1..=33).map(|number| KEY.jwk(&format!("k{number}"))).collect();
    assert_eq!(set(&mut authorizer, &keys[..32]).unwrap().keys, 32);
    assert_eq!(code_of(&authorizer, &with_kid("k32")), "allowed");
    assert_eq!(set(&mut authorizer, &keys).unwrap_err(), "the key set has 33 keys; at most 32 are read");
    assert_eq!(code_of(&authorizer, &with_kid("k33")), "key_not_found");

    let padded = |bytes: usize| {
        let set = key_set(&[KEY.jwk("padded")]).to_string();
        format!("{set}{}", " ".repeat(bytes - set.len()))
    };
    assert!(authorizer.set_key_set("issuer", &padded(64 * 1024), None).is_ok());
    assert_eq!(code_of(&authorizer, &with_kid("padded")), "allowed");
    let error = authorizer.set_key_set("issuer", &padded(64 * 1024 + 1), None).unwrap_err();
    assert_eq!(error, "the key set has 65537 bytes; at most 65536 are read");
}

#[test]
fn threat_10_a_key_set_is_json_that_has_one_reading() {
    let good = key_set(&[KEY.jwk("k1")]).to_string();
    for text in [
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        r#"{"keys":null}"#.to_owned(),
        r#"{"keys":{}}"#.to_owned(),
        r#"{"keys":[]}"#.to_owned(),
        r#"{"Keys":[]}"#.to_owned(),
        KEY.jwk("k1").to_string(),
        format!("[{good}]"),
        format!("{good}{good}"),
        format!("\u{feff}{good}"),
        format!("{good} x"),
        good.replacen('{', r#"{"keys":[],"#, 1),
        good.replace(r#""kid":"k1""#, r#""kid":"k1","kid":"k2""#),
        good.replace(r#""kid":"k1""#, r#""kid":"k1","x":{"a":1,"a":2}"#),
        "<!doctype html><title>503</title>".to_owned(),
        "[".repeat(60_000),
    ] {
        let mut authorizer = rsa_authorizer();
        assert!(authorizer.set_key_set("issuer", &text, None).is_err(), "{text:.200}");
        assert_eq!(code_of(&authorizer, &rs256(&claims())), "allowed", "the keys that were there stay");
    }
    assert!(rsa_authorizer().set_key_set("issuer", &good, None).is_ok());
}

#[test]
fn threat_26_a_replaced_set_takes_effect_at_once() {
    let mut authorizer = rsa_authorizer();
    let stranger = token(&header_with(json!({ "kid": "k2" })), &claims(), &*STRANGERS_KEY);
    assert_eq!((code_of(&authorizer, &with_kid("k1")), code_of(&authorizer, &stranger)), ("allowed", "key_not_found"));
    set(&mut authorizer, &[STRANGERS_KEY.jwk("k2")]).unwrap();
    assert_eq!((code_of(&authorizer, &with_kid("k1")), code_of(&authorizer, &stranger)), ("key_not_found", "allowed"));
    // The same `kid` for another key.
    set(&mut authorizer, &[STRANGERS_KEY.jwk("k1")]).unwrap();
    assert_eq!(code_of(&authorizer, &with_kid("k1")), "signature_invalid");
}

#[test]
fn threat_16_keys_are_bound_to_their_issuer() {
    let provider =
        |issuer: &str, key: Value| json!({ "issuer": issuer, "audience": AUDIENCE, "jwks": key_set(&[key]) });
    let mut configuration = crate::support::rsa_configuration(json!({}));
    let (a, b) = ("https://a.example", "https://b.example");
    configuration["providers"] = json!({ "a": provider(a, KEY.jwk("k1")), "b": provider(b, STRANGERS_KEY.jwk("k2")) });
    let authorizer = authorizer(&configuration);
    let by_a = |issuer: &str, kid: &str| {
        token(&header_with(json!({ "kid": kid })), &claims_with(json!({ "iss": issuer })), &*KEY)
    };
    let by_b = |issuer: &str, kid: &str| {
        token(&header_with(json!({ "kid": kid })), &claims_with(json!({ "iss": issuer })), &*STRANGERS_KEY)
    };
    assert_eq!((code_of(&authorizer, &by_a(a, "k1")), code_of(&authorizer, &by_b(b, "k2"))), ("allowed", "allowed"));
    assert_eq!(code_of(&authorizer, &by_b(a, "k2")), "key_not_found");
    assert_eq!(code_of(&authorizer, &by_b(a, "k1")), "signature_invalid");
    assert_eq!(code_of(&authorizer, &by_a(b, "k1")), "key_not_found");
    assert_eq!(code_of(&authorizer, &by_a(b, "k2")), "signature_invalid");
}

#[test]
fn keys_go_to_a_provider_that_there_is() {
    let error = rsa_authorizer().set_key_set("nobody", &key_set(&[KEY.jwk("k1")]).to_string(), None).unwrap_err();
    assert_eq!(error, "no provider is called `nobody`");
    let error = rsa_authorizer().set_secret("a\nb", SECRET, None).unwrap_err();
    assert_eq!(error, "no secret is called `a\u{fffd}b`");
}
