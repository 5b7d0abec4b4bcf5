//! Requests on their way to the origin, and who signs them.

use edge_authorizer_core::{
    Authorizer, Edits, Fetched, Origin, OriginBody, OriginDecision, OriginRequest, RoleCredentials, UnixTime,
};
use serde_json::{Value, json};

use super::{NOW, authorizer, rsa_configuration};

/// The credentials of the function's role.
pub const ROLE: RoleCredentials<'_> = RoleCredentials {
    access_key_id: Some("AKIDEXAMPLE"),
    secret_access_key: Some("the-secret-key"),
    session_token: Some("the-session-token"),
    expires_at: None,
};

/// A bucket as an origin.
pub const BUCKET: &str = "bucket.s3.eu-central-1.amazonaws.com";

/// An authorizer that signs for the origin.
pub fn signer(sign: Value) -> Authorizer {
    authorizer(&rsa_configuration(json!({ "forward": { "sign": sign } })))
}

/// One that signs for Amazon S3.
pub fn s3() -> Authorizer {
    signer(json!({ "service": "s3" }))
}

/// A GET on its way to the origin at `host`.
pub fn get(host: &str, path: &str) -> OriginRequest {
    OriginRequest {
        method: "GET".into(),
        path: path.into(),
        query: String::new(),
        headers: vec![("host".into(), "images.example".into()), ("via".into(), "1.1 x".into())],
        body: OriginBody::NotShown,
        origin: Origin { host: host.into(), port: 443, path: String::new(), is_tls: true },
        request_id: "request-id==".into(),
    }
}

/// With one more header.
pub fn with_header(mut request: OriginRequest, name: &str, value: &str) -> OriginRequest {
    request.headers.push((name.into(), value.into()));
    request
}

/// What becomes of a request; `fetched` is what the function was told to fetch.
pub fn decide(authorizer: &Authorizer, request: &OriginRequest, fetched: Option<&Fetched>) -> OriginDecision {
    authorizer.sign_origin_request(request, &ROLE, UnixTime::from_seconds(NOW).unwrap(), fetched)
}

/// The edits of a request that goes on.
pub fn edits(authorizer: &Authorizer, request: &OriginRequest) -> Edits {
    match decide(authorizer, request, None) {
        OriginDecision::Forward(edits) => edits,
        OriginDecision::Refuse(refusal) => panic!("{}: {}", refusal.code.as_str(), refusal.detail),
        _ => panic!("not forwarded"),
    }
}

/// The code of a refusal, which tells nothing secret.
pub fn refusal(decision: OriginDecision) -> &'static str {
    match decision {
        OriginDecision::Refuse(refusal) => {
            assert!(!refusal.detail.contains("the-se"), "{}", refusal.detail);
            refusal.code.as_str()
        }
        _ => "not refused",
    }
}

/// The code that a request is refused with.
pub fn refused(authorizer: &Authorizer, request: &OriginRequest) -> &'static str {
    refusal(decide(authorizer, request, None))
}

/// The value that a header is set to.
pub fn set<'e>(edits: &'e Edits, name: &str) -> &'e str {
    let values: Vec<_> = edits.set_headers.iter().filter(|(header, _)| header == name).collect();
    assert_eq!(values.len(), 1, "{name}");
    &values[0].1
}
