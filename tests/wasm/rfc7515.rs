//! The signed examples of RFC 7515, appendix A, through the exports.

use wasm_bindgen_test::wasm_bindgen_test;

use super::{authorizer, message, request, text};
use crate::Authorizer;

/// A.1.1
const HS256_KEY: &str = r#"{"keys":[{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]}"#;
const HS256_TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// A.2.1
const RS256_KEY: &str = r#"{"keys":[{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}]}"#;
const RS256_TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

/// A.5
const UNSECURED_TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";

/// The `exp` of all of them.
const EXPIRY: f64 = 1_300_819_380.0;

fn joe(algorithm: &str, keys: &str) -> Authorizer {
    let mut authorizer = authorizer(&format!(
        r#"{{"providers": {{"joe": {{"issuer": "joe", "audience": null, "algorithms": ["{algorithm}"]}}}},
            "rules": [{{"name": "root", "match": {{"path": "/{{*rest}}"}},
                        "requires": {{"claim": "http://example.com/is_root", "equals": true}}}}]}}"#
    ));
    authorizer.set_key_set("joe", keys, f64::INFINITY).map_err(wasm_bindgen::JsValue::from).unwrap();
    authorizer
}

fn code(authorizer: &Authorizer, token: &str, now: f64) -> String {
    let request = request(&format!(
        r#"{{"method":"GET","uri":"/a","querystring":"","headers":{{"authorization":[{{"key":"Authorization","value":"Bearer {token}"}}]}}}}"#
    ));
    let outcome = authorizer.authorize_viewer_request(&request, now, true);
    text(&outcome.unwrap(), "code").unwrap()
}

#[wasm_bindgen_test]
fn the_examples_are_verified_and_expire() {
    for (algorithm, keys, token) in [("HS256", HS256_KEY, HS256_TOKEN), ("RS256", RS256_KEY, RS256_TOKEN)] {
        let authorizer = joe(algorithm, keys);
        assert_eq!(code(&authorizer, token, EXPIRY - 1.0), "allowed", "{algorithm}");
        assert_eq!(code(&authorizer, token, EXPIRY), "token_expired", "{algorithm}");
        let mut forged = token.to_owned();
        let last = forged.len() - 3;
        let other = if forged.as_bytes()[last] == b'A' { "B" } else { "A" };
        forged.replace_range(last..=last, other);
        assert_eq!(code(&authorizer, &forged, EXPIRY - 1.0), "signature_invalid", "{algorithm}");
    }
}

#[wasm_bindgen_test]
fn a_token_does_not_choose_its_algorithm() {
    let rsa = joe("RS256", RS256_KEY);
    assert_eq!(code(&rsa, HS256_TOKEN, EXPIRY - 1.0), "algorithm_not_allowed");
    assert_eq!(code(&rsa, UNSECURED_TOKEN, EXPIRY - 1.0), "algorithm_not_allowed");
}

#[wasm_bindgen_test]
fn a_key_set_without_a_usable_key_is_an_error_and_the_keys_stay() {
    let mut rsa = joe("RS256", RS256_KEY);
    let error = message(rsa.set_key_set("joe", HS256_KEY, f64::INFINITY));
    assert_eq!(
        error,
        "the key set has no usable key: its `kty` and `crv` are not what the provider's `algorithms` take"
    );
    assert_eq!(code(&rsa, RS256_TOKEN, EXPIRY - 1.0), "allowed");
}

#[wasm_bindgen_test]
fn keys_are_trusted_until_the_time_given_and_no_longer() {
    let mut rsa = joe("RS256", RS256_KEY);
    rsa.set_key_set("joe", RS256_KEY, EXPIRY - 100.0).map_err(wasm_bindgen::JsValue::from).unwrap();
    assert_eq!(code(&rsa, RS256_TOKEN, EXPIRY - 101.0), "allowed");
    assert_eq!(code(&rsa, RS256_TOKEN, EXPIRY - 100.0), "keys_unavailable");
    rsa.trust_keys_until("joe", EXPIRY - 50.0).map_err(wasm_bindgen::JsValue::from).unwrap();
    assert_eq!(code(&rsa, RS256_TOKEN, EXPIRY - 51.0), "allowed");
    assert_eq!(code(&rsa, RS256_TOKEN, EXPIRY - 50.0), "keys_unavailable");
    for never in [f64::NAN, f64::NEG_INFINITY, -1.0] {
        assert!(rsa.set_key_set("joe", RS256_KEY, never).is_err());
        assert!(rsa.trust_keys_until("joe", never).is_err());
    }
    assert!(rsa.trust_keys_until("joe", f64::INFINITY).is_err());
}
