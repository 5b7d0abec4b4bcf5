//! What a signature is good for: a day, a region, a service.

use super::credentials::Credentials;
use super::error::SigningError;
use crate::date::Second;
use crate::hash;

pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A region, a service and a time: what a signature is good for.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    region: &'a str,
    service: &'a str,
    /// Seconds since 1970.
    pub(super) now: u64,
    /// `20150830T123600Z`
    pub(super) timestamp: String,
}

impl<'a> Scope<'a> {
    /// A region (`eu-central-1`) and a service (`s3`) at the time `now`, in seconds since 1970.
    pub fn new(region: &'a str, service: &'a str, now: u64) -> Result<Self, SigningError> {
        let plain = |text: &str| {
            let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !text.is_empty() && text.bytes().all(named)
        };
        if !plain(region) || !plain(service) {
            return Err(SigningError::Scope);
        }
        let second = Second::from_unix(now).ok_or(SigningError::Time)?;
        Ok(Self { region, service, now, timestamp: second.basic() })
    }

    /// `20150830/us-east-1/iam/aws4_request`
    pub(super) fn credential_scope(&self) -> String {
        [self.date(), "/", self.region, "/", self.service, "/aws4_request"].concat()
    }

    /// `AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request`
    pub(super) fn credential(&self, credentials: &Credentials) -> String {
        [&credentials.access_key_id, "/", &self.credential_scope()].concat()
    }

    pub(super) fn string_to_sign(&self, canonical_request: &str) -> String {
        let hash = hash::sha256_hex(canonical_request.as_bytes());
        [ALGORITHM, "\n", &self.timestamp, "\n", &self.credential_scope(), "\n", &hash].concat()
    }

    /// The signature of a text, in hexadecimal digits. The key is derived for the scope, and good for it only.
    pub(super) fn signature(&self, credentials: &Credentials, string_to_sign: &str) -> String {
        let secret = ["AWS4", &credentials.secret_access_key].concat();
        let mut key = hash::hmac_sha256(secret.as_bytes(), self.date().as_bytes());
        for part in [self.region, self.service, "aws4_request", string_to_sign] {
            key = hash::hmac_sha256(&key, part.as_bytes());
        }
        hash::hex(&key)
    }

    fn date(&self) -> &str {
        self.timestamp.get(..8).unwrap_or_default()
    }
}
