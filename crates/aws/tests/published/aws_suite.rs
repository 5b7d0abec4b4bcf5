//! AWS's own test suite for signers, every case signed in both ways.

use edge_authorizer_aws::sigv4::{
    Credentials, Options, PathRule, Payload, Request, Scope, SessionToken, presign, sign,
};
use serde_json::Value;

use super::support::{read, seconds};

#[test]
fn aws_signing_test_suite() {
    let Some(file) = read("sigv4/aws-signing-test-suite.json") else { return };
    let cases = file["cases"].as_array().unwrap();
    for case in cases {
        let case = Case::of(case);
        case.sign_with_headers();
        case.presign();
    }
    assert_eq!(cases.len(), 19);
    println!("vectors: {} AWS signing test suite (canonical request, string to sign and signature)", 2 * cases.len());
}

struct Case<'v> {
    vector: &'v Value,
    method: &'v str,
    path: &'v str,
    query: &'v str,
    headers: Vec<(&'v str, String)>,
    body: &'v str,
}

impl<'v> Case<'v> {
    fn of(vector: &'v Value) -> Self {
        let text = vector["request"].as_str().unwrap();
        let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
        let target = target.strip_suffix(" HTTP/1.1").unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<(&str, String)> = Vec::new();
        for line in lines {
            match line.split_once(':') {
                // A line that goes on replaces its break by a space (RFC 9112, section 5.2).
                _ if line.starts_with(' ') => headers.last_mut().unwrap().1.extend([" ", line]),
                Some((name, value)) => headers.push((name, value.to_owned())),
                None => panic!("{line}"),
            }
        }
        Self { vector, method, path, query, headers, body }
    }

    fn sign_with_headers(&self) {
        let signed = self
            .with_request(|request, scope, credentials, options| sign(request, scope, credentials, options).unwrap());
        self.compare("header_canonical_request", &signed.canonical_request);
        self.compare("header_string_to_sign", &signed.string_to_sign);
        self.compare("header_signature", &signed.signature);
        let head = self.text("header_signed_request");
        for (name, value) in signed.headers {
            let line = format!("{name}:{value}");
            assert!(head.lines().any(|found| found.eq_ignore_ascii_case(&line)), "{}: {line}", self.name());
        }
    }

    fn presign(&self) {
        let expires = u32::try_from(self.context()["expiration_in_seconds"].as_u64().unwrap()).unwrap();
        let signed = self.with_request(|request, scope, credentials, options| {
            presign(request, scope, credentials, options, expires).unwrap()
        });
        self.compare("query_canonical_request", &signed.canonical_request);
        self.compare("query_string_to_sign", &signed.string_to_sign);
        self.compare("query_signature", &signed.signature);
        let sent = self.text("query_signed_request").lines().next().unwrap();
        let (_, query) = sent.strip_suffix(" HTTP/1.1").unwrap().split_once('?').unwrap();
        assert_eq!(sorted(&signed.query), sorted(query), "{}", self.name());
    }

    fn with_request<T>(&self, sign: impl FnOnce(&Request<'_>, &Scope<'_>, &Credentials, Options) -> T) -> T {
        let context = self.context();
        let text = |value: &'v Value| value.as_str().unwrap();
        let credentials = &context["credentials"];
        let (id, secret) = (text(&credentials["access_key_id"]), text(&credentials["secret_access_key"]));
        let credentials = Credentials::new(id, secret, credentials["token"].as_str()).unwrap();
        let now = seconds(text(&context["timestamp"]));
        let scope = Scope::new(text(&context["region"]), text(&context["service"]), now).unwrap();
        let normalise = context["normalize"].as_bool().unwrap();
        let options = Options {
            path: if normalise { PathRule::NormalisedEncodedTwice } else { PathRule::EncodedTwice },
            content_sha256: context["sign_body"].as_bool().unwrap(),
            session_token: match context["omit_session_token"].as_bool() {
                Some(true) => SessionToken::Appended,
                _ => SessionToken::Signed,
            },
        };
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        // Where the body is not signed, the suite takes it for empty.
        let body = if options.content_sha256 { self.body.as_bytes() } else { b"" };
        let request = Request {
            method: self.method,
            path: self.path,
            query: self.query,
            headers: &headers,
            payload: Payload::Bytes(body),
        };
        sign(&request, &scope, &credentials, options)
    }

    fn compare(&self, member: &str, ours: &str) {
        assert_eq!(ours, self.text(member), "{}: {member}", self.name());
    }

    fn context(&self) -> &'v Value {
        &self.vector["context"]
    }

    fn name(&self) -> &'v str {
        self.vector["name"].as_str().unwrap()
    }

    fn text(&self, member: &str) -> &'v str {
        self.vector[member].as_str().unwrap()
    }
}

fn sorted(query: &str) -> Vec<&str> {
    let mut parameters: Vec<&str> = query.split('&').collect();
    parameters.sort_unstable();
    parameters
}
