//! What the header of a token may say: algorithm, extensions, content, key.

use serde_json::json;

use crate::support::keys::{KEY, STRANGERS_KEY, base64url};
use crate::support::tokens::{claims, header_with, rs256, token, token_of_parts};
use crate::support::{code_of, code_of_header, code_of_payload, rsa_authorizer};

#[test]
fn threat_1_alg_none_is_refused_in_any_spelling() {
    let authorizer = rsa_authorizer();
    for algorithm in ["none", "None", "NONE", "nOnE", "none ", " none", "no\u{6e}e", "null", "false", "0", "plain", ""]
    {
        let header = header_with(json!({ "alg": algorithm }));
        let signed = token(&header, &claims(), &*KEY);
        assert_eq!(code_of(&authorizer, &signed), "algorithm_not_allowed", "{algorithm:?}");
        let input = signed.rsplit_once('.').unwrap().0;
        assert_eq!(code_of(&authorizer, &format!("{input}.")), "algorithm_not_allowed", "{algorithm:?}");
        assert_eq!(code_of(&authorizer, input), "token_malformed", "{algorithm:?}");
    }
}

#[test]
fn threat_1_alg_is_one_that_the_provider_allows_by_its_exact_name() {
    let authorizer = rsa_authorizer();
    for algorithm in [
        "rs256", "Rs256", "RS256 ", " RS256", "RS256\0", "RS-256", "RS1", "RS384", "RS512", "HS256", "HS384", "HS512",
        "PS256", "ES256", "ES256K", "EdDSA", "Ed25519", "RSA", "RSA1_5", "RSA-OAEP", "dir", "A128KW", "SHA256",
    ] {
        let token = token(&header_with(json!({ "alg": algorithm })), &claims(), &*KEY);
        assert_eq!(code_of(&authorizer, &token), "algorithm_not_allowed", "{algorithm:?}");
    }
}

#[test]
fn header_parameters_that_are_read_are_strings() {
    for name in ["alg", "kid", "typ"] {
        for value in [json!(null), json!(true), json!(0), json!(256), json!(["RS256"]), json!(["k1"]), json!({})] {
            let header = header_with(json!({ name: value })).to_string();
            assert_eq!(code_of_header(header.as_bytes()), "token_malformed", "{header}");
        }
    }
    assert_eq!(code_of_header(br#"{"kid":"k1"}"#), "token_malformed");
    assert_eq!(code_of_header(br#"{"ALG":"RS256","kid":"k1"}"#), "token_malformed");
    assert_eq!(code_of_header(b"{}"), "token_malformed");
    assert_eq!(code_of_header(br#"{"alg":"RS256","kid":"k1"}"#), "allowed");
}

/// PyJWT CVE-2026-32597, fast-jwt CVE-2026-35042, Authlib CVE-2025-59420.
#[test]
fn threat_3_crit_is_refused() {
    for crit in
        [json!(["exp"]), json!(["b64"]), json!(["x"]), json!([]), json!(null), json!("b64"), json!({}), json!(0)]
    {
        let header = header_with(json!({ "crit": crit, "x": 1 })).to_string();
        assert_eq!(code_of_header(header.as_bytes()), "critical_header", "{header}");
    }
    assert_eq!(code_of_header(header_with(json!({ "x": 1, "CRIT": ["x"] })).to_string().as_bytes()), "allowed");
}

#[test]
fn threat_3_an_unencoded_payload_is_refused() {
    for b64 in [json!(false), json!(true), json!(null), json!("false"), json!(0)] {
        for header in [header_with(json!({ "b64": b64 })), header_with(json!({ "b64": b64, "crit": ["b64"] }))] {
            assert_eq!(code_of_header(header.to_string().as_bytes()), "critical_header", "{header}");
        }
    }
    // As RFC 7797 has it: the payload itself is signed, and stands in the token as it is.
    let token = token_of_parts("RS256", &base64url(r#"{"alg":"RS256","b64":false,"crit":["b64"]}"#), "{}", &*KEY);
    assert_eq!(code_of(&rsa_authorizer(), &token), "critical_header");
}

#[test]
fn threat_13_encrypted_tokens_are_refused() {
    let authorizer = rsa_authorizer();
    let header = base64url(r#"{"alg":"RSA-OAEP-256","enc":"A256GCM"}"#);
    for jwe in [format!("{header}.a2V5.aXY.dGV4dA.dGFn"), format!("{header}..aXY.dGV4dA.dGFn"), format!("{header}....")]
    {
        assert_eq!(code_of(&authorizer, &jwe), "token_malformed", "{jwe}");
    }
    for (name, value) in [("enc", json!("A128GCM")), ("zip", json!("DEF")), ("enc", json!(null)), ("zip", json!(null))]
    {
        let header = header_with(json!({ name: value })).to_string();
        assert_eq!(code_of_header(header.as_bytes()), "token_malformed", "{header}");
    }
}

#[test]
fn threat_13_nested_tokens_are_refused() {
    let inner = rs256(&claims());
    for content_type in
        [json!("JWT"), json!("jwt"), json!("application/jwt"), json!("Application/JWT"), json!(7), json!(null)]
    {
        let header = header_with(json!({ "cty": content_type })).to_string();
        assert_eq!(code_of_header(header.as_bytes()), "token_malformed", "{header}");
    }
    assert_eq!(code_of_payload(inner.as_bytes()), "token_malformed");
    assert_eq!(code_of_payload(format!("\"{inner}\"").as_bytes()), "token_malformed");
}

/// RFC 7515, section 4.1.10: what else `cty` says is between issuer and application.
#[test]
fn other_content_types_pass() {
    for content_type in ["", "json", "application/json", "example;v=1", "at+jwt", "text/jwt"] {
        let header = header_with(json!({ "cty": content_type })).to_string();
        assert_eq!(code_of_header(header.as_bytes()), "allowed", "{header}");
    }
}

#[test]
fn threat_11_a_token_does_not_bring_its_own_key() {
    let authorizer = rsa_authorizer();
    let own_key = STRANGERS_KEY.jwk("k1");
    for brought in [
        json!({ "jwk": own_key }),
        json!({ "jku": "https://stranger.example/jwks.json" }),
        json!({ "x5u": "https://stranger.example/certificate.pem" }),
        json!({ "x5c": [base64url("certificate")] }),
        json!({ "x5t": base64url("thumbprint"), "x5t#S256": base64url("thumbprint") }),
    ] {
        let header = header_with(brought);
        assert_eq!(code_of(&authorizer, &token(&header, &claims(), &*STRANGERS_KEY)), "signature_invalid", "{header}");
        assert_eq!(code_of(&authorizer, &token(&header, &claims(), &*KEY)), "allowed", "{header}");
    }
}

#[test]
fn threat_12_a_kid_is_compared_exactly_and_never_interpreted() {
    let authorizer = rsa_authorizer();
    for kid in [
        "",
        "K1",
        "k1 ",
        " k1",
        "k1\0",
        "k1\n",
        "k",
        "k11",
        "k1,k1",
        "k*",
        "?1",
        "../k1",
        "../../../../dev/null",
        "k1' OR '1'='1",
        "k1|cat /etc/passwd",
        "https://stranger.example/k1",
        "\u{212a}1",
        "k\u{ff11}",
        "__proto__",
        "0",
    ] {
        let token = token(&header_with(json!({ "kid": kid })), &claims(), &*KEY);
        assert_eq!(code_of(&authorizer, &token), "key_not_found", "{kid:?}");
    }
}
