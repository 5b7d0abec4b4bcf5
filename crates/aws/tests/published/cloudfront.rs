//! Cases for CloudFront's signed URLs and cookies. Their signatures are taken from them: whether they are right is the
//! business of whoever signs.

use std::collections::BTreeMap;

use edge_authorizer_aws::cloudfront::{Hash, Policy, PolicyError, SignedParts};
use serde_json::Value;

use super::support::read;

#[test]
fn cloudfront_signer_cases() {
    let Some(file) = read("cloudfront/signer-cases.json") else { return };
    let cases = |kind: &str| file[kind].as_array().unwrap().clone();
    for case in cases("url") {
        url(&case);
    }
    for case in cases("cookies") {
        cookies(&case);
    }
    for case in cases("errors") {
        // The one without an end cannot be written down: the end is no option.
        match case["input"]["expirationDate"].as_u64() {
            Some(_) => assert_eq!(policy(&case), Err(PolicyError::Resource), "{}", case["id"]),
            None => assert_eq!(case["id"], "error-missing-expiration"),
        }
    }
    let ran = cases("url").len() + cases("cookies").len() + cases("errors").len();
    assert_eq!(ran, 11);
    println!("vectors: {ran} CloudFront signed URLs and cookies (policies, parameters and cookies)");
}

fn url(case: &Value) {
    let (id, expected) = (&case["id"], &case["expected"]);
    let policy = policy(case).unwrap();
    assert_eq!(policy.text(), expected["policyJson"], "{id}");
    let url = expected["applyTo"].as_str().or(case["input"]["resource"].as_str()).unwrap();
    let signature = decoded(expected["signature"].as_str().unwrap_or("AA__"));
    let signed = policy.url(url, &signed_parts(case, &signature));
    let (_, query) = signed.split_once('?').unwrap();
    let mut parameters: BTreeMap<&str, &str> =
        query.split('&').map(|parameter| parameter.split_once('=').unwrap()).collect();
    let written = parameters.remove("Signature").unwrap();
    assert_eq!(written, expected["signature"].as_str().unwrap_or("AA__"), "{id}");
    if let Some(policy_text) = parameters.remove("Policy") {
        assert_eq!(decoded(policy_text), policy.text().as_bytes(), "{id}");
    }
    assert_eq!(parameters, members(&expected["queryParams"]), "{id}");
}

fn cookies(case: &Value) {
    let (id, expected) = (&case["id"], &case["expected"]);
    let policy = policy(case).unwrap();
    assert_eq!(policy.text(), expected["policyJson"], "{id}");
    let signature = decoded(expected["cookies"]["CloudFront-Signature"].as_str().unwrap());
    let cookies = policy.cookies(&signed_parts(case, &signature));
    let cookies: BTreeMap<&str, &str> = cookies.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(cookies, members(&expected["cookies"]), "{id}");
}

fn policy(case: &Value) -> Result<Policy, PolicyError> {
    let input = &case["input"];
    let resource = input["resource"].as_str().unwrap();
    let expires_at = input["expirationDate"].as_u64().unwrap();
    let mut policy = match resource.contains('*') {
        true => Policy::custom(resource, expires_at)?,
        false => Policy::canned(resource, expires_at)?,
    };
    if let Some(starts_at) = input["activeDate"].as_u64() {
        policy = policy.starting_at(starts_at)?;
    }
    match input["ipRange"].as_str() {
        Some(addresses) => policy.for_addresses(addresses),
        None => Ok(policy),
    }
}

fn signed_parts<'c>(case: &'c Value, signature: &'c [u8]) -> SignedParts<'c> {
    let input = &case["input"];
    let hash = if input["hashAlgorithm"] == "SHA256" { Hash::Sha256 } else { Hash::Sha1 };
    SignedParts { key_pair_id: input["keyPairId"].as_str().unwrap(), hash, signature }
}

fn members(object: &Value) -> BTreeMap<&str, &str> {
    object.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect()
}

/// Base64 as CloudFront writes it.
fn decoded(text: &str) -> Vec<u8> {
    let mut bits = 0_u32;
    let mut decoded = Vec::new();
    for (index, byte) in text.bytes().filter(|byte| *byte != b'_').enumerate() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'~' => 63,
            other => panic!("{other}"),
        };
        bits = bits << 6 | u32::from(value);
        if index % 4 != 0 {
            decoded.push((bits >> (6 - 2 * (index % 4))) as u8);
        }
    }
    decoded
}
