//! The examples of the RFCs.

use serde_json::Value;

use super::{UnverifiedJws, default_algorithms, forged, key_set, published, read, verifies};
use crate::algorithm::Algorithm;
use crate::refusal::Code;

/// RFC 7515, appendices A.1 to A.5.
#[test]
fn rfc_7515_appendix_a() {
    let Some(file) = read("rfc/rfc7515-appendix-a.json") else { return };
    let vectors = file["vectors"].as_array().unwrap();
    for vector in vectors {
        let (id, token) = (text(&vector["id"]), text(&vector["compact"]));
        if id == "A.5" {
            // An unsecured JWS verifies with no key of the others.
            assert!(!vectors.iter().any(|other| accepts(token, &other["jwk"])));
        } else {
            assert_verifies(id, text(&vector["alg"]), token, &vector["jwk"]);
        }
    }
    assert_eq!(vectors.len(), 5);
    println!("vectors: 5 RFC 7515, appendix A");
}

/// RFC 7520, section 4. Only the compact serialization is a JWT's; a payload that is detached is missing.
#[test]
fn rfc_7520_section_4() {
    let Some(file) = read("rfc/rfc7520-jws.json") else { return };
    let (mut verified, mut refused) = (0, 0);
    for example in file["examples"].as_array().unwrap() {
        let (title, input, output) = (text(&example["title"]), &example["input"], &example["output"]);
        match output["compact"].as_str() {
            Some(token) if title == "Signature with Detached Content" => {
                assert!(!accepts(token, &input["key"]));
                refused += 1;
            }
            Some(token) => {
                assert_verifies(title, text(&input["alg"]), token, &input["key"]);
                verified += 1;
            }
            None => {}
        }
        for serialization in ["json", "json_flat"] {
            if let Some(token) = output.get(serialization) {
                assert_eq!(refusal(&token.to_string()), Some(Code::TokenMalformed), "{title}");
                refused += 1;
            }
        }
    }
    assert_eq!((verified, refused), (4, 16));
    println!("vectors: 20 RFC 7520, section 4 (4 signatures; 15 JSON serializations and 1 detached payload refused)");
}

/// RFC 8037, appendix A.4.
#[test]
#[cfg(feature = "eddsa")]
fn rfc_8037_appendix_a() {
    let Some(file) = read("rfc/rfc8037-eddsa.json") else { return };
    let example = &file["example"];
    let token = text(&example["output"]["compact"]);
    assert_verifies("A.4", "EdDSA", token, &example["input"]["key"]);
    println!("vectors: 1 RFC 8037, appendix A.4");
}

/// RFC 7797, section 7: a JWT has no payload that is not encoded.
#[test]
fn rfc_7797_is_refused() {
    let Some(file) = read("rfc/rfc7797-b64-false.json") else { return };
    let mut refused = 0;
    for example in file["examples"].as_array().unwrap() {
        let key = &example["input"]["key"];
        let json = &example["output"]["json_flat"];
        // The one that is in JSON only has a payload with a `.` in it: written in compact form it has four parts.
        let compact = format!("{}.{}.{}", text(&json["protected"]), text(&json["payload"]), text(&json["signature"]));
        let code = if text(&json["payload"]).contains('.') { Code::TokenMalformed } else { Code::CriticalHeader };
        assert_eq!(refusal(&compact), Some(code));
        assert!(!accepts(&compact, key));
        if let Some(token) = example["output"]["compact"].as_str() {
            assert_eq!(token, compact);
        }
        refused += 1;
        for serialization in ["json", "json_flat"] {
            assert_eq!(refusal(&example["output"][serialization].to_string()), Some(Code::TokenMalformed));
            refused += 1;
        }
    }
    assert_eq!(refused, 6);
    println!("vectors: 6 RFC 7797 (all refused)");
}

/// The token verifies with its key, published or secret; a forged one does not, nor does any with a private key, which
/// nobody publishes but by mistake. An algorithm that is left out of the build verifies nothing.
fn assert_verifies(name: &str, algorithm: &str, token: &str, jwk: &Value) {
    assert_eq!(accepts(token, &published(jwk)), Algorithm::by_name(algorithm).is_some(), "{name}");
    assert!(!accepts(&forged(token), &published(jwk)), "{name}, forged");
    if jwk.get("d").is_some() {
        assert!(!accepts(token, jwk), "{name}, with a private key");
    }
}

fn accepts(token: &str, jwk: &Value) -> bool {
    let keys = std::slice::from_ref(jwk);
    verifies(token, &key_set(keys), &default_algorithms(keys))
}

fn refusal(token: &str) -> Option<Code> {
    UnverifiedJws::parse(token).err().map(|refusal| refusal.code)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
