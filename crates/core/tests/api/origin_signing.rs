//! Requests on their way to the origin: what is signed, what goes out, and what never goes there unsigned.
//!
//! That the signatures are right is tested with published vectors in `crates/aws`, and with a server that checks them in
//! `tests/shim`.

use edge_authorizer_core::{Authorizer, Edits, OriginBody, OriginRequest, RoleCredentials, UnixTime};
use serde_json::{Value, json};

use crate::support::origin::{BUCKET, ROLE, edits, get, refusal, refused, s3, set, signer, with_header};
use crate::support::{NOW, authorizer, rsa_configuration};

const FRAMES: &str = "/runtime/datastore/{datastoreId}/imageset/{imageSetId}/imageframe/{imageFrameId}";

fn signed_headers(edits: &Edits) -> &str {
    let (_, rest) = set(edits, "authorization").split_once("SignedHeaders=").unwrap();
    rest.split_once(',').unwrap().0
}

#[test]
fn a_get_is_signed_for_the_origin_with_the_role_of_the_function() {
    let edits = edits(&s3(), &get(BUCKET, "/a/b.png"));
    assert_eq!(set(&edits, "host"), BUCKET);
    assert_eq!(set(&edits, "x-amz-date"), "20231114T221320Z");
    assert_eq!(set(&edits, "x-amz-security-token"), "the-session-token");
    assert_eq!(set(&edits, "x-amz-content-sha256"), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let authorization = set(&edits, "authorization");
    assert!(
        authorization.starts_with(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/eu-central-1/s3/aws4_request, SignedHeaders="
        )
    );
    assert_eq!(signed_headers(&edits), "host;x-amz-content-sha256;x-amz-date;x-amz-security-token");
    assert_eq!((edits.path, edits.query), (None, None));
}

#[test]
fn what_the_viewer_sent_in_our_place_goes_out() {
    let mut request = with_header(get(BUCKET, "/a"), "authorization", "Bearer x");
    for name in ["x-amz-acl", "x-amz-security-token", "x-amz-copy-source", "x-amzn-trace-id", "range"] {
        request = with_header(request, name, "v");
    }
    let edits = edits(&s3(), &request);
    assert_eq!(edits.remove_headers, ["authorization", "x-amz-acl", "x-amz-security-token", "x-amz-copy-source"]);
}

/// Headers that CloudFront makes read-only at origin-request, or changes afterwards, are neither signed nor touched.
#[test]
fn headers_that_change_on_the_way_are_not_signed() {
    let mut request = get(BUCKET, "/a");
    for name in ["te", "x-forwarded-for", "accept-encoding", "if-none-match", "content-length", "user-agent", "cookie"]
    {
        request = with_header(request, name, "0");
    }
    let edits = edits(&s3(), &request);
    assert_eq!(signed_headers(&edits), "host;x-amz-content-sha256;x-amz-date;x-amz-security-token");
    let touched = edits.set_headers.iter().map(|(name, _)| name).chain(&edits.remove_headers);
    for name in touched {
        assert!(name == "host" || name == "authorization" || name.starts_with("x-amz-"), "{name}");
    }
}

#[test]
fn the_request_id_is_signed_on_demand_but_left_to_cloudfront() {
    let edits = edits(&signer(json!({ "service": "s3", "cloudfrontRequestId": true })), &get(BUCKET, "/a"));
    assert_eq!(signed_headers(&edits), "host;x-amz-cf-id;x-amz-content-sha256;x-amz-date;x-amz-security-token");
    assert!(!edits.set_headers.iter().any(|(name, _)| name == "x-amz-cf-id"));
}

#[test]
fn path_and_query_are_sent_as_they_are_signed() {
    let mut request = get(BUCKET, "/my%20photo(1)+x,y.png");
    request.query = "b=1,2&a=%7e+&c&&versionId=x".into();
    let s3 = edits(&signer(json!({ "service": "s3", "query": null })), &request);
    assert_eq!(s3.path.as_deref(), Some("/my%20photo%281%29%20x%2Cy.png"));
    assert_eq!(s3.query.as_deref(), Some("b=1%2C2&a=~%20&c&versionId=x"));
    // Other services take the bytes of the path as they come.
    let lambda = signer(json!({ "service": "lambda" }));
    request.origin.host = "abc.lambda-url.eu-west-1.on.aws".into();
    assert_eq!(edits(&lambda, &request).path, None);
    request.query = "%zz".into();
    assert_eq!(refused(&lambda, &request), "request_malformed");
}

fn with_query(method: &str, query: &str) -> OriginRequest {
    OriginRequest { method: method.into(), query: query.into(), ..get(BUCKET, "/a.png") }
}

/// What is in a query for Amazon S3 beside what it ignores: subresources, headers of the answer, parts, signatures.
const S3_PARAMETERS: [&str; 21] = [
    "acl",
    "attributes",
    "delete",
    "legal-hold",
    "list-type=2",
    "partNumber=1",
    "policy",
    "restore",
    "retention",
    "select&select-type=2",
    "tagging",
    "torrent",
    "uploadId=x",
    "uploads",
    "versionId=x",
    "versions",
    "response-content-disposition=inline",
    "response-content-type=text/html",
    "X-Amz-Signature=x",
    "x-id=GetObject",
    "%61cl",
];

#[test]
fn threat_67_no_viewer_chooses_what_is_done_with_an_object_of_s3() {
    let plain = edits(&s3(), &with_query("GET", ""));
    for parameter in S3_PARAMETERS {
        for query in [parameter.to_owned(), format!("{parameter}&{parameter}"), format!("&v=3&{parameter}&")] {
            for method in ["GET", "HEAD", "OPTIONS"] {
                let edits = edits(&s3(), &with_query(method, &query));
                assert_eq!(edits.query.as_deref(), Some(""), "{method} {query}");
                if method == "GET" {
                    assert_eq!(set(&edits, "authorization"), set(&plain, "authorization"), "{query}");
                }
            }
            // Without it, it would be another operation.
            for method in ["PUT", "POST", "DELETE", "PATCH", "get"] {
                assert_eq!(refused(&s3(), &with_query(method, &query)), "request_malformed", "{method} {query}");
            }
        }
    }
    assert_eq!(plain.query, None);
    assert_eq!(refused(&s3(), &with_query("PUT", "")), "not refused");
}

#[test]
fn threat_67_no_viewer_does_anything_with_a_bucket_of_s3() {
    for method in ["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"] {
        let bucket = OriginRequest { method: method.into(), ..get(BUCKET, "/") };
        assert_eq!(refused(&s3(), &bucket), "not_found", "{method}");
        let named = signer(json!({ "service": "s3", "query": ["list-type", "prefix"] }));
        assert_eq!(refused(&named, &bucket), "not_found", "{method}");
        let all = signer(json!({ "service": "s3", "query": null }));
        assert_eq!(refused(&all, &bucket), "not refused", "{method}");
        let lambda = signer(json!({ "service": "lambda", "region": "eu-west-1", "query": [] }));
        assert_eq!(refused(&lambda, &bucket), "not refused", "{method}");
    }
}

#[test]
fn threat_67_only_parameters_that_are_named_go_to_s3() {
    let some = signer(json!({ "service": "s3", "query": ["versionId", "v"] }));
    let query = |query: &str| edits(&some, &with_query("GET", query)).query;
    assert_eq!(query("v=3&acl&versionId=a%2fb"), Some("v=3&versionId=a%2Fb".to_owned()));
    assert_eq!(query("v=3"), None);
    assert_eq!(refused(&some, &with_query("DELETE", "versionId=x")), "not refused");
    assert_eq!(refused(&some, &with_query("DELETE", "versionId=x&tagging")), "request_malformed");
    for service in ["s3-object-lambda", "s3express"] {
        let host = OriginRequest { query: "acl".into(), ..get("storage.eu-west-1.amazonaws.com", "/a") };
        assert_eq!(edits(&signer(json!({ "service": service })), &host).query.as_deref(), Some(""), "{service}");
    }
}

#[test]
fn the_query_of_other_services_is_theirs_unless_parameters_are_named() {
    let request = |query: &str| OriginRequest { query: query.into(), ..get("a.lambda-url.eu-west-1.on.aws", "/a") };
    let lambda = signer(json!({ "service": "lambda" }));
    assert_eq!(edits(&lambda, &request("acl&q=1")).query, None);
    let named = signer(json!({ "service": "lambda", "query": "q" }));
    assert_eq!(edits(&named, &request("acl&q=1")).query.as_deref(), Some("q=1"));
}

#[test]
fn that_s3_gets_the_whole_query_is_said_aloud() {
    let said = |sign: Value| signer(sign).opt_outs().iter().map(|problem| problem.place.clone()).collect::<Vec<_>>();
    let all = said(json!({ "service": "s3", "query": null }));
    assert!(all.contains(&"forward.sign.query".to_owned()), "{all:?}");
    for sign in
        [json!({ "service": "s3" }), json!({ "service": "lambda" }), json!({ "service": "lambda", "query": null })]
    {
        assert!(!said(sign).contains(&"forward.sign.query".to_owned()));
    }
}

#[test]
fn the_origins_own_path_is_signed_too() {
    let mut behind = get(BUCKET, "/b.png");
    behind.origin.path = "/a".into();
    let whole = edits(&s3(), &get(BUCKET, "/a/b.png"));
    assert_eq!(set(&edits(&s3(), &behind), "authorization"), set(&whole, "authorization"));
}

#[test]
fn the_region_is_the_configured_one_or_that_of_the_host() {
    let region = |sign: Value, host: &str| {
        let edits = edits(&signer(sign), &get(host, "/a"));
        set(&edits, "authorization").split('/').nth(2).unwrap().to_owned()
    };
    assert_eq!(region(json!({ "service": "s3", "region": "eu-west-3" }), BUCKET), "eu-west-3");
    assert_eq!(region(json!({ "service": "s3", "region": "eu-west-3" }), "storage.example"), "eu-west-3");
    let medical = json!({ "service": "medical-imaging" });
    assert_eq!(region(medical, "dicom-medical-imaging.us-west-2.amazonaws.com"), "us-west-2");
    assert_eq!(refused(&s3(), &get("storage.example", "/a")), "internal");
}

#[test]
fn bodies_are_signed_whole_or_not_at_all() {
    let lambda = signer(json!({ "service": "lambda" }));
    let post = |body: OriginBody| {
        let request = with_header(get("abc.lambda-url.eu-west-1.on.aws", "/a"), "content-type", "application/json");
        OriginRequest { method: "POST".into(), body, ..request }
    };
    let signed = edits(&lambda, &post(OriginBody::Whole(b"{}".to_vec())));
    assert_eq!(
        set(&signed, "x-amz-content-sha256"),
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    );
    assert_eq!(signed_headers(&signed), "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token");
    assert_eq!(refused(&lambda, &post(OriginBody::Truncated)), "body_too_large");
    // Nothing says that there is a body.
    assert!(signed_headers(&edits(&lambda, &post(OriginBody::NotShown))).starts_with("host;"));
    for (name, value) in [("content-length", "2"), ("transfer-encoding", "chunked")] {
        assert_eq!(refused(&lambda, &with_header(post(OriginBody::NotShown), name, value)), "internal");
    }
    let unsigned = signer(json!({ "service": "s3", "unsignedPayload": true }));
    let put = OriginRequest { method: "PUT".into(), body: OriginBody::Truncated, ..get(BUCKET, "/a") };
    assert_eq!(set(&edits(&unsigned, &put), "x-amz-content-sha256"), "UNSIGNED-PAYLOAD");
}

#[test]
fn without_good_credentials_nothing_goes_to_the_origin() {
    let now = UnixTime::from_seconds(NOW).unwrap();
    let code = |role: RoleCredentials<'_>| refusal(s3().sign_origin_request(&get(BUCKET, "/a"), &role, now, None));
    assert_eq!(code(RoleCredentials::default()), "secrets_unavailable");
    assert_eq!(code(RoleCredentials { access_key_id: None, ..ROLE }), "secrets_unavailable");
    assert_eq!(code(RoleCredentials { secret_access_key: None, ..ROLE }), "secrets_unavailable");
    assert_eq!(code(RoleCredentials { secret_access_key: Some(""), ..ROLE }), "secrets_unavailable");
    assert_eq!(code(RoleCredentials { session_token: Some("a\r\nb"), ..ROLE }), "secrets_unavailable");
    assert_eq!(code(RoleCredentials { expires_at: Some(now), ..ROLE }), "secrets_unavailable");
    assert_eq!(code(RoleCredentials { expires_at: UnixTime::from_seconds(NOW + 1.0), ..ROLE }), "not refused");
    // Long-lived keys have no session token.
    assert_eq!(code(RoleCredentials { session_token: None, ..ROLE }), "not refused");
}

#[test]
fn nothing_is_signed_that_anyone_could_read_on_the_way() {
    let mut request = get(BUCKET, "/a");
    request.origin.is_tls = false;
    assert_eq!(refused(&s3(), &request), "internal");
    request.origin.host = "127.0.0.1".into();
    let with_region = signer(json!({ "service": "s3", "region": "eu-west-3" }));
    assert_eq!(refused(&with_region, &request), "not refused");
}

/// Threat 45: a function for viewer-request alone does nothing at origin-request.
#[test]
fn threat_45_a_configuration_that_does_not_sign_refuses_at_origin_request() {
    let plain = authorizer(&rsa_configuration(json!({})));
    assert!(!plain.signs_origin_requests());
    assert!(s3().signs_origin_requests());
    assert_eq!(refused(&plain, &get(BUCKET, "/a")), "internal");
}

#[test]
fn a_configuration_that_cannot_sign_says_why() {
    for (sign, place, message) in [
        (json!({}), "forward.sign", "`service` is missing"),
        (json!({ "service": "S3" }), "forward.sign.service", "`S3` is no such name"),
        (json!({ "service": "s3", "region": "" }), "forward.sign.region", "`` is no such name"),
        (json!({ "service": "s3", "query": [""] }), "forward.sign.query", "`` is no parameter"),
        (json!({ "service": "s3", "query": ["x-amz-acl"] }), "forward.sign.query", "`x-amz-acl` is no parameter"),
        (json!({ "service": "s3", "query": true }), "forward.sign.query", "a string or an array of strings"),
        (json!({ "service": "s3", "regoin": "x" }), "forward.sign.regoin", "did you mean `region`"),
        (json!({ "service": "lambda", "unsignedPayload": true }), "forward.sign.unsignedPayload", "only Amazon S3"),
        (json!({ "service": "s3", "imageFramePath": FRAMES }), "forward.sign.imageFramePath", "`medical-imaging`"),
        (
            json!({ "service": "medical-imaging", "imageFramePath": "/a/{imageSetId}" }),
            "forward.sign.imageFramePath",
            "`{datastoreId}`, `{imageSetId}`, `{imageFrameId}`",
        ),
        (json!({ "service": "medical-imaging", "imageFramePath": "a" }), "forward.sign.imageFramePath", "begins with"),
    ] {
        let configuration = rsa_configuration(json!({ "forward": { "sign": sign } })).to_string();
        let problems = Authorizer::new(&configuration).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].place, place);
        assert!(problems[0].message.contains(message), "{problems:?}");
    }
}
