//! Image frames of AWS HealthImaging, which the function fetches itself at origin-request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use edge_authorizer_core::{Authorizer, Fetch, Fetched, OriginDecision, OriginRequest};
use serde_json::json;

use crate::support::origin::{decide, edits, get, refusal, refused, signer};

const FRAMES: &str = "/runtime/datastore/{datastoreId}/imageset/{imageSetId}/imageframe/{imageFrameId}";
const HOST: &str = "runtime-medical-imaging.us-east-1.amazonaws.com";

fn frames() -> Authorizer {
    signer(json!({ "service": "medical-imaging", "imageFramePath": FRAMES }))
}

fn frame_path() -> String {
    let id = |letter: &str| letter.repeat(32);
    format!("/runtime/datastore/{}/imageset/{}/imageframe/{}", id("a"), id("1"), id("z"))
}

fn fetch(request: &OriginRequest) -> Fetch {
    match decide(&frames(), request, None) {
        OriginDecision::FetchNeeded(fetch) => fetch,
        OriginDecision::Refuse(refusal) => panic!("{}", refusal.detail),
        _ => panic!("nothing to fetch"),
    }
}

#[test]
fn an_image_frame_is_fetched_with_a_post_of_our_own() {
    let fetch = fetch(&get(HOST, &frame_path()));
    let (store, set) = ("a".repeat(32), "1".repeat(32));
    assert_eq!(fetch.method, "POST");
    assert_eq!(fetch.url, format!("https://{HOST}/datastore/{store}/imageSet/{set}/getImageFrame"));
    assert_eq!(fetch.body, format!("{{\"imageFrameId\":\"{}\"}}", "z".repeat(32)));
    let mut names: Vec<&str> = fetch.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["authorization", "content-type", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"]
    );
}

#[test]
fn a_path_with_other_ids_is_refused_and_other_requests_are_signed_as_they_are() {
    let (id, path) = ("a".repeat(32), frame_path());
    for wrong in ["A".repeat(32), "a".repeat(31), "a".repeat(33), "a%20".repeat(8), "\"".repeat(32)] {
        assert_eq!(refused(&frames(), &get(HOST, &path.replace(&id, &wrong))), "request_malformed");
    }
    let post = OriginRequest { method: "POST".into(), ..get(HOST, &path) };
    assert!(!edits(&frames(), &post).set_headers.is_empty());
    assert!(!edits(&frames(), &get(HOST, "/datastore/x")).set_headers.is_empty());
    let signs_only = signer(json!({ "service": "medical-imaging" }));
    assert!(!edits(&signs_only, &get(HOST, &path)).set_headers.is_empty());
}

fn answered(status: u16, body: &[u8]) -> OriginDecision {
    let headers = vec![("content-type".into(), "application/octet-stream".into())];
    let fetched = Fetched { status, headers, body: STANDARD.encode(body) };
    decide(&frames(), &get(HOST, &frame_path()), Some(&fetched))
}

#[test]
fn the_frame_is_the_answer_and_may_be_cached() {
    let OriginDecision::Respond(answer) = answered(200, b"\xff\x4fframe") else { panic!("no answer") };
    assert_eq!((answer.status, answer.body.as_str(), answer.is_base64), (200, "/09mcmFtZQ==", true));
    assert!(answer.headers.contains(&("content-type", "application/octet-stream".into())));
    assert!(answer.headers.contains(&("cache-control", "max-age=86400".into())));
}

#[test]
fn what_is_no_frame_is_an_error_of_its_own() {
    assert_eq!(refusal(answered(404, b"{}")), "not_found");
    assert_eq!(refusal(answered(403, b"{\"message\":\"no\"}")), "origin_failed");
    assert_eq!(refusal(answered(403, b"{\"__type\":\"ExpiredTokenException\"}")), "secrets_unavailable");
    for status in [0, 204, 206, 301, 400, 429, 500] {
        assert_eq!(refusal(answered(status, b"x")), "origin_failed");
    }
    assert_eq!(refusal(answered(200, &[0; 790_000])), "origin_failed");
    assert_eq!(refusal(answered(200, &[0; 780_000])), "not refused");
}
