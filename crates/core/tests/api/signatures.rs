//! Which signatures hold: algorithms, sizes of keys, changed signatures, and keys of one kind taken for another.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use edge_authorizer_core::Authorizer;
use rsa::BigUint;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::EncodePublicKey;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

use crate::support::keys::{KEY, RsaKey, SECRET, STRANGERS_KEY, Sign, base64url, key_set, oct};
use crate::support::tokens::{claims, claims_with, header_with, merged, rs256, token};
use crate::support::{AUDIENCE, ISSUER, authorizer, code_of, configuration, rsa_authorizer};

const RSA: [&str; 3] = ["RS256", "RS384", "RS512"];
const HMAC: [(&str, usize); 3] = [("HS256", 32), ("HS384", 48), ("HS512", 64)];

fn authorizer_with(keys: &[Value], algorithms: &[&str]) -> Authorizer {
    let provider = json!({ "issuer": ISSUER, "audience": AUDIENCE, "jwks": key_set(keys), "algorithms": algorithms });
    authorizer(&configuration(provider, json!({})))
}

fn signed(algorithm: &str, key: &(impl Sign + ?Sized)) -> String {
    token(&header_with(json!({ "alg": algorithm })), &claims(), key)
}

#[test]
fn each_rsa_algorithm_verifies_its_own_signatures_only() {
    for algorithm in RSA {
        let one = authorizer_with(&[KEY.jwk("k1")], &[algorithm]);
        let all = authorizer_with(&[KEY.jwk("k1")], &RSA);
        assert_eq!(code_of(&one, &signed(algorithm, &*KEY)), "allowed", "{algorithm}");
        assert_eq!(code_of(&all, &signed(algorithm, &*KEY)), "allowed", "{algorithm}");
        assert_eq!(code_of(&all, &signed(algorithm, &*STRANGERS_KEY)), "signature_invalid", "{algorithm}");
        for other in RSA.into_iter().filter(|other| *other != algorithm) {
            assert_eq!(code_of(&one, &signed(other, &*KEY)), "algorithm_not_allowed", "{other} for {algorithm}");
            let input = signed(algorithm, &*KEY);
            let input = input.rsplit_once('.').unwrap().0;
            let signature = base64url(KEY.sign(other, input.as_bytes()));
            assert_eq!(code_of(&all, &format!("{input}.{signature}")), "signature_invalid", "{other} for {algorithm}");
        }
    }
}

#[test]
fn each_hmac_algorithm_verifies_its_own_signatures_only() {
    let secret = SECRET;
    for (algorithm, _) in HMAC {
        let one = authorizer_with(&[oct("k1", secret)], &[algorithm]);
        let all = authorizer_with(&[oct("k1", secret)], &["HS256", "HS384", "HS512"]);
        assert_eq!(code_of(&one, &signed(algorithm, secret)), "allowed", "{algorithm}");
        assert_eq!(code_of(&all, &signed(algorithm, secret)), "allowed", "{algorithm}");
        assert_eq!(code_of(&all, &signed(algorithm, &secret[1..])), "signature_invalid", "{algorithm}");
        for (other, _) in HMAC.into_iter().filter(|(other, _)| *other != algorithm) {
            assert_eq!(code_of(&one, &signed(other, secret)), "algorithm_not_allowed", "{other} for {algorithm}");
            let input = signed(algorithm, secret);
            let input = input.rsplit_once('.').unwrap().0;
            let signature = base64url(secret.sign(other, input.as_bytes()));
            assert_eq!(code_of(&all, &format!("{input}.{signature}")), "signature_invalid", "{other} for {algorithm}");
        }
    }
}

#[test]
fn threat_6_an_hmac_secret_is_as_long_as_the_hash() {
    for (algorithm, length) in HMAC {
        let provider = json!({ "issuer": ISSUER, "audience": AUDIENCE, "algorithms": [algorithm] });
        let mut authorizer = authorizer(&configuration(provider, json!({})));
        for short in [0, 1, length - 1] {
            let secret = &SECRET[..short];
            assert!(authorizer.set_secret("providers.issuer.secret", secret, None).is_err(), "{algorithm} {short}");
            let set = key_set(&[oct("k1", secret)]).to_string();
            assert!(authorizer.set_key_set("issuer", &set, None).is_err(), "{algorithm} {short}");
            assert_eq!(code_of(&authorizer, &signed(algorithm, secret)), "secrets_unavailable");
        }
        let secret = &SECRET[..length];
        authorizer.set_key_set("issuer", &key_set(&[oct("k1", secret)]).to_string(), None).unwrap();
        assert_eq!(code_of(&authorizer, &signed(algorithm, secret)), "allowed", "{algorithm}");
    }
}

/// A secret that is long enough for one algorithm of its provider is not used for another.
#[test]
fn threat_6_a_secret_is_never_used_with_a_longer_hash() {
    let short = &SECRET[..32];
    let authorizer = authorizer_with(&[oct("k1", short)], &["HS256", "HS384", "HS512"]);
    assert_eq!(code_of(&authorizer, &signed("HS256", short)), "allowed");
    assert_eq!(code_of(&authorizer, &signed("HS384", short)), "key_not_found");
    assert_eq!(code_of(&authorizer, &signed("HS512", short)), "key_not_found");
}

#[test]
fn rsa_keys_of_2048_to_4096_bits_verify() {
    // Seeds that come upon primes soon.
    for (seed, bits) in [(3, 2048), (20, 3072), (10, 4096)] {
        let key = RsaKey::new(seed, bits);
        let authorizer = authorizer_with(&[key.jwk("k1")], &RSA);
        for algorithm in RSA {
            assert_eq!(code_of(&authorizer, &signed(algorithm, &key)), "allowed", "{bits} {algorithm}");
        }
        assert_eq!(code_of(&authorizer, &signed("RS256", &*STRANGERS_KEY)), "signature_invalid", "{bits}");
    }
}

#[test]
fn rsa_keys_with_exponent_3_verify() {
    let key = RsaKey::with_exponent(6, 2048, 3);
    assert_eq!(code_of(&authorizer_with(&[key.jwk("k1")], &["RS256"]), &signed("RS256", &key)), "allowed");
}

#[test]
fn threat_6_rsa_keys_of_other_sizes_are_not_used() {
    for (seed, bits) in [(7, 1024), (8, 1536), (9, 2040)] {
        assert_not_used(&RsaKey::new(seed, bits).jwk("k1"), &format!("{bits} bits, not 2048 to 4096"));
    }
    for bits in [0, 1, 8, 2047, 4097, 8192, 16384] {
        let modulus = if bits == 0 { BigUint::from(0_u8) } else { (BigUint::from(1_u8) << (bits - 1)) + 1_u8 };
        assert_not_used(&with_numbers(&modulus.to_bytes_be(), &[1, 0, 1]), "bits, not 2048 to 4096");
    }
}

#[test]
fn threat_6_rsa_keys_with_numbers_that_rsa_cannot_have_are_not_used() {
    let modulus = KEY.public().n().to_bytes_be();
    let even = BigUint::from_bytes_be(&modulus) - 1_u8;
    assert_not_used(&with_numbers(&even.to_bytes_be(), &[1, 0, 1]), "the modulus is even");
    // Bounded above, or verifying with one takes as long as signing.
    let unbounded = [&[2, 0, 0, 0, 1][..], &[1, 0, 0, 0, 0, 0, 0, 0, 1], &modulus];
    for exponent in [&[][..], &[0], &[1], &[2], &[4], &[1, 0, 0], &[0, 0, 1]].into_iter().chain(unbounded) {
        assert_not_used(&with_numbers(&modulus, exponent), "the exponent is not an odd number from 3 to 2^33 - 1");
    }
    let leading_zero = [&[0], modulus.as_slice()].concat();
    let authorizer = authorizer_with(&[with_numbers(&leading_zero, &[0, 1, 0, 1])], &["RS256"]);
    assert_eq!(code_of(&authorizer, &signed("RS256", &*KEY)), "allowed");
}

fn with_numbers(modulus: &[u8], exponent: &[u8]) -> Value {
    merged(KEY.jwk("k1"), json!({ "n": base64url(modulus), "e": base64url(exponent) }))
}

fn assert_not_used(jwk: &Value, reason: &str) {
    let error =
        rsa_authorizer().set_key_set("issuer", &key_set(std::slice::from_ref(jwk)).to_string(), None).unwrap_err();
    assert!(error.contains(reason), "{error}");
}

/// The token's input, and its signature as bytes.
fn taken_apart(token: &str) -> (String, Vec<u8>) {
    let (input, signature) = token.rsplit_once('.').unwrap();
    (input.to_owned(), base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signature).unwrap())
}

#[test]
fn a_signature_changed_in_any_byte_is_invalid() {
    let authorizer = rsa_authorizer();
    let (input, signature) = taken_apart(&rs256(&claims()));
    for index in 0..signature.len() {
        let mut changed = signature.clone();
        changed[index] ^= 1 << (index % 8);
        let token = format!("{input}.{}", base64url(changed));
        assert_eq!(code_of(&authorizer, &token), "signature_invalid", "byte {index}");
    }
}

#[test]
fn an_hmac_changed_in_any_bit_is_invalid() {
    for (algorithm, _) in HMAC {
        let authorizer = authorizer_with(&[oct("k1", SECRET)], &[algorithm]);
        let (input, signature) = taken_apart(&signed(algorithm, SECRET));
        for bit in 0..signature.len() * 8 {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let token = format!("{input}.{}", base64url(changed));
            assert_eq!(code_of(&authorizer, &token), "signature_invalid", "{algorithm}, bit {bit}");
        }
    }
}

#[test]
fn a_signature_of_another_length_is_invalid() {
    let rsa = (rsa_authorizer(), rs256(&claims()));
    let hmac = HMAC.map(|(name, _)| (authorizer_with(&[oct("k1", SECRET)], &[name]), signed(name, SECRET)));
    for (authorizer, token) in [rsa].into_iter().chain(hmac) {
        let (input, signature) = taken_apart(&token);
        let length = signature.len();
        for changed in [
            Vec::new(),
            vec![0],
            signature[..1].to_vec(),
            signature[..length / 2].to_vec(),
            signature[..length - 1].to_vec(),
            signature[1..].to_vec(),
            [&signature[..], &[0]].concat(),
            [&[0], &signature[..]].concat(),
            [&signature[..], &signature[..]].concat(),
            vec![0; length],
            vec![0xff; length],
            vec![0; 4096],
        ] {
            let token = format!("{input}.{}", base64url(&changed));
            assert_eq!(code_of(&authorizer, &token), "signature_invalid", "{} bytes", changed.len());
        }
    }
}

/// RFC 8017, section 8.2.2: a signature that is not smaller than the modulus is out of range, though it would verify.
#[test]
fn an_rsa_signature_above_the_modulus_is_invalid() {
    let authorizer = rsa_authorizer();
    let modulus = BigUint::from_bytes_be(&KEY.public().n().to_bytes_be());
    let congruent = (0..1000).find_map(|number| {
        let (input, signature) = taken_apart(&rs256(&claims_with(json!({ "jti": number }))));
        let sum = (BigUint::from_bytes_be(&signature) + &modulus).to_bytes_be();
        (sum.len() == signature.len()).then(|| format!("{input}.{}", base64url(sum)))
    });
    assert_eq!(code_of(&authorizer, &congruent.unwrap()), "signature_invalid");
    for edge in [BigUint::from(1_u8), &modulus - 1_u8, modulus.clone()] {
        let (input, signature) = taken_apart(&rs256(&claims()));
        let mut padded = vec![0; signature.len()];
        let edge = edge.to_bytes_be();
        padded[signature.len() - edge.len()..].copy_from_slice(&edge);
        assert_eq!(code_of(&authorizer, &format!("{input}.{}", base64url(padded))), "signature_invalid");
    }
}

#[test]
fn a_signature_is_for_its_own_header_and_payload() {
    let authorizer = rsa_authorizer();
    let (one, another) = (rs256(&claims()), rs256(&claims_with(json!({ "sub": "mallory" }))));
    let [one, another]: [Vec<&str>; 2] = [one.split('.').collect(), another.split('.').collect()];
    let mixed = [one[0], another[1], one[2]].join(".");
    assert_eq!(code_of(&authorizer, &mixed), "signature_invalid");
    let header = base64url(json!({ "kid": "k1", "alg": "RS256" }).to_string() + " ");
    assert_eq!(code_of(&authorizer, &[&header, one[1], one[2]].join(".")), "signature_invalid");
}

/// fast-jwt CVE-2023-48223 and CVE-2026-34950, python-jose CVE-2024-33663.
#[test]
fn threat_2_a_public_key_is_no_hmac_secret() {
    let rsa_only = rsa_authorizer();
    let named = authorizer_with(&[merged(KEY.jwk("k1"), json!({ "alg": "RS256" }))], &RSA);
    // A provider with the same key set and with a secret of its own for other tokens.
    let mut configuration = crate::support::rsa_configuration(json!({}));
    configuration["providers"]["secret"] =
        json!({ "issuer": "secret", "audience": AUDIENCE, "secret": { "file": "s" } });
    let mut beside_hmac = authorizer(&configuration);
    beside_hmac.set_secret("providers.secret.secret", SECRET, None).unwrap();

    let forms = forms_of_the_public_key();
    assert!(forms.len() > 30, "{}", forms.len());
    for secret in &forms {
        for (algorithm, _) in HMAC {
            let forged = signed(algorithm, secret.as_slice());
            let text = String::from_utf8_lossy(secret);
            assert_eq!(code_of(&rsa_only, &forged), "algorithm_not_allowed", "{algorithm} {text}");
            assert_eq!(code_of(&named, &forged), "algorithm_not_allowed", "{algorithm} {text}");
            assert_eq!(code_of(&beside_hmac, &forged), "algorithm_not_allowed", "{algorithm} {text}");
            // The secret's provider neither has this key.
            let claims = claims_with(json!({ "iss": "secret" }));
            let forged = token(&json!({ "alg": algorithm }), &claims, secret.as_slice());
            assert_eq!(code_of(&beside_hmac, &forged), "signature_invalid", "{algorithm} {text}");
        }
        // An HMAC under the name of an RSA algorithm.
        assert_eq!(code_of(&rsa_only, &signed("RS256", secret.as_slice())), "signature_invalid");
    }
}

/// The public key as it is published anywhere, with the spacing that copies get.
fn forms_of_the_public_key() -> Vec<Vec<u8>> {
    let key = KEY.public();
    let spki = key.to_public_key_der().unwrap().into_vec();
    let pkcs1 = key.to_pkcs1_der().unwrap().as_bytes().to_vec();
    let mut texts = Vec::new();
    for (label, der) in [("PUBLIC KEY", &spki), ("RSA PUBLIC KEY", &pkcs1)] {
        for width in [64, 76, 10_000] {
            let body = STANDARD.encode(der);
            let lines: Vec<&str> = body.as_bytes().chunks(width).map(|line| str::from_utf8(line).unwrap()).collect();
            texts.push(format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", lines.join("\n")));
        }
        texts.push(STANDARD.encode(der));
    }
    let jwk = KEY.jwk("k1");
    texts.extend([jwk.to_string(), format!("{jwk:#}"), key_set(std::slice::from_ref(&jwk)).to_string()]);
    texts.extend(["n", "e", "kid"].map(|member| jwk[member].as_str().unwrap().to_owned()));

    let spaced = texts.iter().flat_map(|text| {
        let windows = text.replace('\n', "\r\n");
        [text.clone(), format!("{text}\n"), format!("{text}\r\n"), format!(" {text}"), format!("\n{text}\n"), windows]
    });
    let mut forms: Vec<Vec<u8>> = spaced.map(String::into_bytes).collect();
    forms.extend([spki, pkcs1, key.n().to_bytes_be(), Vec::new()]);
    forms
}

#[test]
fn threat_2_a_provider_for_secrets_takes_no_public_key() {
    let provider = json!({ "issuer": ISSUER, "audience": AUDIENCE, "algorithms": ["HS256"] });
    let mut authorizer = authorizer(&configuration(provider, json!({})));
    let error = authorizer.set_key_set("issuer", &key_set(&[KEY.jwk("k1")]).to_string(), None).unwrap_err();
    assert!(error.contains("its `kty` and `crv` are not what the provider's `algorithms` take"), "{error}");
    let error = rsa_authorizer().set_secret("providers.issuer.secret", SECRET, None).unwrap_err();
    assert_eq!(error, "no secret is called `providers.issuer.secret`");
}

#[test]
fn no_secret_and_no_key_is_printed_for_debugging() {
    let printed = format!("{:?}", authorizer_with(&[oct("k1", SECRET)], &["HS256"]));
    assert!(!printed.contains(str::from_utf8(SECRET).unwrap()), "{printed}");
    assert!(!printed.contains(&base64url(SECRET)), "{printed}");
    assert!(!printed.contains(&format!("{:?}", &SECRET[..4]).replace(['[', ']'], "")), "{printed}");
}
