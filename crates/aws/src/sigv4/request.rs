//! A request to be signed, and how.

use super::error::SigningError;
use crate::percent;

/// A request, as it will be sent.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// `GET`
    pub method: &'a str,
    /// The path, percent-encoded as it is sent.
    pub path: &'a str,
    /// The query, percent-encoded as it is sent, without `?`; empty if there is none.
    pub query: &'a str,
    /// The headers to sign, `host` among them; names in any case. Headers that are not here are not signed.
    pub headers: &'a [(&'a str, &'a str)],
    /// What the signature says about the body.
    pub payload: Payload<'a>,
}

/// What a signature says about the body.
#[derive(Debug, Clone, Copy)]
pub enum Payload<'a> {
    /// The body, of which the hash is signed. Empty where there is none.
    Bytes(&'a [u8]),
    /// The SHA-256 of the body, in lower-case hexadecimal digits.
    Hash(&'a str),
    /// Nothing: `UNSIGNED-PAYLOAD`. Amazon S3 only, over TLS.
    Unsigned,
    /// A body in chunks that are not signed, with a checksum after them: `STREAMING-UNSIGNED-PAYLOAD-TRAILER` (Amazon S3).
    StreamingUnsignedTrailer,
    /// A body in chunks that are signed one after the other, which is the sender's work: the signature of this request is
    /// the seed of theirs. `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` (Amazon S3).
    StreamingSigned,
}

/// How the canonical path is made of the path that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathRule {
    /// Dot segments and empty segments are taken out, and what is left is encoded a second time: every service but S3.
    NormalisedEncodedTwice,
    /// Encoded a second time, but left as it is otherwise: for services that were told not to normalise.
    EncodedTwice,
    /// Encoded once, strictly, and left as it is otherwise: Amazon S3, where a key is exact bytes.
    EncodedOnce,
}

/// How the session token of temporary credentials goes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionToken {
    /// As part of what is signed: what nearly every service asks for.
    Signed,
    /// Beside what is signed, as some services want it (AWS IoT over WebSocket).
    Appended,
}

/// How services differ.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How the canonical path is made.
    pub path: PathRule,
    /// Whether the payload's hash goes along as the header `x-amz-content-sha256`: a must for Amazon S3, fine for others.
    pub content_sha256: bool,
    /// How a session token goes along.
    pub session_token: SessionToken,
}

impl Options {
    /// What a service wants, by its name in the credential scope.
    pub fn for_service(service: &str) -> Self {
        let encoded_once = service == "s3" || service.starts_with("s3-") || service.starts_with("s3express");
        Self {
            path: if encoded_once { PathRule::EncodedOnce } else { PathRule::NormalisedEncodedTwice },
            content_sha256: true,
            session_token: SessionToken::Signed,
        }
    }
}

impl Payload<'_> {
    /// What stands at the end of the canonical request.
    pub(super) fn hash(&self) -> Result<String, SigningError> {
        Ok(match self {
            Self::Bytes(bytes) => crate::hash::sha256_hex(bytes),
            Self::Hash(hash) => {
                let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                if hash.len() != 64 || !hash.bytes().all(digit) {
                    return Err(SigningError::PayloadHash);
                }
                (*hash).to_owned()
            }
            Self::Unsigned => "UNSIGNED-PAYLOAD".to_owned(),
            Self::StreamingUnsignedTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER".to_owned(),
            Self::StreamingSigned => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD".to_owned(),
        })
    }
}

impl PathRule {
    pub(super) fn canonical_path(self, path: &str) -> Result<String, SigningError> {
        match self {
            Self::EncodedOnce => return encoded_s3_path(path),
            _ if !path.starts_with('/') => return Err(SigningError::Path),
            _ => {}
        }
        let mut canonical = String::with_capacity(path.len());
        match self {
            Self::NormalisedEncodedTwice => percent::encode_into(&mut canonical, normalised(path).as_bytes(), b"/"),
            _ => percent::encode_into(&mut canonical, path.as_bytes(), b"/"),
        }
        Ok(canonical)
    }
}

/// The path as Amazon S3 computes signatures over it: decoded, and encoded once, strictly. A `+` that is not encoded is a
/// space there. Who sends the path in this form sends what is signed, however the server reads paths.
pub fn encoded_s3_path(path: &str) -> Result<String, SigningError> {
    let decoded = percent::decode_with_plus(path).filter(|path| path.starts_with(b"/")).ok_or(SigningError::Path)?;
    // A `/` that was encoded is one afterwards: to Amazon S3 it is the same byte of a key.
    let mut encoded = String::with_capacity(path.len());
    percent::encode_into(&mut encoded, &decoded, b"/");
    Ok(encoded)
}

/// RFC 3986, section 5.2.4, and one `/` for several.
fn normalised(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => _ = segments.pop(),
            _ => segments.push(segment),
        }
    }
    let mut normalised = String::with_capacity(path.len());
    for segment in &segments {
        normalised.push('/');
        normalised.push_str(segment);
    }
    // What names a folder goes on naming one.
    if path.ends_with('/') || segments.is_empty() {
        normalised.push('/');
    }
    normalised
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(rule: PathRule, path: &str) -> String {
        rule.canonical_path(path).unwrap()
    }

    #[test]
    fn other_services_normalise_and_encode_twice() {
        let canonical = |path| canonical(PathRule::NormalisedEncodedTwice, path);
        assert_eq!(canonical("/"), "/");
        assert_eq!(canonical("/a//b/./c/../d/"), "/a/b/d/");
        assert_eq!(canonical("/../../a"), "/a");
        assert_eq!(canonical("/a%20b/1,2"), "/a%2520b/1%2C2");
        assert_eq!(self::canonical(PathRule::EncodedTwice, "/a/./%20//"), "/a/./%2520//");
    }

    #[test]
    fn s3_encodes_once_and_does_not_normalise() {
        let canonical = |path| canonical(PathRule::EncodedOnce, path);
        assert_eq!(canonical("/a//./../b/"), "/a//./../b/");
        assert_eq!(canonical("/my%20photo(1)$.png"), "/my%20photo%281%29%24.png");
        assert_eq!(canonical("/a%2bb+c"), "/a%2Bb%20c");
        assert_eq!(canonical("/%E1%88%b4"), "/%E1%88%B4");
    }

    #[test]
    fn a_path_without_a_reading_is_refused() {
        for path in ["", "a", "a/b"] {
            for rule in [PathRule::NormalisedEncodedTwice, PathRule::EncodedTwice, PathRule::EncodedOnce] {
                assert_eq!(rule.canonical_path(path), Err(SigningError::Path));
            }
        }
        assert_eq!(PathRule::EncodedOnce.canonical_path("/%zz"), Err(SigningError::Path));
    }

    #[test]
    fn a_hash_is_64_digits() {
        let digits = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Payload::Hash(digits).hash().as_deref(), Ok(digits));
        assert_eq!(Payload::Bytes(b"").hash().as_deref(), Ok(digits));
        for wrong in ["", "UNSIGNED-PAYLOAD", &digits.to_uppercase(), &digits[1..]] {
            assert_eq!(Payload::Hash(wrong).hash(), Err(SigningError::PayloadHash));
        }
    }
}
