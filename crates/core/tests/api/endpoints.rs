//! What rules answer themselves: CloudFront's signed cookies and URLs, places to upload to.

use edge_authorizer_core::{Answer, Authorizer, Decision, KeyHash, Request, RoleCredentials, Unsigned};
use serde_json::{Value, json};

use crate::support::configurations::with;
use crate::support::tokens::{claims_with, hs256};
use crate::support::{NOW, bearer, code, decide, decide_at, get, problems, secret_authorizer, secret_configuration};

fn signer(more: Value) -> Value {
    let signer = json!({
        "keyPairId": "K2JCJMDEHXQW5F",
        "privateKey": { "file": "./key.pem" },
        "resource": "https://live.example.com/{claim:sub}/*",
        "lifetimeSeconds": 200,
        "cookies": { "domain": "example.com" },
    });
    crate::support::tokens::merged(signer, more)
}

fn uploads(more: Value) -> Value {
    let uploads = json!({
        "bucket": "uploads-example",
        "region": "eu-central-1",
        "key": "avatars/{claim:sub}.{extension}",
        "contentTypes": { "png": "image/png", "jpg": "image/jpeg" },
        "expiresSeconds": 300,
    });
    crate::support::tokens::merged(uploads, more)
}

fn rules() -> Value {
    let rule =
        |path: &str, respond: Value| json!({ "match": { "path": path }, "allow": "authenticated", "respond": respond });
    json!([
        rule("/cookies", json!({ "signedCookies": "live" })),
        rule("/url/{*file}", json!({ "signedUrl": "file" })),
        rule("/upload", json!({ "upload": "avatar" })),
        { "match": { "path": "/sign-out" }, "allow": "anyone", "respond": { "clearSignedCookies": "live" } },
    ])
}

fn authorizer_with(live: Value, avatar: Value) -> Authorizer {
    let file = signer(json!({ "resource": "https://media.example.com/{path:file}", "hash": "SHA256" }));
    secret_authorizer(json!({
        "rules": rules(),
        "signedCookies": { "live": signer(live), "file": file },
        "uploads": { "avatar": uploads(avatar) },
    }))
}

fn authorizer() -> Authorizer {
    authorizer_with(json!({}), json!({}))
}

fn unsigned(authorizer: &Authorizer, request: &Request) -> Unsigned {
    match decide(authorizer, request) {
        Decision::Unsigned(unsigned) => unsigned.unsigned,
        other => panic!("{other:?}"),
    }
}

/// The text to be signed, and the answer with a signature.
fn access(authorizer: &Authorizer, request: &Request) -> (String, Answer) {
    match unsigned(authorizer, request) {
        Unsigned::Access(access) => (access.text(), access.with_signature(b"signature")),
        other => panic!("{other:?}"),
    }
}

fn place(authorizer: &Authorizer, request: &Request, token: Option<&str>) -> Value {
    let Unsigned::Upload(upload) = unsigned(authorizer, request) else { panic!("no place to upload to") };
    let role = RoleCredentials {
        access_key_id: Some("AKIDEXAMPLE"),
        secret_access_key: Some("secret"),
        session_token: token,
        expires_at: None,
    };
    assert_eq!(upload.signed_by(&RoleCredentials::default()).unwrap_err().code.as_str(), "secrets_unavailable");
    let answer = upload.signed_by(&role).unwrap();
    assert_eq!(header(&answer, "cache-control"), ["no-store"]);
    serde_json::from_str(&answer.body).unwrap()
}

fn header<'a>(answer: &'a Answer, name: &str) -> Vec<&'a str> {
    answer.headers.iter().filter(|(header, _)| *header == name).map(|(_, value)| value.as_str()).collect()
}

fn token(more: Value) -> String {
    hs256(&claims_with(more))
}

#[test]
fn a_verified_token_becomes_signed_cookies() {
    let (text, answer) = access(&authorizer(), &bearer("/cookies", &token(json!({ "sub": "u1" }))));
    let ends = NOW as u64 + 200;
    let resource = "https://live.example.com/u1/*";
    assert_eq!(
        text,
        format!(
            r#"{{"Statement":[{{"Resource":"{resource}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{ends}}}}}}}]}}"#
        )
    );
    let cookies = header(&answer, "set-cookie");
    let names: Vec<_> = cookies.iter().map(|cookie| cookie.split('=').next().unwrap()).collect();
    assert_eq!(names, ["CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"]);
    for cookie in cookies {
        let attributes = "; Path=/; Domain=example.com; Secure; HttpOnly; SameSite=None; Max-Age=200";
        assert!(cookie.ends_with(attributes), "{cookie}");
    }
    assert_eq!(answer.status, 200);
    assert_eq!(header(&answer, "cache-control"), ["no-store"]);
    assert_eq!(answer.body, format!("{{\"expires\":{ends}}}\n"));
}

#[test]
fn cookies_end_with_the_token_unless_the_configuration_says_otherwise() {
    let soon = bearer("/cookies", &token(json!({ "exp": NOW + 60.9 })));
    let ends = |authorizer: &Authorizer| access(authorizer, &soon).1.body;
    assert_eq!(ends(&authorizer()), format!("{{\"expires\":{}}}\n", NOW as u64 + 60));
    let outliving = authorizer_with(json!({ "outlivesToken": true }), json!({}));
    assert_eq!(ends(&outliving), format!("{{\"expires\":{}}}\n", NOW as u64 + 200));
}

#[test]
fn start_and_address_stand_in_the_policy() {
    let authorizer = authorizer_with(json!({ "startsAt": NOW as u64 + 1, "forViewerAddress": true }), json!({}));
    assert!(authorizer.reads_client_ip());
    let mut request = bearer("/cookies", &token(json!({})));
    request.client_ip = "192.0.2.7".to_owned();
    let (text, _) = access(&authorizer, &request);
    assert!(text.contains(&format!("\"DateGreaterThan\":{{\"AWS:EpochTime\":{}}}", NOW as u64 + 1)), "{text}");
    assert!(text.contains(r#""IpAddress":{"AWS:SourceIp":"192.0.2.7/32"}"#), "{text}");
    // CloudFront's policies know IPv4 only: nobody gets more than was asked for.
    for address in ["2001:db8::7", "0.0.0.0/0", "192.0.2.0/24", ""] {
        request.client_ip = address.to_owned();
        assert_eq!(code(&decide(&authorizer, &request)), "policy_denied", "{address}");
    }
}

#[test]
fn signing_out_ends_each_cookie_with_the_attributes_it_was_set_with() {
    let Decision::Answer(answered) = decide(&authorizer(), &get("/sign-out")) else { panic!("no answer") };
    let cookies = header(&answered.answer, "set-cookie");
    assert_eq!(answered.code.as_str(), "cookies_cleared");
    assert_eq!(cookies.len(), 5);
    for cookie in cookies {
        let attributes = "=; Path=/; Domain=example.com; Secure; HttpOnly; SameSite=None; Max-Age=0";
        assert!(cookie.starts_with("CloudFront-") && cookie.ends_with(attributes), "{cookie}");
    }
}

#[test]
fn a_url_for_one_file_has_a_canned_policy() {
    let (text, answer) = access(&authorizer(), &bearer("/url/videos/a.mp4", &token(json!({}))));
    assert!(text.starts_with(r#"{"Statement":[{"Resource":"https://media.example.com/videos/a.mp4","#), "{text}");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    let ends = NOW as u64 + 200;
    let url = format!(
        "https://media.example.com/videos/a.mp4?Expires={ends}&Signature=c2lnbmF0dXJl&Key-Pair-Id=K2JCJMDEHXQW5F&Hash-Algorithm=SHA256"
    );
    assert_eq!(body, json!({ "url": url, "expires": ends }));
    let Unsigned::Access(access) = unsigned(&authorizer(), &bearer("/url/a", &token(json!({})))) else { panic!() };
    assert_eq!((access.key(), access.hash()), ("signedCookies.file.privateKey", KeyHash::Sha256));
}

/// Threat 38: what a claim, or the path, would open beyond what is its own.
#[test]
fn threat_38_wildcards_in_claims_and_paths_open_nothing() {
    let authorizer = authorizer();
    for sub in ["*", "a*", "a/../b", "?", "", "\"}", "{claim:sub}"] {
        let request = bearer("/cookies", &token(json!({ "sub": sub })));
        assert_eq!(code(&decide(&authorizer, &request)), "policy_denied", "{sub}");
    }
    for path in ["/url/*", "/url/a*", "/url/a/"] {
        assert_eq!(code(&decide(&authorizer, &bearer(path, &token(json!({}))))), "policy_denied", "{path}");
    }
}

#[test]
fn nobody_gets_anything_without_a_valid_token() {
    let authorizer = authorizer();
    for path in ["/cookies", "/url/a", "/upload?extension=png"] {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut request = get(path);
        request.query = query.to_owned();
        assert_eq!(code(&decide(&authorizer, &request)), "credentials_missing", "{path}");
        let expired = bearer(path, &token(json!({})));
        assert_eq!(code(&decide_at(&authorizer, &expired, NOW + 1e6)), "token_expired", "{path}");
    }
}

fn upload_of(extension: &str) -> Request {
    let mut request = bearer("/upload", &token(json!({ "sub": "u1" })));
    request.query = format!("extension={extension}");
    request
}

#[test]
fn a_place_to_upload_to_is_a_presigned_put() {
    let place = place(&authorizer(), &upload_of("png"), Some("session"));
    assert_eq!(place["method"], "PUT");
    assert_eq!(place["headers"], json!({ "content-type": "image/png" }));
    assert_eq!(place["expires"], json!(NOW as u64 + 300));
    let url = place["url"].as_str().unwrap();
    assert!(url.starts_with("https://uploads-example.s3.eu-central-1.amazonaws.com/avatars/u1.png?X-Amz-Algorithm="));
    assert!(
        url.contains("X-Amz-Expires=300&X-Amz-SignedHeaders=content-type%3Bhost&X-Amz-Security-Token=session"),
        "{url}"
    );
}

#[test]
fn with_a_size_it_is_a_form() {
    let authorizer =
        authorizer_with(json!({}), json!({ "maxBytes": 1000, "bucket": "a.b", "endpoint": "https://s3.example" }));
    let place = place(&authorizer, &upload_of("jpg"), None);
    assert_eq!(place["method"], "POST");
    assert_eq!(place["url"], "https://s3.example/a.b/");
    assert_eq!(place["fields"]["key"], "avatars/u1.jpg");
    assert_eq!(place["fields"]["Content-Type"], "image/jpeg");
    let policy = place["fields"]["policy"].as_str().unwrap();
    use base64::Engine;
    let policy = base64::engine::general_purpose::STANDARD.decode(policy).unwrap();
    assert!(String::from_utf8(policy).unwrap().ends_with(r#"["content-length-range",1,1000]]}"#));
}

#[test]
fn the_extension_may_come_in_a_json_body() {
    let mut request = upload_of("png");
    request.query = String::new();
    request.body = Some(r#"{"extension":"jpg"}"#.to_owned());
    assert!(place(&authorizer(), &request, None)["url"].as_str().unwrap().contains("/avatars/u1.jpg?"));
    for (query, body) in [
        ("", None),
        ("extension=png", Some(r#"{"extension":"jpg"}"#)),
        ("extension=png&extension=png", None),
        ("", Some(r#"{"extension":7}"#)),
        ("", Some(r#"{"extension":"jpg","extension":"png"}"#)),
        ("", Some("extension=png")),
    ] {
        request.query = query.to_owned();
        request.body = body.map(str::to_owned);
        assert_eq!(code(&decide(&authorizer(), &request)), "request_malformed", "{query} {body:?}");
    }
}

/// Threat 39: traversal or tricks with extensions in the key.
#[test]
fn threat_39_the_viewer_has_no_say_in_the_key() {
    for extension in ["exe", "PNG", "png%00", "../x.png", "png/../../x", "", "svg", ".png", "png.exe"] {
        let request = upload_of(extension);
        assert!(
            matches!(code(&decide(&authorizer(), &request)), "upload_refused" | "request_malformed"),
            "{extension}"
        );
    }
    for sub in ["../admin", "a/b", "..", "", "a b", "a%2fb"] {
        let mut request = bearer("/upload", &token(json!({ "sub": sub })));
        request.query = "extension=png".to_owned();
        assert_eq!(code(&decide(&authorizer(), &request)), "policy_denied", "{sub}");
    }
    for key in [
        "{path:a}.{extension}",
        "/a.{extension}",
        "../{claim:sub}.{extension}",
        "{claim:sub}",
        "a?{extension}",
        "{name}.{extension}",
    ] {
        let configuration = with("/uploads", json!({ "avatar": uploads(json!({ "key": key })) }));
        assert!(
            problems(&configuration)[0].starts_with("uploads.avatar.key: "),
            "{key} {:?}",
            problems(&configuration)
        );
    }
}

#[test]
fn what_is_wrong_with_a_signer_or_an_upload_is_said_at_its_place() {
    for (member, value) in [
        ("keyPairId", json!("")),
        ("keyPairId", json!("K;")),
        ("hash", json!("MD5")),
        ("resource", json!("*")),
        ("resource", json!("https://live.example.com")),
        ("resource", json!("https://{claim:sub}/*")),
        ("url", json!("/a")),
        ("lifetimeSeconds", json!(0)),
        ("startsAt", json!(-1)),
        ("cookies", json!({ "sameSite": "lax" })),
        ("cookies", json!({ "path": "x" })),
        ("cookies", json!({ "domain": "a;b" })),
    ] {
        let problems = problems(&with("/signedCookies", json!({ "live": signer(json!({ member: value })) })));
        assert!(
            problems.len() == 1 && problems[0].starts_with(&format!("signedCookies.live.{member}")),
            "{member} {problems:?}"
        );
    }
    for (member, value) in [
        ("bucket", json!("A")),
        ("region", json!("eu/1")),
        ("endpoint", json!("http://s3.example")),
        ("endpoint", json!("https://s3.example/x")),
        ("contentTypes", json!({})),
        ("contentTypes", json!({ ".png": "image/png" })),
        ("contentTypes", json!({ "png": "png" })),
        ("expiresSeconds", json!(604_801)),
    ] {
        let problems = problems(&with("/uploads", json!({ "avatar": uploads(json!({ member: value })) })));
        assert!(
            problems.len() == 1 && problems[0].starts_with(&format!("uploads.avatar.{member}")),
            "{member} {problems:?}"
        );
    }
    let rules = |respond: Value| {
        let mut configuration = secret_configuration(json!({}));
        configuration["signedCookies"] =
            json!({ "live": signer(json!({ "resource": "https://a.example/{path:x}/*" })) });
        configuration["rules"] = json!([{ "match": { "path": "/a" }, "allow": "authenticated", "respond": respond }]);
        problems(&configuration)
    };
    for (respond, expected) in [
        (
            json!({ "signedCookies": "life" }),
            "rules[0].respond.signedCookies: `signedCookies` has no `life`: did you mean `live`?",
        ),
        (json!({ "upload": "x" }), "rules[0].respond.upload: `uploads` has no `x`"),
        (json!({}), "rules[0].respond: name one of `signedCookies`, `clearSignedCookies`, `signedUrl` and `upload`"),
        (
            json!({ "signedUrl": "live" }),
            "rules[0].respond.signedUrl: `live` needs `{path:x}`, which the rule's path does not capture",
        ),
    ] {
        assert_eq!(rules(respond), [expected]);
    }
}
