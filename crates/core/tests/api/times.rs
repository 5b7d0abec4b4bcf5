//! When a token is valid: `exp`, `nbf`, `iat` and `graceSeconds`.

use edge_authorizer_core::{Authorizer, UnixTime};
use serde_json::{Value, json};

use crate::support::keys::{SECRET, base64url};
use crate::support::tokens::{claims, claims_with, claims_without, hs256, token_of_parts};
use crate::support::{NOW, bearer, code, code_of, decide_at, secret_authorizer, secret_authorizer_with};

fn code_at(authorizer: &Authorizer, claims: &Value, now: f64) -> &'static str {
    code(&decide_at(authorizer, &bearer("/a.png", &hs256(claims)), now))
}

/// The code for claims whose member `name` is written like this.
fn code_of_text(name: &str, value: &str) -> &'static str {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    let claims = claims.to_string().replacen('{', &format!("{{\"{name}\":{value},"), 1);
    let token = token_of_parts("HS256", &base64url(r#"{"alg":"HS256"}"#), &base64url(claims), SECRET);
    code_of(&secret_authorizer(json!({})), &token)
}

/// RFC 7519, section 4.1.4: "on or after".
#[test]
fn threat_5_a_token_is_expired_when_exp_has_come() {
    let authorizer = secret_authorizer(json!({}));
    let claims = claims_with(json!({ "exp": NOW }));
    assert_eq!(code_at(&authorizer, &claims, NOW - 1.0), "allowed");
    assert_eq!(code_at(&authorizer, &claims, NOW - 0.001), "allowed");
    assert_eq!(code_at(&authorizer, &claims, NOW), "token_expired");
    assert_eq!(code_at(&authorizer, &claims, NOW + 0.001), "token_expired");
    assert_eq!(code_at(&authorizer, &claims, 1e300), "token_expired");
}

#[test]
fn threat_5_a_token_without_exp_is_refused_unless_the_configuration_says_otherwise() {
    let without = hs256(&claims_without("exp"));
    assert_eq!(code_of(&secret_authorizer(json!({})), &without), "claim_missing");
    assert_eq!(code_of(&secret_authorizer_with(json!({ "allowMissingExpiry": false })), &without), "claim_missing");

    let allowing = secret_authorizer_with(json!({ "allowMissingExpiry": true }));
    assert_eq!(code_of(&allowing, &without), "allowed");
    // One that is there still counts.
    assert_eq!(code_of(&allowing, &hs256(&claims_with(json!({ "exp": NOW })))), "token_expired");
    assert_eq!(code_of(&allowing, &hs256(&claims_with(json!({ "exp": null })))), "claim_malformed");
    assert_eq!(code_of(&allowing, &hs256(&claims_with(json!({ "exp": "never" })))), "claim_malformed");
}

#[test]
fn a_token_is_not_valid_before_nbf_and_iat() {
    let authorizer = secret_authorizer(json!({}));
    for name in ["nbf", "iat"] {
        let claims = claims_with(json!({ name: NOW }));
        assert_eq!(code_at(&authorizer, &claims, NOW - 1.0), "token_not_yet_valid", "{name}");
        assert_eq!(code_at(&authorizer, &claims, NOW - 0.001), "token_not_yet_valid", "{name}");
        assert_eq!(code_at(&authorizer, &claims, NOW), "allowed", "{name}");
        assert_eq!(code_at(&authorizer, &claims, NOW + 1.0), "allowed", "{name}");
    }
    assert_eq!(code_of(&authorizer, &hs256(&claims_without("iat"))), "allowed");
}

#[test]
fn threat_17_grace_moves_each_boundary_by_as_much() {
    for grace in [0_u8, 1, 30, 60] {
        let authorizer = secret_authorizer_with(json!({ "graceSeconds": grace }));
        let grace = f64::from(grace);
        let expiring = claims_with(json!({ "exp": NOW }));
        assert_eq!(code_at(&authorizer, &expiring, NOW + grace - 0.001), "allowed", "{grace}");
        assert_eq!(code_at(&authorizer, &expiring, NOW + grace), "token_expired", "{grace}");
        for name in ["nbf", "iat"] {
            let coming = claims_with(json!({ name: NOW }));
            assert_eq!(code_at(&authorizer, &coming, NOW - grace), "allowed", "{name} {grace}");
            assert_eq!(code_at(&authorizer, &coming, NOW - grace - 0.001), "token_not_yet_valid", "{name} {grace}");
        }
    }
}

/// jsonwebtoken CVE-2026-25537: a date of a wrong type was taken for an absent one.
#[test]
fn threat_4_a_date_of_a_wrong_type_is_refused() {
    for name in ["exp", "nbf", "iat"] {
        for value in [
            "null",
            "true",
            "false",
            "\"\"",
            "\"1700000300\"",
            "\"2030-01-01T00:00:00Z\"",
            "\"Infinity\"",
            "[]",
            "[1700000300]",
            "{}",
            "{\"seconds\":1700000300}",
            "-1",
            "-1.5",
            "-1700000300",
            "-1e300",
            "1e300",
            "1e16",
            "9007199254740993000",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775809",
            "1.797693e308",
        ] {
            assert_eq!(code_of_text(name, value), "claim_malformed", "{name} {value}");
        }
        for value in ["1e400", "-1e400", "NaN", "Infinity", "0x7fffffff", "01700000300", "1700000300."] {
            assert_eq!(code_of_text(name, value), "token_malformed", "{name} {value}");
        }
    }
}

#[test]
fn a_date_may_have_a_fraction_or_an_exponent() {
    for (value, expected) in [
        ("1700000000.5", "allowed"),
        ("1.7000003e9", "allowed"),
        ("17000003E+2", "allowed"),
        ("9007199254740992", "allowed"),
        ("1700000000.0", "token_expired"),
        ("1699999999.999", "token_expired"),
        ("17e8", "token_expired"),
        ("0", "token_expired"),
        ("-0", "token_expired"),
        ("-0.0", "token_expired"),
        ("1e-400", "token_expired"),
    ] {
        assert_eq!(code_of_text("exp", value), expected, "{value}");
    }
    assert_eq!(code_of_text("nbf", "1700000000.5"), "token_not_yet_valid");
    assert_eq!(code_of_text("iat", "1.7e9"), "allowed");
}

#[test]
fn threat_17_no_sum_of_times_overflows() {
    let authorizer = secret_authorizer_with(json!({ "graceSeconds": 60 }));
    let largest = 9_007_199_254_740_992_u64;
    assert_eq!(code_at(&authorizer, &claims_with(json!({ "exp": largest })), NOW), "allowed");
    assert_eq!(code_at(&authorizer, &claims_with(json!({ "exp": largest })), f64::MAX), "token_expired");
    assert_eq!(code_at(&authorizer, &claims_with(json!({ "nbf": largest })), NOW), "token_not_yet_valid");
    assert_eq!(code_at(&authorizer, &claims_with(json!({ "nbf": 0, "iat": 0 })), 0.0), "allowed");
    assert_eq!(code_at(&authorizer, &claims_with(json!({ "exp": 0, "iat": 0 })), 59.9), "allowed");
}

/// With NaN each comparison is false, and nothing ever expires.
#[test]
fn a_time_that_is_none_cannot_be_asked_about() {
    for seconds in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.001] {
        assert_eq!(UnixTime::from_seconds(seconds), None, "{seconds}");
    }
}

#[test]
fn a_token_may_be_only_so_old() {
    let authorizer = secret_authorizer_with(json!({ "maxTokenAgeSeconds": 600, "graceSeconds": 5 }));
    let at = |seconds: f64, claims: &Value| code(&decide_at(&authorizer, &bearer("/a", &hs256(claims)), NOW + seconds));
    let claims = claims_with(json!({ "iat": NOW, "exp": NOW + 3600.0 }));
    assert_eq!(at(604.0, &claims), "allowed");
    assert_eq!(at(605.0, &claims), "token_expired");
    assert_eq!(at(1.0, &claims_without("iat")), "claim_missing");
    assert_eq!(at(1.0, &claims_with(json!({ "iat": "1" }))), "claim_malformed");
}
