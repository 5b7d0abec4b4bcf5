//! Keys and signatures on curves: ES256, ES384 and EdDSA. What the published vectors cover as well is here by its name.

use ed25519_dalek::Signer as _;
use edge_authorizer_core::Authorizer;
use p256::ecdsa::signature::Signer as _;
use serde_json::{Value, json};

use crate::support::keys::{Sign, base64url, key_set};
use crate::support::tokens::{claims, header_with, merged, token};
use crate::support::{AUDIENCE, ISSUER, authorizer, code_of, configuration};

/// The order of P-256's group (SEC 2, section 2.4.2).
const P256_ORDER: [u8; 32] = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
/// The prime of P-256's field.
const P256_PRIME: [u8; 32] = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");

const fn hex(digits: &str) -> [u8; 32] {
    const fn value(digit: u8) -> u8 {
        if digit <= b'9' { digit - b'0' } else { digit - b'a' + 10 }
    }
    let (digits, mut bytes, mut index) = (digits.as_bytes(), [0; 32], 0);
    while index < 32 {
        bytes[index] = value(digits[2 * index]) << 4 | value(digits[2 * index + 1]);
        index += 1;
    }
    bytes
}

struct P256(p256::ecdsa::SigningKey);

impl P256 {
    fn new(secret: u8) -> Self {
        Self(p256::ecdsa::SigningKey::from_slice(&[secret; 32]).unwrap())
    }

    fn jwk(&self) -> Value {
        let point = self.0.verifying_key().to_sec1_point(false);
        let (x, y) = (base64url(point.x().unwrap()), base64url(point.y().unwrap()));
        json!({ "kty": "EC", "crv": "P-256", "kid": "k1", "x": x, "y": y })
    }

    fn signature(&self, input: &[u8]) -> p256::ecdsa::Signature {
        self.0.sign(input)
    }
}

impl Sign for P256 {
    fn sign(&self, _algorithm: &str, input: &[u8]) -> Vec<u8> {
        self.signature(input).to_bytes().to_vec()
    }
}

struct Ed25519(ed25519_dalek::SigningKey);

impl Ed25519 {
    fn new(secret: u8) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(&[secret; 32]))
    }

    fn jwk(&self) -> Value {
        ed25519_jwk(self.0.verifying_key().as_bytes())
    }
}

impl Sign for Ed25519 {
    fn sign(&self, _algorithm: &str, input: &[u8]) -> Vec<u8> {
        self.0.sign(input).to_bytes().to_vec()
    }
}

fn ed25519_jwk(point: &[u8]) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "kid": "k1", "x": base64url(point) })
}

fn with_key(jwk: Value, algorithms: &[&str]) -> Authorizer {
    let keys = key_set(&[jwk]);
    let provider = json!({ "issuer": ISSUER, "audience": AUDIENCE, "jwks": keys, "algorithms": algorithms });
    authorizer(&configuration(provider, json!({})))
}

/// Why the key is not used by a provider with these algorithms.
fn reason_against(jwk: Value, algorithms: &[&str]) -> String {
    let provider = json!({ "issuer": ISSUER, "audience": AUDIENCE, "algorithms": algorithms });
    let mut authorizer = authorizer(&configuration(provider, json!({})));
    authorizer.set_key_set("issuer", &key_set(&[jwk]).to_string(), None).unwrap_err()
}

fn header(algorithm: &str) -> Value {
    header_with(json!({ "alg": algorithm }))
}

/// The token's input with another signature.
fn with_signature(input: &str, signature: &[u8]) -> String {
    format!("{input}.{}", base64url(signature))
}

#[test]
fn threat_7_an_ecdsa_signature_is_two_numbers_in_range_of_fixed_length() {
    let key = P256::new(7);
    let authorizer = with_key(key.jwk(), &["ES256"]);
    let token = token(&header("ES256"), &claims(), &key);
    assert_eq!(code_of(&authorizer, &token), "allowed");

    let (input, _) = token.rsplit_once('.').unwrap();
    let signature = key.signature(input.as_bytes());
    let (r, s) = (signature.r().to_bytes().to_vec(), signature.s().to_bytes().to_vec());
    let (zero, one) = ([0; 32], number(1));
    let mut forged: Vec<Vec<u8>> = Vec::new();
    for edge in [&zero[..], &P256_ORDER, &above(&P256_ORDER), &[0xff; 32]] {
        forged.extend([[edge, &s].concat(), [&r, edge].concat(), [edge, edge].concat()]);
    }
    // CVE-2022-21449: what all zeros would verify.
    forged.extend([vec![0; 64], [&one[..], &one].concat(), [&one[..], &zero].concat(), [&s[..], &r].concat()]);
    forged.extend([
        signature.to_der().as_bytes().to_vec(),
        [&[0], &r[..], &[0], &s].concat(),
        [&r[..], &s, &[0]].concat(),
        [&r[..], &s[..31]].concat(),
        [&r[1..], &s[1..]].concat(),
        [&r[..], &s, &r, &s].concat(),
        r.clone(),
        Vec::new(),
    ]);
    for signature in forged {
        let token = with_signature(input, &signature);
        assert_eq!(code_of(&authorizer, &token), "signature_invalid", "{} bytes", signature.len());
    }
}

fn number(value: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[31] = value;
    bytes
}

fn above(number: &[u8; 32]) -> [u8; 32] {
    let mut bytes = *number;
    bytes[31] += 1;
    bytes
}

#[test]
fn threat_8_a_point_is_on_its_curve_and_in_full_length() {
    let jwk = P256::new(7).jwk();
    let with = |changes: Value| reason_against(merged(jwk.clone(), changes), &["ES256"]);
    let other = P256::new(8).jwk();
    let zero = base64url([0; 32]);
    for changes in [
        json!({ "y": other["y"] }),
        json!({ "x": other["x"] }),
        json!({ "x": jwk["y"], "y": jwk["x"] }),
        json!({ "x": zero }),
        // What some libraries take for the point at infinity.
        json!({ "x": zero, "y": zero }),
        json!({ "x": base64url(P256_PRIME), "y": zero }),
        json!({ "x": base64url([0xff; 32]) }),
    ] {
        let reason = with(changes.clone());
        assert!(reason.contains("its point is not on the curve"), "{changes}: {reason}");
    }
    for length in [0, 1, 31, 33, 48, 64] {
        let reason = with(json!({ "x": base64url(vec![1; length]) }));
        assert!(reason.contains("its `x` or `y` has not 32 bytes"), "{length}: {reason}");
    }
}

#[test]
fn threat_8_a_key_is_for_the_algorithm_of_its_curve() {
    let jwk = P256::new(7).jwk();
    let all = ["ES256", "ES384", "EdDSA"];
    for changes in [
        json!({ "crv": "P-384" }),
        json!({ "crv": "p-256" }),
        json!({ "crv": "secp256k1" }),
        json!({ "crv": "Ed25519" }),
        json!({ "crv": null }),
        json!({ "kty": "OKP" }),
        json!({ "kty": "RSA" }),
        json!({ "kty": "OKP", "crv": "Ed25519", "alg": "ES256" }),
        json!({ "alg": "ES384" }),
        json!({ "alg": "EdDSA" }),
    ] {
        let reason = reason_against(merged(jwk.clone(), changes.clone()), &all);
        assert!(reason.contains("the key set has no usable key"), "{changes}: {reason}");
    }
    // A key of one curve never verifies for another's algorithm, whatever the token says.
    let key = P256::new(7);
    let authorizer = with_key(jwk, &all);
    for algorithm in ["ES384", "EdDSA"] {
        let token = token(&header(algorithm), &claims(), &key);
        assert_eq!(code_of(&authorizer, &token), "key_not_found", "{algorithm}");
    }
    let edwards = Ed25519::new(7);
    let authorizer = with_key(edwards.jwk(), &all);
    assert_eq!(code_of(&authorizer, &token(&header("EdDSA"), &claims(), &edwards)), "allowed");
    assert_eq!(code_of(&authorizer, &token(&header("ES256"), &claims(), &edwards)), "key_not_found");
}

/// Eight points have an order that divides 8. With such a key, a signature of the neutral element and zero verifies for
/// every message, or for one in a few.
#[test]
fn threat_8_an_ed25519_key_of_small_order_is_not_used() {
    let order_8 = hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
    let order_8_other = hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
    let neutral = hex("0100000000000000000000000000000000000000000000000000000000000000");
    let order_2 = hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    let order_4 = [0; 32];
    for point in [order_8, order_8_other, neutral, order_2, order_4] {
        for sign in [0, 0x80] {
            let mut point = point;
            point[31] |= sign;
            let reason = reason_against(ed25519_jwk(&point), &["EdDSA"]);
            assert!(reason.contains("not on the curve, or of small order"), "{point:?}: {reason}");
        }
    }
    for length in [0, 31, 33, 64] {
        let reason = reason_against(ed25519_jwk(&vec![1; length]), &["EdDSA"]);
        assert!(reason.contains("its `x` has not 32 bytes"), "{length}: {reason}");
    }
}

/// Who sees a signature cannot make another one for the same message of it.
#[test]
fn threat_8_an_ed25519_signature_has_one_form() {
    let key = Ed25519::new(7);
    let authorizer = with_key(key.jwk(), &["EdDSA"]);
    let token = token(&header("EdDSA"), &claims(), &key);
    let (input, _) = token.rsplit_once('.').unwrap();
    let signature = key.sign("EdDSA", input.as_bytes());
    assert_eq!(code_of(&authorizer, &with_signature(input, &signature)), "allowed");

    let (r, s) = signature.split_at(32);
    // RFC 8032, section 5.1.7: S is smaller than the order of the group. S plus the order would verify the same.
    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0;
    let malleable: Vec<u8> = s
        .iter()
        .zip(order)
        .map(|(byte, more)| {
            let sum = u16::from(*byte) + u16::from(more) + carry;
            carry = sum >> 8;
            sum as u8
        })
        .collect();
    let neutral = hex("0100000000000000000000000000000000000000000000000000000000000000");
    for forged in [
        [r, &malleable].concat(),
        [r, &[0; 32]].concat(),
        [&neutral[..], s].concat(),
        [&neutral[..], &[0; 32]].concat(),
        [s, r].concat(),
        signature[..63].to_vec(),
        [&signature[..], &[0]].concat(),
        Vec::new(),
        vec![0; 64],
    ] {
        assert_eq!(code_of(&authorizer, &with_signature(input, &forged)), "signature_invalid", "{forged:?}");
    }
}
