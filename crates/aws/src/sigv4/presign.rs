//! Signing in the query ("Authenticating Requests: Using Query Parameters"): whoever has the URL may send the request.

use super::canonical::{CanonicalHeaders, is_token};
use super::credentials::Credentials;
use super::error::SigningError;
use super::query::{canonical_query, encoded_query, has_reserved_parameter, push_parameter};
use super::request::{Options, Request, SessionToken};
use super::scope::{ALGORITHM, Scope};
use crate::percent;

/// The longest that a presigned request may be good for: seven days ("Authenticating Requests: Using Query Parameters").
/// With temporary credentials it ends with them, if that is earlier.
pub const MAX_EXPIRY_SECONDS: u32 = 604_800;

/// A request whose query carries its signature.
///
/// Whoever sees the query may send the request: it is not to be printed.
#[derive(Clone)]
pub struct PresignedRequest {
    /// The path to send: for Amazon S3 encoded strictly, for others as it was.
    pub path: String,
    /// The query to send, without `?`.
    pub query: String,
    /// What was hashed.
    pub canonical_request: String,
    /// What was signed.
    pub string_to_sign: String,
    /// The signature, in hexadecimal digits.
    pub signature: String,
}

impl PresignedRequest {
    /// `https://host/path?query`
    pub fn url(&self, host: &str) -> String {
        ["https://", host, &self.path, "?", &self.query].concat()
    }
}

/// Signs a request in its query, to be good for `expires_seconds` from the scope's time.
///
/// Whoever sends it has to send the headers that were signed, with the same values. For Amazon S3 the payload has to be
/// [`Payload::Unsigned`](super::Payload::Unsigned).
pub fn presign(
    request: &Request<'_>,
    scope: &Scope<'_>,
    credentials: &Credentials,
    options: Options,
    expires_seconds: u32,
) -> Result<PresignedRequest, SigningError> {
    if !is_token(request.method) {
        return Err(SigningError::Method);
    }
    if !(1..=MAX_EXPIRY_SECONDS).contains(&expires_seconds) {
        return Err(SigningError::Expiry);
    }
    let canonical_path = options.path.canonical_path(request.path)?;
    let mut query = encoded_query(request.query)?;
    if has_reserved_parameter(&query) {
        return Err(SigningError::ReservedParameter);
    }
    let headers = CanonicalHeaders::of_request(request.headers)?;

    push_parameter(&mut query, "X-Amz-Algorithm", ALGORITHM);
    push_encoded(&mut query, "X-Amz-Credential", &scope.credential(credentials));
    push_parameter(&mut query, "X-Amz-Date", &scope.timestamp);
    push_parameter(&mut query, "X-Amz-Expires", &expires_seconds.to_string());
    push_encoded(&mut query, "X-Amz-SignedHeaders", &headers.names());
    let token = credentials.session_token.as_deref();
    if let (Some(token), SessionToken::Signed) = (token, options.session_token) {
        push_encoded(&mut query, "X-Amz-Security-Token", token);
    }

    let payload_hash = request.payload.hash()?;
    let canonical_request = headers.request(request.method, &canonical_path, &canonical_query(&query), &payload_hash);
    let string_to_sign = scope.string_to_sign(&canonical_request);
    let signature = scope.signature(credentials, &string_to_sign);

    push_parameter(&mut query, "X-Amz-Signature", &signature);
    if let (Some(token), SessionToken::Appended) = (token, options.session_token) {
        push_encoded(&mut query, "X-Amz-Security-Token", token);
    }
    let path = match options.path {
        super::PathRule::EncodedOnce => canonical_path,
        _ => request.path.to_owned(),
    };
    Ok(PresignedRequest { path, query, canonical_request, string_to_sign, signature })
}

fn push_encoded(query: &mut String, name: &str, value: &str) {
    let mut encoded = String::with_capacity(value.len());
    percent::encode_into(&mut encoded, value.as_bytes(), b"");
    push_parameter(query, name, &encoded);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sigv4::Payload;

    const HOST: (&str, &str) = ("host", "bucket.s3.us-east-1.amazonaws.com");

    fn presigned(query: &str, token: SessionToken, expires: u32) -> Result<PresignedRequest, SigningError> {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", Some("a/b==")).unwrap();
        let scope = Scope::new("us-east-1", "s3", 1_440_938_160).unwrap();
        let request = Request { method: "PUT", path: "/a b(1)+c", query, headers: &[HOST], payload: Payload::Unsigned };
        presign(&request, &scope, &credentials, Options { session_token: token, ..Options::for_service("s3") }, expires)
    }

    #[test]
    fn the_path_is_sent_as_it_is_signed_and_the_signature_comes_last() {
        let signed = presigned("x=1,2&y", SessionToken::Signed, 60).unwrap();
        let url = signed.url(HOST.1);
        assert!(
            url.starts_with("https://bucket.s3.us-east-1.amazonaws.com/a%20b%281%29%20c?x=1%2C2&y&X-Amz-Algorithm=")
        );
        assert!(url.ends_with(&["&X-Amz-Signature=", &signed.signature].concat()));
        assert!(signed.canonical_request.contains("&X-Amz-Security-Token=a%2Fb%3D%3D&"));
    }

    #[test]
    fn a_session_token_can_go_beside_what_is_signed() {
        let signed = presigned("", SessionToken::Appended, 60).unwrap();
        assert!(signed.query.ends_with("&X-Amz-Security-Token=a%2Fb%3D%3D"));
        assert!(!signed.canonical_request.contains("Security-Token"));
    }

    #[test]
    fn a_week_is_the_longest_and_nothing_is_no_time() {
        let error = |expires| presigned("", SessionToken::Signed, expires).err();
        assert_eq!(error(0), Some(SigningError::Expiry));
        assert_eq!(error(1), None);
        assert_eq!(error(604_800), None);
        assert_eq!(error(604_801), Some(SigningError::Expiry));
    }

    #[test]
    fn nobody_else_sets_the_parameters_of_the_signature() {
        for query in ["X-Amz-Expires=604800", "a=1&x-amz-signature=0", "%58-Amz-Date=x"] {
            assert_eq!(presigned(query, SessionToken::Signed, 60).err(), Some(SigningError::ReservedParameter));
        }
    }
}
