//! The claims header: what the origin may know of a verified token, plain or signed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use edge_authorizer_core::{Authorizer, Edits, Keys, UnixTime};
use serde_json::{Value, json};

use crate::support::configurations::{assert_problem, with};
use crate::support::keys::{Sign, base64url};
use crate::support::tokens::{claims, claims_with, hs256};
use crate::support::{
    NOW, bearer, code, decide, decide_at, decide_with, edits, get, problems, secret_authorizer, with_header,
};

const OWN_SECRET: &[u8] = b"the origin and the edge know this, and nobody else does";
const PLACE: &str = "forward.claimsHeader.secret";

fn stating(claims_header: Value) -> Authorizer {
    secret_authorizer(json!({
        "rules": [
            { "match": { "path": "/public/{*rest}" }, "allow": "anyone" },
            { "match": { "path": "/{*rest}" }, "allow": "authenticated" },
        ],
        "forward": { "claimsHeader": claims_header },
    }))
}

fn plain() -> Authorizer {
    stating(json!({ "name": "X-Claims", "claims": ["sub", "groups", "https://example.com/a"] }))
}

fn signed() -> Authorizer {
    let secret = json!({ "file": "./claims.txt" });
    let mut authorizer = stating(json!({ "name": "x-claims", "claims": ["sub", "groups"], "secret": secret }));
    authorizer.set_secret(PLACE, OWN_SECRET, None).unwrap();
    authorizer
}

/// What the origin gets under the header's name.
fn stated(authorizer: &Authorizer, claims: &Value) -> String {
    let set = edits(decide(authorizer, &bearer("/a.png", &hs256(claims)))).set_headers;
    let [(name, value)] = &set[..] else { panic!("{set:?}") };
    assert_eq!(name, "x-claims");
    value.clone()
}

fn decoded(text: &str) -> String {
    String::from_utf8(URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
}

#[test]
fn a_plain_header_is_an_object_of_the_claims_that_are_named() {
    let state = |claims: Value| decoded(&stated(&plain(), &claims_with(claims)));
    assert_eq!(state(json!({})), r#"{"sub":"alice"}"#);
    assert_eq!(state(json!({ "groups": ["a", "b c"] })), r#"{"sub":"alice","groups":["a","b c"]}"#);
    assert_eq!(
        state(json!({ "https://example.com/a": { "b": [1, -2, true, null, []], "c": {} } })),
        r#"{"sub":"alice","https://example.com/a":{"b":[1,-2,true,null,[]],"c":{}}}"#
    );
}

/// Random texts, and the reader of another library: what is written is what was there.
#[test]
fn threat_41_whatever_a_claim_holds_it_is_encoded() {
    for text in ["\r\nx-user: root", "\0\u{1}\u{1f}\u{7f}", "\"\\/", "caf\u{e9} \u{1f600}\u{2028}", "", "}{,:\u{85}"] {
        let groups = json!([text, { text: text }]);
        let value = stated(&plain(), &claims_with(json!({ "sub": text, "groups": groups })));
        assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{value}");
        let read: Value = serde_json::from_str(&decoded(&value)).unwrap();
        assert_eq!(read, json!({ "sub": text, "groups": groups }), "{text:?}");
    }
}

#[test]
fn a_number_with_a_fraction_is_refused_rather_than_rounded() {
    for number in [json!(1.5), json!([1e300]), json!({ "a": [-0.25] })] {
        let token = hs256(&claims_with(json!({ "groups": number })));
        assert_eq!(code(&decide(&plain(), &bearer("/a.png", &token))), "policy_denied", "{number}");
    }
}

#[test]
fn a_signed_header_is_a_jwt_that_the_origin_can_verify() {
    let value = stated(&signed(), &claims_with(json!({ "groups": ["a"] })));
    let [header, payload, signature] = value.split('.').collect::<Vec<_>>()[..] else { panic!("{value}") };
    assert_eq!(decoded(header), r#"{"alg":"HS256","typ":"JWT"}"#);
    let now = NOW as u64;
    let expected = format!(r#"{{"sub":"alice","groups":["a"],"iat":{now},"exp":{}}}"#, now + 60);
    assert_eq!(decoded(payload), expected);
    // By another implementation than the one that signs.
    assert_eq!(signature, base64url(OWN_SECRET.sign("HS256", format!("{header}.{payload}").as_bytes())));
}

#[test]
fn its_time_is_the_time_of_the_request() {
    let token = hs256(&claims_with(json!({ "exp": NOW as u64 + 5000 })));
    let at = |now: f64| edits(decide_at(&signed(), &bearer("/a.png", &token), now)).set_headers[0].1.clone();
    assert!(decoded(at(NOW + 1000.75).split('.').nth(1).unwrap()).ends_with(&format!(
        r#""iat":{},"exp":{}}}"#,
        NOW as u64 + 1000,
        NOW as u64 + 1060
    )));
    assert_eq!(at(NOW), at(NOW));
}

#[test]
fn without_its_secret_nothing_passes_unsigned() {
    let header = json!({ "name": "x-claims", "claims": ["sub"], "secret": { "file": "./claims.txt" } });
    let mut authorizer = stating(header);
    let request = bearer("/a.png", &hs256(&claims()));
    assert_eq!(code(&decide(&authorizer, &request)), "secrets_unavailable");
    assert_eq!(
        authorizer.set_secret(PLACE, &OWN_SECRET[..31], None).unwrap_err(),
        "the secret has to have at least 32 bytes"
    );
    assert_eq!(code(&decide(&authorizer, &request)), "secrets_unavailable");
    authorizer.set_secret(PLACE, OWN_SECRET, None).unwrap();
    assert_eq!(code(&decide(&authorizer, &request)), "allowed");
    // Whoever needs no token is told nothing of claims, and needs no secret.
    assert_eq!(code(&decide(&authorizer, &get("/public/a.png"))), "public");
}

#[test]
fn a_secret_that_lies_with_a_service_is_fetched_first() {
    let secret = json!({ "ssm": "/edge/claims" });
    let mut authorizer = stating(json!({ "name": "x-claims", "claims": ["sub"], "secret": secret }));
    let request = bearer("/a.png", &hs256(&claims()));
    let asked = |authorizer: &Authorizer| code(&decide_with(authorizer, &request, NOW, Keys::MayBeFetched));
    assert_eq!(asked(&authorizer), "secret_needed");
    assert_eq!(code(&decide(&authorizer, &request)), "secrets_unavailable");
    assert_eq!(code(&decide_with(&authorizer, &get("/public/a.png"), NOW, Keys::MayBeFetched)), "public");
    authorizer.set_secret(PLACE, OWN_SECRET, UnixTime::from_seconds(NOW + 1.0)).unwrap();
    assert_eq!(asked(&authorizer), "allowed");
    authorizer.set_secret(PLACE, OWN_SECRET, UnixTime::from_seconds(NOW)).unwrap();
    assert_eq!(asked(&authorizer), "secret_needed");
}

#[test]
fn threat_40_what_viewers_send_under_its_name_is_taken_out_on_every_path() {
    let names = ["x-claims", "X-Claims", "X_CLAIMS", "x_claims", "x.claims"];
    let token = hs256(&claims());
    for authorizer in [plain(), signed()] {
        assert_eq!(authorizer.identity_headers().collect::<Vec<_>>(), ["x-claims"]);
        for request in [bearer("/a.png", &token), get("/public/a.png")] {
            let request = names.iter().fold(request, |request, name| with_header(request, name, "forged"));
            let Edits { remove_headers, .. } = edits(decide(&authorizer, &request));
            for name in names {
                assert!(remove_headers.iter().any(|removed| removed == name), "{name}");
            }
        }
    }
}

/// CloudFront takes requests of 20,480 bytes, Amazon S3 headers of 8,192.
#[test]
fn what_is_added_to_a_request_is_bounded() {
    let with_groups = |count: usize| {
        let groups: Vec<String> = (0..count).map(|index| format!("group-{index:04}")).collect();
        bearer("/a.png", &hs256(&claims_with(json!({ "groups": groups }))))
    };
    for authorizer in [plain(), signed()] {
        assert_eq!(code(&decide(&authorizer, &with_groups(400))), "allowed");
        assert_eq!(code(&decide(&authorizer, &with_groups(500))), "policy_denied");
    }
}

fn header(members: Value) -> Value {
    let mut right = json!({ "name": "x-claims", "claims": ["sub"] });
    right.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    with("/forward/claimsHeader", right)
}

#[test]
fn what_is_wrong_with_it_is_said() {
    let at = |key: &str, message: &str| format!("forward.claimsHeader.{key}: {message}");
    assert_eq!(problems(&header(json!({}))), Vec::<String>::new());
    assert_eq!(problems(&header(json!({ "claims": ["iat"] }))), Vec::<String>::new());
    let secret = json!({ "file": "./claims.txt" });
    for (members, key, message) in [
        (
            json!({ "name": "host" }),
            "name",
            "CloudFront does not let a function set `host`: choose another name, `x-user` for one",
        ),
        (json!({ "name": "a b" }), "name", "`a b` is no name for a header"),
        (json!({ "claims": [] }), "claims", "no claim: name those that the origin may know, `[\"sub\"]` for one"),
        (json!({ "claims": ["sub", ""] }), "claims", "the claim has an empty name"),
        (json!({ "claims": ["a", "b", "a"] }), "claims", "the claim `a` is named twice"),
        (json!({ "claims": ["exp"], "secret": secret }), "claims", "`exp` is the signed header's own, not the token's"),
        (json!({ "secret": {} }), "secret", "it names no `file`, `ssm` or `secretsManager`, or more than one of them"),
        (
            json!({ "secret": { "file": "../claims.txt" } }),
            "secret.file",
            "`../claims.txt`: it has to be a file in the configuration's folder or below, as `./secret.txt` is",
        ),
    ] {
        assert_problem(&header(members), &at(key, message));
    }
    assert_problem(
        &with("/forward/claimsHeader", json!({ "claims": ["sub"] })),
        &at("name", "`name` is missing: the header's, `x-claims` for one"),
    );
    let mut twice = header(json!({ "name": "X_User" }));
    twice["forward"]["claimToHeaders"] = json!({ "x-user": "sub" });
    assert_problem(&twice, &at("name", "the header `x_user` is named in `claimToHeaders`, too"));
}

/// Who sees the header could send it back as a token.
#[test]
fn its_secret_is_no_providers() {
    for file in ["./secret.txt", "secret.txt"] {
        let claims_header = json!({ "name": "x-claims", "claims": ["sub"], "secret": { "file": file } });
        let configuration =
            crate::support::secret_configuration(json!({ "forward": { "claimsHeader": claims_header } }));
        assert_problem(
            &configuration,
            "forward.claimsHeader.secret: another part uses this secret, too: the header needs one of its own, or it could pass for a token",
        );
    }
}
