//! The material of keys, one file for each kind: reading it from a JWK, and verifying signatures with it.
//!
//! Both are never inlined: a zip whose configuration takes no keys of a kind is made without them (`parts.rs`).

#[cfg(any(feature = "es256", feature = "es384", feature = "es512"))]
mod ecdsa;
#[cfg(feature = "eddsa")]
mod ed25519;
mod hmac;
mod rsa;
#[cfg(test)]
mod tests;

use crate::algorithm::{Algorithm, KeyType};
use crate::base64url;
use crate::json::{Json, Members};
pub(crate) use hmac::sign_hs256;

/// What signatures are verified with.
#[derive(Clone)]
pub(crate) enum KeyMaterial {
    Rsa(rsa::RsaKey),
    #[cfg(feature = "es256")]
    P256(ecdsa::P256Key),
    #[cfg(feature = "es384")]
    P384(ecdsa::P384Key),
    #[cfg(feature = "es512")]
    P521(ecdsa::P521Key),
    #[cfg(feature = "eddsa")]
    Ed25519(ed25519::Ed25519Key),
    Secret(hmac::Secret),
}

impl KeyMaterial {
    /// Reads the members that are special to `key_type`. The error is what is wrong with "it", the key.
    pub(crate) fn from_jwk(key_type: KeyType, jwk: Members<'_>) -> Result<Self, String> {
        let bytes = |name| required_bytes(jwk, name);
        match key_type {
            KeyType::Rsa => rsa::RsaKey::new(&bytes("n")?, &bytes("e")?).map(Self::Rsa),
            #[cfg(feature = "es256")]
            KeyType::P256 => ecdsa::P256Key::new(&bytes("x")?, &bytes("y")?).map(Self::P256),
            #[cfg(feature = "es384")]
            KeyType::P384 => ecdsa::P384Key::new(&bytes("x")?, &bytes("y")?).map(Self::P384),
            #[cfg(feature = "es512")]
            KeyType::P521 => ecdsa::P521Key::new(&bytes("x")?, &bytes("y")?).map(Self::P521),
            #[cfg(feature = "eddsa")]
            KeyType::Ed25519 => ed25519::Ed25519Key::new(&bytes("x")?).map(Self::Ed25519),
            KeyType::Secret => Ok(Self::from_secret(bytes("k")?)),
        }
    }

    pub(crate) fn from_secret(secret: Vec<u8>) -> Self {
        Self::Secret(hmac::Secret::new(secret))
    }

    pub(crate) fn key_type(&self) -> KeyType {
        match self {
            Self::Rsa(_) => KeyType::Rsa,
            #[cfg(feature = "es256")]
            Self::P256(_) => KeyType::P256,
            #[cfg(feature = "es384")]
            Self::P384(_) => KeyType::P384,
            #[cfg(feature = "es512")]
            Self::P521(_) => KeyType::P521,
            #[cfg(feature = "eddsa")]
            Self::Ed25519(_) => KeyType::Ed25519,
            Self::Secret(_) => KeyType::Secret,
        }
    }

    /// Why this key must not be used with `algorithm`, if so.
    pub(crate) fn unfit_for(&self, algorithm: Algorithm) -> Option<String> {
        match self {
            Self::Secret(secret) if algorithm.is_symmetric() => secret.too_short_for(algorithm),
            _ if self.key_type() != algorithm.key_type() => Some(format!("it is no key for {algorithm}")),
            _ => None,
        }
    }

    /// Whether `signature` is one by this key over `signing_input` (RFC 7515, section 5.2). False where key and algorithm
    /// are of different kinds: a public key is never taken for a secret (threat 2).
    pub(crate) fn verify(&self, algorithm: Algorithm, signing_input: &[u8], signature: &[u8]) -> bool {
        if self.unfit_for(algorithm).is_some() {
            return false;
        }
        match self {
            Self::Rsa(key) => key.verify(algorithm, signing_input, signature),
            #[cfg(feature = "es256")]
            Self::P256(key) => key.verify(signing_input, signature),
            #[cfg(feature = "es384")]
            Self::P384(key) => key.verify(signing_input, signature),
            #[cfg(feature = "es512")]
            Self::P521(key) => key.verify(signing_input, signature),
            #[cfg(feature = "eddsa")]
            Self::Ed25519(key) => key.verify(signing_input, signature),
            Self::Secret(secret) => secret.verify(algorithm, signing_input, signature),
        }
    }
}

/// Verifies with an algorithm of jwt-compact. It wants lengths checked before a signature is made from a slice: algorithms
/// with a fixed one panic otherwise.
fn verify_with<A: jwt_compact::Algorithm>(
    algorithm: A,
    key: &A::VerifyingKey,
    signing_input: &[u8],
    signature: &[u8],
) -> bool {
    use jwt_compact::AlgorithmSignature;

    if A::Signature::LENGTH.is_some_and(|length| length.get() != signature.len()) {
        return false;
    }
    A::Signature::try_from_slice(signature)
        .is_ok_and(|signature| algorithm.verify_signature(&signature, key, signing_input))
}

fn required_bytes(jwk: Members<'_>, name: &str) -> Result<Vec<u8>, String> {
    match jwk.get(name) {
        None => Err(format!("it has no `{name}`")),
        Some(Json::String(text)) => base64url::decode(text).ok_or_else(|| format!("its `{name}` is not base64url")),
        Some(_) => Err(format!("its `{name}` is not a string")),
    }
}
