//! Whom a token is for: `iss`, `aud`, and Cognito's `token_use` and `client_id`.

use edge_authorizer_core::Authorizer;
use serde_json::{Value, json};

use crate::support::keys::{KEY, SECRET, key_set};
use crate::support::tokens::{claims, claims_with, claims_without, hs256, merged, rs256, token};
use crate::support::{AUDIENCE, ISSUER, authorizer, code_of, configuration, secret_authorizer, secret_authorizer_with};

/// Values that are neither a string nor an array.
fn no_strings() -> [Value; 6] {
    [json!(null), json!(true), json!(false), json!(0), json!(1.5), json!({ "images": true })]
}

#[test]
fn threat_16_iss_is_compared_exactly() {
    let authorizer = secret_authorizer(json!({}));
    for issuer in [
        "",
        "https://issuer.example/",
        "https://issuer.exampl",
        "https://issuer.example.stranger.example",
        "https://issuer.example@stranger.example",
        "https://ISSUER.example",
        "HTTPS://issuer.example",
        "http://issuer.example",
        "issuer.example",
        " https://issuer.example",
        "https://issuer.example ",
        "https://issuer.example\0",
        "https://issuer.example:443",
        "https://\u{456}ssuer.example",
        "issuer",
    ] {
        assert_eq!(code_of(&authorizer, &hs256(&claims_with(json!({ "iss": issuer })))), "issuer_unknown", "{issuer}");
    }
    for issuer in no_strings().into_iter().chain([json!([ISSUER]), json!([])]) {
        let token = hs256(&claims_with(json!({ "iss": issuer })));
        assert_eq!(code_of(&authorizer, &token), "claim_malformed", "{issuer}");
    }
    assert_eq!(code_of(&authorizer, &hs256(&claims_without("iss"))), "claim_missing");
}

#[test]
fn an_issuer_of_null_is_for_tokens_without_iss_only() {
    let authorizer = secret_authorizer_with(json!({ "issuer": null }));
    assert_eq!(code_of(&authorizer, &hs256(&claims_without("iss"))), "allowed");
    assert_eq!(code_of(&authorizer, &hs256(&claims())), "issuer_unknown");
    assert_eq!(code_of(&authorizer, &hs256(&claims_with(json!({ "iss": "" })))), "issuer_unknown");
    assert_eq!(code_of(&authorizer, &hs256(&claims_with(json!({ "iss": null })))), "claim_malformed");
}

#[test]
fn threat_15_aud_names_a_configured_audience_exactly() {
    let one = secret_authorizer(json!({}));
    let two = secret_authorizer_with(json!({ "audience": ["videos", AUDIENCE] }));
    let cases = [
        (json!("images"), "allowed"),
        (json!(["images"]), "allowed"),
        (json!(["other", "images"]), "allowed"),
        (json!(["images", "images"]), "allowed"),
        (json!("other"), "audience_mismatch"),
        (json!(""), "audience_mismatch"),
        (json!("image"), "audience_mismatch"),
        (json!("images2"), "audience_mismatch"),
        (json!("Images"), "audience_mismatch"),
        (json!(" images"), "audience_mismatch"),
        (json!("images other"), "audience_mismatch"),
        (json!("images,other"), "audience_mismatch"),
        (json!("[\"images\"]"), "audience_mismatch"),
        (json!([]), "audience_mismatch"),
        (json!([""]), "audience_mismatch"),
        (json!(["other", "images2"]), "audience_mismatch"),
        (json!(["images", 1]), "claim_malformed"),
        (json!(["images", null]), "claim_malformed"),
        (json!([["images"]]), "claim_malformed"),
    ];
    for authorizer in [one, two] {
        for (audience, expected) in &cases {
            let token = hs256(&claims_with(json!({ "aud": audience })));
            assert_eq!(code_of(&authorizer, &token), *expected, "{audience}");
        }
        for audience in no_strings() {
            let token = hs256(&claims_with(json!({ "aud": audience })));
            assert_eq!(code_of(&authorizer, &token), "claim_malformed", "{audience}");
        }
        assert_eq!(code_of(&authorizer, &hs256(&claims_without("aud"))), "claim_missing");
        assert_eq!(
            code_of(&authorizer, &hs256(&merged(claims_without("aud"), json!({ "client_id": AUDIENCE })))),
            "claim_missing"
        );
    }
}

#[test]
fn an_audience_of_null_takes_any() {
    let authorizer = secret_authorizer_with(json!({ "audience": null }));
    for audience in [json!("other"), json!([]), json!(null), json!(1)] {
        assert_eq!(code_of(&authorizer, &hs256(&claims_with(json!({ "aud": audience })))), "allowed", "{audience}");
    }
    assert_eq!(code_of(&authorizer, &hs256(&claims_without("aud"))), "allowed");
}

const POOL: &str = "eu-west-1_Example01";

fn cognito(members: Value) -> Authorizer {
    let provider = json!({
        "userPoolId": POOL, "tokenUse": "access", "clientId": "app", "jwks": key_set(&[KEY.jwk("k1")])
    });
    authorizer(&configuration(merged(provider, members), json!({})))
}

fn pool_issuer(host: &str) -> String {
    format!("https://{host}.eu-west-1.amazonaws.com/{POOL}")
}

fn access_token(changes: Value) -> String {
    let mut claims = merged(claims_without("aud"), json!({ "token_use": "access", "client_id": "app" }));
    claims["iss"] = json!(pool_issuer("cognito-idp"));
    rs256(&merged(claims, changes))
}

fn id_token(changes: Value) -> String {
    let claims = json!({ "iss": pool_issuer("cognito-idp"), "token_use": "id", "aud": "app" });
    rs256(&claims_with(merged(claims, changes)))
}

#[test]
fn a_user_pool_has_two_issuers_and_no_more() {
    let authorizer = cognito(json!({}));
    for (issuer, expected) in [
        (pool_issuer("cognito-idp"), "allowed"),
        (pool_issuer("issuer-cognito-idp"), "allowed"),
        (pool_issuer("Cognito-Idp"), "issuer_unknown"),
        (pool_issuer("cognito-idp") + "/", "issuer_unknown"),
        (pool_issuer("cognito-idp").replace("https", "http"), "issuer_unknown"),
        (pool_issuer("cognito-idp").replace("Example01", "example01"), "issuer_unknown"),
        (pool_issuer("cognito-idp").replace("eu-west-1.", "eu-west-2."), "issuer_unknown"),
        (pool_issuer("cognito-idp-fips"), "issuer_unknown"),
    ] {
        assert_eq!(code_of(&authorizer, &access_token(json!({ "iss": issuer }))), expected, "{issuer}");
    }
}

#[test]
fn threat_14_token_use_is_the_configured_one() {
    for (configured, access, id) in [
        (json!("access"), "allowed", "token_use_mismatch"),
        (json!("id"), "token_use_mismatch", "allowed"),
        (json!(null), "allowed", "allowed"),
    ] {
        let authorizer = cognito(json!({ "tokenUse": configured }));
        assert_eq!(code_of(&authorizer, &access_token(json!({}))), access, "{configured}");
        assert_eq!(code_of(&authorizer, &id_token(json!({}))), id, "{configured}");
        for other in ["", "ACCESS", "Id", "refresh", "access id"] {
            let token = access_token(json!({ "token_use": other, "aud": "app" }));
            assert_eq!(code_of(&authorizer, &token), "token_use_mismatch", "{configured} {other}");
        }
        for malformed in no_strings().into_iter().chain([json!(["access"])]) {
            let token = access_token(json!({ "token_use": malformed, "aud": "app" }));
            assert_eq!(code_of(&authorizer, &token), "claim_malformed", "{configured} {malformed}");
        }
        let mut without = claims_with(json!({ "iss": pool_issuer("cognito-idp"), "client_id": "app", "aud": "app" }));
        assert_eq!(code_of(&authorizer, &rs256(&without)), "claim_missing", "{configured}");
        without["tokenUse"] = json!("access");
        assert_eq!(code_of(&authorizer, &rs256(&without)), "claim_missing", "{configured}");
    }
}

/// RFC 8725, section 3.11: whoever asks for `at+jwt` (RFC 9068) is safe from an ID token with the same audience.
#[test]
fn threat_14_typ_is_a_configured_one_where_one_is_asked_for() {
    let code_for = |configured: &Value, typ: &Value| {
        let authorizer = secret_authorizer_with(json!({ "typ": configured }));
        code_of(&authorizer, &token(&json!({ "alg": "HS256", "typ": typ }), &claims(), SECRET))
    };
    for configured in [json!("at+jwt"), json!("application/AT+jwt"), json!(["logout+jwt", "at+jwt"])] {
        for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/at+JWT"] {
            assert_eq!(code_for(&configured, &json!(typ)), "allowed", "{configured} {typ}");
        }
        for typ in ["", "JWT", "application/jwt", "at+jwt2", "text/at+jwt", "at+jwt ", "application/", "id+jwt"] {
            assert_eq!(code_for(&configured, &json!(typ)), "token_use_mismatch", "{configured} {typ}");
        }
        for typ in no_strings().into_iter().chain([json!(["at+jwt"])]) {
            assert_eq!(code_for(&configured, &typ), "token_malformed", "{configured} {typ}");
        }
        let authorizer = secret_authorizer_with(json!({ "typ": configured }));
        assert_eq!(code_of(&authorizer, &hs256(&claims())), "token_use_mismatch", "{configured}");
        // It is the header that is asked, not a claim.
        let claim = hs256(&claims_with(json!({ "typ": "at+jwt" })));
        assert_eq!(code_of(&authorizer, &claim), "token_use_mismatch", "{configured}");
    }
    assert_eq!(code_for(&json!(["logout+jwt", "JWT"]), &json!("at+jwt")), "token_use_mismatch");
}

#[test]
fn the_app_client_is_in_client_id_of_access_tokens_and_in_aud_of_id_tokens() {
    let access = cognito(json!({ "clientId": ["other", "app"] }));
    let id = cognito(json!({ "clientId": ["other", "app"], "tokenUse": "id" }));
    for (client, expected) in [
        (json!("app"), "allowed"),
        (json!("other"), "allowed"),
        (json!("App"), "audience_mismatch"),
        (json!("ap"), "audience_mismatch"),
        (json!("app2"), "audience_mismatch"),
        (json!(""), "audience_mismatch"),
    ] {
        assert_eq!(code_of(&access, &access_token(json!({ "client_id": client }))), expected, "{client}");
        assert_eq!(code_of(&id, &id_token(json!({ "aud": client }))), expected, "{client}");
        // What the other kind of token says it with does not count.
        let both = json!({ "client_id": client, "aud": "stranger" });
        assert_eq!(code_of(&access, &access_token(both)), expected, "{client}");
        let both = json!({ "aud": client, "client_id": "stranger" });
        assert_eq!(code_of(&id, &id_token(both)), expected, "{client}");
    }
    for malformed in no_strings().into_iter().chain([json!(["app"])]) {
        let token = access_token(json!({ "client_id": malformed }));
        assert_eq!(code_of(&access, &token), "claim_malformed", "{malformed}");
    }
    let without = merged(claims_without("aud"), json!({ "iss": pool_issuer("cognito-idp") }));
    for (authorizer, token_use) in [(access, "access"), (id, "id")] {
        let token = rs256(&merged(without.clone(), json!({ "token_use": token_use })));
        assert_eq!(code_of(&authorizer, &token), "claim_missing", "{token_use}");
    }
}

#[test]
fn a_client_id_of_null_takes_any_but_still_asks_for_token_use() {
    let authorizer = cognito(json!({ "clientId": null }));
    assert_eq!(code_of(&authorizer, &access_token(json!({ "client_id": "stranger" }))), "allowed");
    assert_eq!(code_of(&authorizer, &access_token(json!({ "client_id": 1 }))), "allowed");
    assert_eq!(code_of(&authorizer, &id_token(json!({}))), "token_use_mismatch");
}

/// What is wrong is said in one order, whatever else is wrong: a viewer learns nothing by combining.
#[test]
fn the_signature_is_verified_before_any_claim_but_iss() {
    let authorizer = secret_authorizer(json!({}));
    let expired = claims_with(json!({ "exp": 1, "aud": "other" }));
    let forged =
        crate::support::tokens::token(&json!({ "alg": "HS256" }), &expired, &crate::support::keys::SECRET[1..]);
    assert_eq!(code_of(&authorizer, &forged), "signature_invalid");
    assert_eq!(code_of(&authorizer, &hs256(&expired)), "audience_mismatch");
}
