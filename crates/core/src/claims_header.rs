//! The claims header: what the configuration names of a verified token, in one header for the origin.
//!
//! Plain, it is a JSON object as base64url. Signed, it is a JWT of our own: an origin that has the secret can tell that
//! the request came through here, and when.

use crate::base64url;
use crate::claims::ValidatedClaims;
use crate::json;
use crate::key::sign_hs256;
use crate::means::Means;
use crate::refusal::{Code, Refusal};
use crate::secrets::SecretId;

/// How long a signed header is good. A request is at its origin within seconds.
const LIFETIME_SECONDS: u64 = 60;

/// The claims of a signed header that are its own (RFC 7519, section 4.1).
pub(crate) const OWN_CLAIMS: [&str; 2] = ["iat", "exp"];

/// What a claims header is made of, and how.
#[derive(Debug, Clone)]
pub(crate) struct ClaimsHeader {
    /// In lower case.
    pub(crate) header: String,
    pub(crate) claims: Vec<String>,
    /// What it is signed with; `None` for a plain one.
    pub(crate) secret: Option<SecretId>,
}

impl ClaimsHeader {
    /// Claims that the token does not have are left out.
    pub(crate) fn value(&self, claims: &ValidatedClaims, means: &Means<'_>) -> Result<String, Refusal> {
        let mut payload = String::from("{");
        for name in &self.claims {
            let Some(value) = claims.get(name) else {
                continue;
            };
            write_name(name, &mut payload);
            json::write(value, &mut payload).ok_or_else(|| {
                let detail = format!("the claim `{name}` cannot stand in a header: it has a number with a fraction");
                Refusal::new(Code::PolicyDenied, detail)
            })?;
        }
        let Some(secret) = self.secret else {
            payload.push('}');
            return Ok(base64url::encode(payload.as_bytes()));
        };
        let issued_at = means.now.whole_seconds();
        let times = [issued_at, issued_at.saturating_add(LIFETIME_SECONDS)];
        for (name, seconds) in OWN_CLAIMS.into_iter().zip(times) {
            write_name(name, &mut payload);
            payload.push_str(&seconds.to_string());
        }
        payload.push('}');
        let missing = || Refusal::new(Code::SecretsUnavailable, "there is no secret to sign the claims header with");
        Ok(signed(&payload, means.secret(secret).ok_or_else(missing)?))
    }
}

/// The name of the next member of an object that is begun.
fn write_name(name: &str, object: &mut String) {
    if object.len() > 1 {
        object.push(',');
    }
    json::write_text(name, object);
    object.push(':');
}

/// RFC 7515, section 5.1.
fn signed(payload: &str, secret: &[u8]) -> String {
    let header = base64url::encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let mut jws = [header, base64url::encode(payload.as_bytes())].join(".");
    let signature = sign_hs256(secret, jws.as_bytes());
    jws.push('.');
    jws.push_str(&base64url::encode(&signature));
    jws
}
