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
