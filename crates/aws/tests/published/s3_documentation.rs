//! Worked examples: "Signature Calculations for the Authorization Header" and "Authenticating Requests: Using Query
//! Parameters" in the Amazon S3 API Reference, with AWS's published example credentials.

use edge_authorizer_aws::sigv4::{Credentials, Options, Payload, Request, Scope, presign, sign};

use super::support::{read, seconds};

const HOST: (&str, &str) = ("host", "examplebucket.s3.amazonaws.com");

/// 2013-05-24T00:00:00Z
const NOW: u64 = 1_369_353_600;

fn credentials() -> Credentials {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None).unwrap()
}

fn signature(request: &Request<'_>) -> String {
    let scope = Scope::new("us-east-1", "s3", NOW).unwrap();
    sign(request, &scope, &credentials(), Options::for_service("s3")).unwrap().signature
}

#[test]
fn four_requests_with_an_authorization_header() {
    let get = |path, query, headers| Request { method: "GET", path, query, headers, payload: Payload::Bytes(b"") };
    assert_eq!(
        signature(&get("/test.txt", "", &[HOST, ("Range", "bytes=0-9")])),
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
    );
    assert_eq!(
        signature(&get("/", "lifecycle", &[HOST])),
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
    );
    assert_eq!(
        signature(&get("/", "prefix=J&max-keys=2", &[HOST])),
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
    );
    let put = Request {
        method: "PUT",
        // As browsers send it: `$` is encoded for the signature all the same.
        path: "/test$file.text",
        query: "",
        headers: &[HOST, ("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
        payload: Payload::Bytes(b"Welcome to Amazon S3."),
    };
    assert_eq!(signature(&put), "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

#[test]
fn a_presigned_get() {
    let request = Request { method: "GET", path: "/test.txt", query: "", headers: &[HOST], payload: Payload::Unsigned };
    let scope = Scope::new("us-east-1", "s3", NOW).unwrap();
    let signed = presign(&request, &scope, &credentials(), Options::for_service("s3"), 86_400).unwrap();
    assert_eq!(
        signed.url("examplebucket.s3.amazonaws.com"),
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
         &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
         &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    );
}

/// The same examples and one of AWS Identity and Access Management, with every step between.
#[test]
fn examples_of_the_documentation_step_by_step() {
    let Some(file) = read("sigv4/docs-examples.json") else { return };
    let cases = file["cases"].as_array().unwrap();
    for case in cases {
        let text = |member: &str| case[member].as_str().unwrap();
        let credentials = &case["credentials"];
        let (id, secret) = (&credentials["accessKeyId"], &credentials["secretAccessKey"]);
        let credentials = Credentials::new(id.as_str().unwrap(), secret.as_str().unwrap(), None).unwrap();
        let service = text("service");
        let scope = Scope::new(text("region"), service, seconds(text("date"))).unwrap();
        let presigned = text("payloadHash") == "UNSIGNED-PAYLOAD";
        let headers: Vec<(&str, &str)> = case["signedHeaders"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| !["x-amz-date", "x-amz-content-sha256"].contains(&name.as_str()))
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let request = Request {
            method: text("method"),
            path: text("canonicalUri"),
            query: if presigned { "" } else { text("canonicalQuery") },
            headers: &headers,
            payload: if presigned { Payload::Unsigned } else { Payload::Bytes(text("body").as_bytes()) },
        };
        let options = Options { content_sha256: service == "s3", ..Options::for_service(service) };
        let (canonical_request, string_to_sign, signature) = if presigned {
            let signed = presign(&request, &scope, &credentials, options, 86_400).unwrap();
            (signed.canonical_request, signed.string_to_sign, signed.signature)
        } else {
            let signed = sign(&request, &scope, &credentials, options).unwrap();
            (signed.canonical_request, signed.string_to_sign, signed.signature)
        };
        assert_eq!(canonical_request, text("canonicalRequest"), "{}", text("name"));
        assert_eq!(string_to_sign, text("stringToSign"), "{}", text("name"));
        assert_eq!(signature, text("signature"), "{}", text("name"));
    }
    assert_eq!(cases.len(), 6);
    println!("vectors: {} examples of the AWS documentation", cases.len());
}
