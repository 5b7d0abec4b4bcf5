//! JSON Web Signatures in compact serialization (RFC 7515, section 7.1), the only form that a JWT has.
//!
//! [`UnverifiedJws`] → [`VerifiedJws`]: what the viewer wrote becomes what an issuer signed, by one function.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod vectors;

use crate::algorithm::Algorithm;
use crate::base64url;
use crate::json::{self, Json, Object};
use crate::jwk::Key;
use crate::media_type;
use crate::refusal::{Code, Refusal};

/// The longest token that is looked at, in bytes. A request to CloudFront has at most 20,480 bytes altogether
/// ("Quotas" in the CloudFront Developer Guide).
pub(crate) const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A token that somebody wrote. Nothing in it is true yet.
pub(crate) struct UnverifiedJws<'t> {
    header: JoseHeader,
    claims: Object,
    signing_input: &'t str,
    signature: Vec<u8>,
}

/// A header whose parameters have been checked. `jku`, `jwk`, `x5u` and `x5c` are not looked at: a token does not bring its own
/// key.
struct JoseHeader(Object);

/// A Claims Set that the holder of a provider's key has signed. Made by [`UnverifiedJws::verify`] only.
pub(crate) struct VerifiedJws {
    header: JoseHeader,
    claims: Object,
}

impl<'t> UnverifiedJws<'t> {
    /// Takes the token apart without believing any of it.
    pub(crate) fn parse(token: &'t str) -> Result<Self, Refusal> {
        Self::parse_with(token, |payload| {
            json::parse_object(payload).map_err(|error| malformed(format!("the payload is not a claims set: {error}")))
        })
    }

    /// For [`parse`](Self::parse), and for tests with published examples, whose payloads are not claims sets.
    fn parse_with(
        token: &'t str,
        claims_set: impl FnOnce(Vec<u8>) -> Result<Object, Refusal>,
    ) -> Result<Self, Refusal> {
        if token.len() > MAX_TOKEN_BYTES {
            let detail = format!("the token has {} bytes; at most {MAX_TOKEN_BYTES} are looked at", token.len());
            return Err(Refusal::new(Code::TokenTooLarge, detail));
        }
        let parts: Vec<&str> = token.splitn(6, '.').collect();
        let (header, payload, signature) = match parts.as_slice() {
            [header, payload, signature] => (*header, *payload, *signature),
            [_, _, _, _, _] => return Err(malformed("an encrypted token (JWE, five parts) is not accepted")),
            _ => return Err(malformed("not a compact JWS: it has not three parts")),
        };
        let signing_input = token.get(..header.len() + 1 + payload.len()).unwrap_or_default();
        let header = JoseHeader::parse(decode(header, "header")?)?;
        let claims = claims_set(decode(payload, "payload")?)?;
        let signature = decode(signature, "signature")?;
        Ok(Self { header, claims, signing_input, signature })
    }

    /// The `alg` that the token says it was signed with.
    pub(crate) fn algorithm(&self) -> &str {
        self.header.text("alg").unwrap_or_default()
    }

    /// The `kid` of the key that the token says it was signed with.
    pub(crate) fn kid(&self) -> Option<&str> {
        self.header.text("kid")
    }

    /// The `iss` that the token claims, to choose the provider whose keys may prove it; `None` if it has none.
    pub(crate) fn claimed_issuer(&self) -> Result<Option<&str>, Refusal> {
        match self.claims.get("iss") {
            None => Ok(None),
            Some(Json::String(issuer)) => Ok(Some(issuer)),
            Some(_) => Err(Refusal::new(Code::ClaimMalformed, "the claim `iss` is not a string")),
        }
    }

    /// Verifies the signature with the one key that the provider has for it.
    pub(crate) fn verify(self, algorithm: Algorithm, key: &Key) -> Result<VerifiedJws, Refusal> {
        if key.material().verify(algorithm, self.signing_input.as_bytes(), &self.signature) {
            Ok(VerifiedJws { header: self.header, claims: self.claims })
        } else {
            Err(Refusal::new(Code::SignatureInvalid, "the signature is not one by the provider's key over this token"))
        }
    }
}

impl VerifiedJws {
    /// Its `typ`, which says what kind of token it is (RFC 8725, section 3.11).
    pub(crate) fn media_type(&self) -> Option<&str> {
        self.header.text("typ")
    }

    pub(crate) fn into_claims(self) -> Object {
        self.claims
    }
}

impl JoseHeader {
    fn parse(text: Vec<u8>) -> Result<Self, Refusal> {
        let header =
            json::parse_object(text).map_err(|error| malformed(format!("the header is not a JOSE header: {error}")))?;
        let has = |name: &str| header.get(name).is_some();
        // RFC 7515, section 4.1.11: what `crit` lists must be understood; we understand no extension. RFC 7797 allows
        // `b64` only together with `crit`.
        if has("crit") || has("b64") {
            return Err(Refusal::new(Code::CriticalHeader, "the header has `crit` or `b64`"));
        }
        // RFC 7516, section 4.1: these belong to encrypted tokens.
        if has("enc") || has("zip") {
            return Err(malformed("the header has `enc` or `zip`: encrypted tokens are not accepted"));
        }
        for name in ["cty", "alg", "kid", "typ"] {
            if header.get(name).is_some_and(|value| value.as_str().is_none()) {
                return Err(malformed(format!("the header's `{name}` is not a string")));
            }
        }
        let header = Self(header);
        // RFC 7519, section 5.2: what a nested token says. Other values are between issuer and application; some set one.
        if header.text("cty").is_some_and(|content_type| media_type::same(content_type, "JWT")) {
            return Err(malformed("the header's `cty` is `JWT`: nested tokens are not accepted"));
        }
        if header.text("alg").is_none() {
            return Err(malformed("the header has no `alg`"));
        }
        Ok(header)
    }

    /// A parameter that is a string.
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Json::as_str)
    }
}

fn decode(part: &str, name: &str) -> Result<Vec<u8>, Refusal> {
    base64url::decode(part).ok_or_else(|| malformed(format!("the {name} is not base64url without padding")))
}

fn malformed(detail: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new(Code::TokenMalformed, detail)
}
