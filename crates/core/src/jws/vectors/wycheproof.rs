//! Google's Wycheproof vectors of JWS and JWK.

use serde_json::Value;

use super::{default_algorithms, key_set, read, verifies};

/// A reviewed vector that is decided otherwise than it is published.
struct Exception {
    file: &'static str,
    number: u64,
    expected: bool,
    actual: bool,
    reason: &'static str,
}

const EXCEPTIONS: &[Exception] = &[
    Exception {
        file: JWS,
        number: 347,
        expected: true,
        actual: false,
        reason: "the `alg` of the JWK is `ES521`, which does not exist (RFC 7518, section 3.1)",
    },
    Exception { file: JWS, number: 351, expected: true, actual: false, reason: "as 347, with `key_ops`" },
    Exception {
        file: JWS,
        number: 367,
        expected: false,
        actual: true,
        reason: "the padding that it is about got lost: it is 357, byte for byte, which is valid",
    },
    Exception {
        file: JWS,
        number: 373,
        expected: true,
        actual: false,
        reason: "a `?` in the payload is not base64url (RFC 7515, section 5.2)",
    },
    Exception {
        file: JWK,
        number: 7,
        expected: false,
        actual: true,
        reason: "the key is weak by the way it was made (ROCA), which is the issuer's to see",
    },
];

const JWS: &str = "wycheproof/json_web_signature.json";
const JWK: &str = "wycheproof/json_web_key.json";

#[test]
fn wycheproof_json_web_signature() {
    run(JWS, 203, 24);
}

#[test]
fn wycheproof_json_web_key() {
    run(JWK, 13, 5);
}

fn run(file: &'static str, expected_ran: usize, expected_verified: usize) {
    let Some(content) = read(file) else { return };
    let (mut ran, mut verified, mut exceptions) = (0, 0, 0);
    let mut failures = Vec::new();
    for group in content["testGroups"].as_array().unwrap() {
        let keys = keys(group);
        let algorithms = default_algorithms(&keys);
        for test in group["tests"].as_array().unwrap() {
            let number = test["tcId"].as_u64().unwrap();
            let expected = test["result"] == "valid";
            let actual = verifies(test["jws"].as_str().unwrap(), &key_set(&keys), &algorithms);
            let exception = EXCEPTIONS.iter().find(|listed| listed.file == file && listed.number == number);
            // An exception that has become none is as wrong as one that is not listed.
            let right = match exception {
                None => actual == expected,
                Some(listed) => (listed.expected, listed.actual) == (expected, actual) && actual != expected,
            };
            if !right {
                let reason = exception.map_or("", |listed| listed.reason);
                failures.push(format!("{number} {}: {}, but {actual}; {reason}", test["comment"], test["result"]));
            }
            ran += 1;
            verified += usize::from(actual);
            exceptions += usize::from(exception.is_some());
        }
    }
    assert!(failures.is_empty(), "{file}: {failures:#?}");
    assert_eq!((ran, verified), (expected_ran, expected_verified), "{file}");
    println!("vectors: {ran} {file} ({verified} verified, {exceptions} exceptions)");
}

/// The group's public keys, or its secrets; one JWK or a set.
fn keys(group: &Value) -> Vec<Value> {
    let keys = group.get("public").unwrap_or(&group["private"]);
    match keys.get("keys") {
        Some(keys) => keys.as_array().unwrap().clone(),
        None => vec![keys.clone()],
    }
}
