//! Signing with headers ("Authenticating Requests: Using the Authorization Header").

use super::canonical::{CanonicalHeaders, is_token};
use super::credentials::Credentials;
use super::error::SigningError;
use super::query::{canonical_query, encoded_query};
use super::request::{Options, Request, SessionToken};
use super::scope::{ALGORITHM, Scope};

/// What signing adds to a request, and what the signature is made of.
///
/// It holds the session token and is therefore not to be printed.
#[derive(Clone)]
pub struct SignedRequest {
    /// The headers to set, names in lower case: `x-amz-date`, `authorization`, and where they apply
    /// `x-amz-content-sha256` and `x-amz-security-token`.
    pub headers: Vec<(&'static str, String)>,
    /// What was hashed. With it a difference to another signer is found.
    pub canonical_request: String,
    /// What was signed.
    pub string_to_sign: String,
    /// The signature, in hexadecimal digits.
    pub signature: String,
}

/// Signs a request with an `Authorization` header. The headers of the answer have to be set, and replace any of the same
/// names; path, query, body and the headers that were signed must be sent as they are here.
pub fn sign(
    request: &Request<'_>,
    scope: &Scope<'_>,
    credentials: &Credentials,
    options: Options,
) -> Result<SignedRequest, SigningError> {
    if !is_token(request.method) {
        return Err(SigningError::Method);
    }
    let path = options.path.canonical_path(request.path)?;
    let query = canonical_query(&encoded_query(request.query)?);
    let payload_hash = request.payload.hash()?;

    let mut set = vec![("x-amz-date", scope.timestamp.clone())];
    if options.content_sha256 {
        set.push(("x-amz-content-sha256", payload_hash.clone()));
    }
    let token = credentials.session_token.clone().map(|token| ("x-amz-security-token", token));
    let (signed_token, appended_token) = match options.session_token {
        SessionToken::Signed => (token, None),
        SessionToken::Appended => (None, token),
    };
    set.extend(signed_token);

    let mut headers = CanonicalHeaders::of_request(request.headers)?;
    for (name, value) in &set {
        headers.add((*name).to_owned(), value)?;
    }
    let canonical_request = headers.request(request.method, &path, &query, &payload_hash);
    let string_to_sign = scope.string_to_sign(&canonical_request);
    let signature = scope.signature(credentials, &string_to_sign);

    let credential = scope.credential(credentials);
    let parts =
        [ALGORITHM, " Credential=", &credential, ", SignedHeaders=", &headers.names(), ", Signature=", &signature];
    set.extend(appended_token);
    set.push(("authorization", parts.concat()));
    Ok(SignedRequest { headers: set, canonical_request, string_to_sign, signature })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigv4::Payload;

    fn signed(request: &Request<'_>, session_token: SessionToken) -> Result<SignedRequest, SigningError> {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", Some("token")).unwrap();
        let scope = Scope::new("us-east-1", "iot", 1_440_938_160).unwrap();
        sign(request, &scope, &credentials, Options { session_token, ..Options::for_service("iot") })
    }

    fn get() -> Request<'static> {
        Request { method: "GET", path: "/", query: "", headers: &[("Host", "h")], payload: Payload::Bytes(b"") }
    }

    #[test]
    fn a_session_token_can_go_beside_what_is_signed() {
        let beside = signed(&get(), SessionToken::Appended).ok().unwrap();
        assert!(beside.headers.contains(&("x-amz-security-token", "token".to_owned())));
        assert!(!beside.canonical_request.contains("x-amz-security-token"));
        let within = signed(&get(), SessionToken::Signed).ok().unwrap();
        assert!(within.canonical_request.contains("\nx-amz-security-token:token\n"));
        assert_ne!(beside.signature, within.signature);
    }

    #[test]
    fn payloads_of_amazon_s3_have_markers() {
        for (payload, marker) in [
            (Payload::Unsigned, "UNSIGNED-PAYLOAD"),
            (Payload::StreamingUnsignedTrailer, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
            (Payload::StreamingSigned, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        ] {
            let signed = signed(&Request { payload, ..get() }, SessionToken::Signed).ok().unwrap();
            assert!(signed.headers.contains(&("x-amz-content-sha256", marker.to_owned())));
            assert!(signed.canonical_request.ends_with(&["\n", marker].concat()));
        }
    }

    #[test]
    fn what_is_no_request_is_not_signed() {
        let error = |request: Request<'_>| signed(&request, SessionToken::Signed).err();
        assert_eq!(error(Request { method: "GET\n/", ..get() }), Some(SigningError::Method));
        assert_eq!(error(Request { method: "", ..get() }), Some(SigningError::Method));
        assert_eq!(error(Request { path: "a", ..get() }), Some(SigningError::Path));
        assert_eq!(error(Request { query: "%", ..get() }), Some(SigningError::Query));
        assert_eq!(error(Request { headers: &[], ..get() }), Some(SigningError::Host));
        assert_eq!(error(Request { payload: Payload::Hash("00"), ..get() }), Some(SigningError::PayloadHash));
    }

    #[test]
    fn a_scope_is_plain() {
        for (region, service) in
            [("", "s3"), ("us-east-1", ""), ("us east", "s3"), ("us-east-1/s3", "s3"), ("EU", "s3")]
        {
            assert_eq!(Scope::new(region, service, 0).err(), Some(SigningError::Scope));
        }
        assert_eq!(Scope::new("us-east-1", "s3", u64::MAX).err(), Some(SigningError::Time));
    }
}
