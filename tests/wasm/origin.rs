//! Origin-request events across the boundary: facts as JSON in, edits and answers out.

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{authorizer, json, message, request, value};
use crate::Authorizer;

const NOW: f64 = 1_440_938_160.0;
const ROLE: &str = r#"{"accessKeyId":"AKIDEXAMPLE","secretAccessKey":"secret","sessionToken":"token"}"#;
const REQUEST: &str = r#"{"method":"GET","uri":"/a b","querystring":"x&y","headers":{"authorization":[{"value":"t"}]},
    "origin":{"custom":{"domainName":"b.s3.eu-west-1.amazonaws.com","path":"","port":443,"protocol":"https"}}}"#;

fn signer(sign: &str) -> Authorizer {
    authorizer(
        &r#"{"providers":{"p":{"issuer":"https://issuer.example","audience":"a"}},
             "rules":[{"match":{"path":"/{*rest}"},"allow":"authenticated"}],"forward":{"sign":SIGN}}"#
            .replace("SIGN", sign),
    )
}

fn facts(request: &str, more: &str) -> String {
    format!(r#"{{"request":{request},"requestId":"r"{more}}}"#)
}

#[wasm_bindgen_test]
fn a_request_to_the_origin_is_signed_in_place() {
    let (signer, sent) = (signer(r#"{"service":"s3","query":"x"}"#), request(REQUEST));
    let outcome = signer.sign_origin_request(&sent, &facts(REQUEST, ""), &value(ROLE).unchecked_into(), NOW);
    assert_eq!(
        json(&outcome.map_err(JsValue::from).unwrap()),
        r#"{"kind":"forward","code":"signed","rule":null,"provider":null,"kid":null}"#
    );
    let sent = json(&sent);
    assert!(sent.starts_with(r#"{"method":"GET","uri":"/a%20b","querystring":"x","headers":{"#), "{sent}");
    assert!(sent.contains(r#""value":"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/s3/aws4_request, "#));
    assert!(sent.contains(r#""x-amz-security-token":[{"key":"x-amz-security-token","value":"token"}]"#));
    assert!(!sent.contains(r#""value":"t"}"#));
}

#[wasm_bindgen_test]
fn what_has_to_be_fetched_is_asked_for_and_then_answered_with() {
    let signer =
        signer(r#"{"service":"medical-imaging","imageFramePath":"/{datastoreId}/{imageSetId}/{imageFrameId}"}"#);
    let id = "a".repeat(32);
    let text = REQUEST.replace("/a b", &format!("/{id}/{id}/{id}")).replace("b.s3", "runtime-medical-imaging");
    let sent = request(&text);
    let outcome = |more: &str| {
        let outcome = signer.sign_origin_request(&sent, &facts(&text, more), &value(ROLE).unchecked_into(), NOW);
        json(&outcome.map_err(JsValue::from).unwrap())
    };
    let needed = outcome("");
    assert!(needed.starts_with(
        r#"{"kind":"fetch-needed","request":{"method":"POST","url":"https://runtime-medical-imaging.eu-west-1.amazonaws.com/datastore/"#
    ));
    let answered = outcome(r#","fetched":{"status":200,"headers":[["content-type","image/jph"]],"body":"AAE="}"#);
    assert!(answered.starts_with(r#"{"kind":"respond","code":"generated","#), "{answered}");
    assert!(answered.contains(r#""body":"AAE=","bodyEncoding":"base64""#), "{answered}");
    assert!(answered.contains(r#""content-type":[{"key":"content-type","value":"image/jph"}]"#), "{answered}");
}

#[wasm_bindgen_test]
fn facts_that_are_none_sign_nothing() {
    let signer = signer(r#"{"service":"s3"}"#);
    let error = |facts: &str, now: f64| {
        let sent = request(REQUEST);
        let error = message(signer.sign_origin_request(&sent, facts, &value(ROLE).unchecked_into(), now));
        assert_eq!(json(&sent), json(&request(REQUEST)));
        error
    };
    assert_eq!(error("{", NOW), "`facts` is not JSON");
    assert_eq!(error(&facts(REQUEST, ""), f64::NAN), "`now` is not a number of seconds since 1970");
    let broken = "`request` is not one of an origin-request event with an origin to sign for";
    for (part, other) in [
        ("\"custom\"", "\"other\""),
        ("\"port\":443", "\"port\":65536"),
        ("\"method\":\"GET\"", "\"method\":7"),
        ("[{\"value\":\"t\"}]", "[{\"value\":7}]"),
        ("\"querystring\":\"x&y\"", "\"body\":{\"inputTruncated\":false,\"encoding\":\"base64\",\"data\":\"?\"}"),
    ] {
        assert!(REQUEST.contains(part), "{part}");
        assert_eq!(error(&facts(&REQUEST.replace(part, other), ""), NOW), broken, "{other}");
    }
}
