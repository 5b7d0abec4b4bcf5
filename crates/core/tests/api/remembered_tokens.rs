//! Tokens that were verified before: what is remembered of them never lets pass what would be refused otherwise.

use edge_authorizer_core::{Authorizer, Keys, Trace, UnixTime};
use serde_json::json;

use crate::support::keys::{KEY, SECRET, STRANGERS_KEY, key_set};
use crate::support::tokens::{claims, claims_with, header_with, hs256, merged, rs256, token};
use crate::support::{
    AUDIENCE, ISSUER, NOW, authorizer, bearer, code, code_of, configuration, decide, decide_at, edits, rsa_authorizer,
    secret_authorizer, secret_authorizer_with,
};

/// RS256, its keys handed over.
fn without_keys() -> Authorizer {
    let provider = json!({ "issuer": ISSUER, "audience": AUDIENCE, "jwksUri": "https://issuer.example/keys" });
    authorizer(&configuration(provider, json!({})))
}

fn set(authorizer: &mut Authorizer, keys: &[serde_json::Value], until: Option<f64>) {
    let until = until.map(|seconds| UnixTime::from_seconds(seconds).unwrap());
    authorizer.set_key_set("issuer", &key_set(keys).to_string(), until).unwrap();
}

fn code_at(authorizer: &Authorizer, token: &str, now: f64) -> &'static str {
    code(&decide_at(authorizer, &bearer("/a.png", token), now))
}

/// Threat 62: a cache that is keyed by a part of the token takes another token for one that it knows.
#[test]
fn threat_62_a_token_that_shares_a_part_with_a_known_one_is_verified() {
    let authorizer = rsa_authorizer();
    let known = rs256(&claims());
    let other = rs256(&claims_with(json!({ "sub": "bob" })));
    assert_eq!((code_of(&authorizer, &known), code_of(&authorizer, &other)), ("allowed", "allowed"));

    let parts: Vec<&str> = known.split('.').collect();
    let others: Vec<&str> = other.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("{known}") };
    let forged = rs256_by_a_stranger();
    let forged: Vec<&str> = forged.split('.').collect();
    for (token, what) in [
        (format!("{header}.{}.{signature}", forged[1]), "header and signature"),
        (format!("{header}.{}.{signature}", others[1]), "header and signature, and the payload of another known one"),
        (format!("{header}.{payload}.{}", others[2]), "header and payload, and the signature of another known one"),
        (format!("{header}.{payload}.{}", forged[2]), "header and payload"),
        (format!("{}.{payload}.{signature}", base64url_of(json!({ "alg": "RS256" }))), "payload and signature"),
    ] {
        assert_eq!(code_of(&authorizer, &token), "signature_invalid", "shares {what}");
    }
    assert_eq!(code_of(&authorizer, &format!("{header}.{payload}.")), "signature_invalid");
    assert_eq!(code_of(&authorizer, &format!("{header}.{payload}")), "token_malformed");
    assert_eq!(code_of(&authorizer, &format!("{known}.")), "token_malformed");
    assert_eq!(code_of(&authorizer, &format!(".{known}")), "token_malformed");
    assert_eq!(code_of(&authorizer, &known), "allowed");
}

/// A known token with any one of its bytes changed is another token.
#[test]
fn threat_62_each_byte_of_a_known_token_counts() {
    let authorizer = secret_authorizer(json!({}));
    let known = hs256(&claims());
    assert_eq!(code_of(&authorizer, &known), "allowed");
    for position in 0..known.len() {
        let mut bytes = known.clone().into_bytes();
        bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert_ne!(code_of(&authorizer, &changed), "allowed", "byte {position}");
    }
}

/// Each provider, and each configuration, makes up its own mind.
#[test]
fn threat_62_what_one_configuration_knows_another_does_not() {
    let token = hs256(&claims());
    assert_eq!(code_of(&secret_authorizer(json!({})), &token), "allowed");
    assert_eq!(code_of(&secret_authorizer_with(json!({ "audience": "others" })), &token), "audience_mismatch");
    let mut other = secret_authorizer(json!({}));
    other.set_secret("providers.issuer.secret", &[7; 64], None).unwrap();
    assert_eq!(code_of(&other, &token), "signature_invalid");
}

/// Threat 63: a token that is remembered beyond its `exp`; and `nbf` and `iat`, where a clock is set back.
#[test]
fn threat_63_times_are_checked_each_time() {
    for seconds in [0, 60] {
        let authorizer = secret_authorizer_with(json!({ "graceSeconds": seconds }));
        let grace = f64::from(seconds);
        let long = hs256(&claims_with(json!({ "nbf": NOW - 300.0, "exp": NOW + 300.0 })));
        let young = hs256(&claims_with(json!({ "iat": NOW - 100.0, "exp": NOW + 300.0 })));
        let (start, end) = (NOW - 300.0 - grace, NOW + 300.0 + grace);
        let issued = NOW - 100.0 - grace;
        assert_eq!((code_at(&authorizer, &long, NOW), code_at(&authorizer, &young, NOW)), ("allowed", "allowed"));
        for (token, now, expected) in [
            (&long, end - 0.001, "allowed"),
            (&long, end, "token_expired"),
            (&long, end + 1e9, "token_expired"),
            (&long, start, "allowed"),
            (&long, start - 0.001, "token_not_yet_valid"),
            (&young, issued, "allowed"),
            (&young, issued - 0.001, "token_not_yet_valid"),
            (&young, end, "token_expired"),
            (&young, NOW, "allowed"),
        ] {
            assert_eq!(code_at(&authorizer, token, now), expected, "{grace} {now}");
        }
    }
}

/// Threat 26: what rests on keys that were replaced is verified again, with those that are there now.
#[test]
fn threat_26_a_known_token_is_refused_when_its_key_is_gone() {
    let mut authorizer = without_keys();
    let token = rs256(&claims());
    set(&mut authorizer, &[KEY.jwk("k1"), STRANGERS_KEY.jwk("k2")], None);
    assert_eq!(code_of(&authorizer, &token), "allowed");
    // The same `kid`, another key.
    set(&mut authorizer, &[STRANGERS_KEY.jwk("k1")], None);
    assert_eq!(code_of(&authorizer, &token), "signature_invalid");
    set(&mut authorizer, &[KEY.jwk("k1")], None);
    assert_eq!(code_of(&authorizer, &token), "allowed");
    set(&mut authorizer, &[STRANGERS_KEY.jwk("k2")], None);
    assert_eq!(code_of(&authorizer, &token), "key_not_found");
    // A set that is not taken leaves the keys that are there, and what rests on them.
    set(&mut authorizer, &[KEY.jwk("k1")], None);
    assert_eq!(code_of(&authorizer, &token), "allowed");
    assert!(authorizer.set_key_set("issuer", r#"{"keys":[]}"#, None).is_err());
    assert_eq!(code_of(&authorizer, &token), "allowed");

    let mut authorizer = secret_authorizer(json!({}));
    assert_eq!(code_of(&authorizer, &hs256(&claims())), "allowed");
    authorizer.set_secret("providers.issuer.secret", &[7; 64], None).unwrap();
    assert_eq!(code_of(&authorizer, &hs256(&claims())), "signature_invalid");
    authorizer.set_secret("providers.issuer.secret", SECRET, None).unwrap();
    assert_eq!(code_of(&authorizer, &hs256(&claims())), "allowed");
}

#[test]
fn threat_26_a_known_token_is_refused_when_its_keys_are_too_old() {
    let mut authorizer = without_keys();
    let token = rs256(&claims_with(json!({ "exp": NOW + 1e6 })));
    set(&mut authorizer, &[KEY.jwk("k1")], Some(NOW + 60.0));
    assert_eq!(code_at(&authorizer, &token, NOW + 59.9), "allowed");
    assert_eq!(code_at(&authorizer, &token, NOW + 60.0), "keys_unavailable");
    let asked = authorizer.authorize(
        &bearer("/a.png", &token),
        UnixTime::from_seconds(NOW + 60.0).unwrap(),
        Keys::MayBeFetched,
        &mut Trace::off(),
    );
    assert_eq!(code(&asked), "keys_needed");
    authorizer.trust_keys_until("issuer", UnixTime::from_seconds(NOW + 120.0).unwrap()).unwrap();
    assert_eq!(code_at(&authorizer, &token, NOW + 119.9), "allowed");
    assert_eq!(code_at(&authorizer, &token, NOW + 120.0), "keys_unavailable");
}

/// Threat 64: a refusal is not remembered, neither to fill the room nor to outlast its cause.
#[test]
fn threat_64_a_refusal_is_found_anew_each_time() {
    let mut authorizer = without_keys();
    let token = rs256(&claims());
    assert_eq!(code_of(&authorizer, &token), "keys_unavailable");
    set(&mut authorizer, &[STRANGERS_KEY.jwk("k2")], None);
    assert_eq!(code_of(&authorizer, &token), "key_not_found");
    set(&mut authorizer, &[STRANGERS_KEY.jwk("k1")], None);
    assert_eq!(code_of(&authorizer, &token), "signature_invalid");
    set(&mut authorizer, &[KEY.jwk("k1")], None);
    assert_eq!(code_at(&authorizer, &token, NOW + 300.0), "token_expired");
    assert_eq!(code_at(&authorizer, &token, NOW), "allowed");
    assert_eq!(code_at(&authorizer, &token, NOW + 300.0), "token_expired");
    assert_eq!(code_at(&authorizer, &token, NOW), "allowed");
}

/// More tokens than there is room for, used in turn: whether one is remembered never shows.
#[test]
fn threat_64_more_tokens_than_there_is_room_for_are_decided_alike() {
    let authorizer = secret_authorizer(json!({}));
    let tokens: Vec<String> = (0..3_000).map(|number| hs256(&claims_with(json!({ "sub": number })))).collect();
    for round in 0..2 {
        for token in &tokens {
            let decision = authorizer.authorize(
                &bearer("/a.png", token),
                UnixTime::from_seconds(NOW).unwrap(),
                Keys::AreFinal,
                &mut Trace::off(),
            );
            assert_eq!(code(&decision), "allowed", "round {round}");
        }
    }
}

/// What a viewer may see is asked each time: a known token opens nothing but what its claims open.
#[test]
fn the_policy_is_evaluated_for_known_tokens_too() {
    let configuration = json!({
        "rules": [
            { "match": { "path": "/users/{user}/{*rest}" }, "requires": { "claim": "sub", "equals": "{user}" } },
            { "match": { "path": "/{*rest}" }, "allow": "authenticated" },
        ],
        "forward": { "claimToHeaders": { "x-user": "sub" } },
    });
    let authorizer = secret_authorizer(configuration);
    let (alice, bob) = (hs256(&claims()), hs256(&claims_with(json!({ "sub": "bob" }))));
    for _ in 0..2 {
        for (path, token, expected) in [
            ("/a.png", &alice, "allowed"),
            ("/users/alice/a.png", &alice, "allowed"),
            ("/users/bob/a.png", &alice, "policy_denied"),
            ("/users/bob/a.png", &bob, "allowed"),
            ("/users/alice/a.png", &bob, "policy_denied"),
        ] {
            assert_eq!(code(&decide(&authorizer, &bearer(path, token))), expected, "{path}");
        }
        let headers = [&alice, &bob].map(|token| edits(decide(&authorizer, &bearer("/a.png", token))).set_headers);
        let expected = ["alice", "bob"].map(|sub| vec![("x-user".to_owned(), sub.to_owned())]);
        assert_eq!(headers, expected);
    }
}

/// `explain` says the same of a known token as of a new one.
#[test]
fn a_known_token_leaves_the_same_record() {
    let authorizer = rsa_authorizer();
    let record = || {
        let mut trace = Trace::on();
        let now = UnixTime::from_seconds(NOW).unwrap();
        let decision = authorizer.authorize(&bearer("/a.png", &rs256(&claims())), now, Keys::AreFinal, &mut trace);
        (decision, trace.into_steps())
    };
    assert_eq!(record(), record());
}

fn rs256_by_a_stranger() -> String {
    token(&header_with(json!({})), &merged(claims(), json!({ "sub": "mallory" })), &*STRANGERS_KEY)
}

fn base64url_of(value: serde_json::Value) -> String {
    crate::support::keys::base64url(value.to_string())
}

/// Whoever writes an authorizer into a log writes nothing of the tokens that it knows.
#[test]
fn an_authorizer_does_not_print_what_it_remembers() {
    let authorizer = secret_authorizer(json!({}));
    let token = hs256(&claims_with(json!({ "sub": "alice", "groups": ["painters"] })));
    assert_eq!(code_of(&authorizer, &token), "allowed");
    let printed = format!("{authorizer:?}");
    assert!(printed.contains("Entry"), "nothing is remembered: {printed}");
    let parts: Vec<_> = token.split('.').chain(["alice", "painters"]).collect();
    assert!(parts.iter().all(|part| !printed.contains(part)), "{printed}");
}
