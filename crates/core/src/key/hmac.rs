//! Shared secrets (RFC 7518, sections 3.2 and 6.4).

use jwt_compact::alg::{Hs256, Hs256Key, Hs384, Hs384Key, Hs512, Hs512Key};
use jwt_compact::{Algorithm as _, AlgorithmSignature as _};

use super::verify_with;
use crate::algorithm::Algorithm;

#[derive(Clone)]
pub(crate) struct Secret(Vec<u8>);

impl Secret {
    pub(crate) fn new(secret: Vec<u8>) -> Self {
        Self(secret)
    }

    /// RFC 7518, section 3.2: a secret has to be at least as long as the output of the hash function.
    pub(crate) fn too_short_for(&self, algorithm: Algorithm) -> Option<String> {
        let least = match algorithm {
            Algorithm::Hs384 => 48,
            Algorithm::Hs512 => 64,
            _ => 32,
        };
        let bytes = self.0.len();
        (bytes < least).then(|| format!("the secret has {bytes} bytes; {algorithm} needs at least {least}"))
    }

    /// In constant time: jwt-compact compares codes by `subtle`.
    pub(crate) fn verify(&self, algorithm: Algorithm, signing_input: &[u8], signature: &[u8]) -> bool {
        match algorithm {
            Algorithm::Hs256 => verify_with(Hs256, &Hs256Key::new(&self.0), signing_input, signature),
            Algorithm::Hs384 => verify_with(Hs384, &Hs384Key::new(&self.0), signing_input, signature),
            Algorithm::Hs512 => verify_with(Hs512, &Hs512Key::new(&self.0), signing_input, signature),
            _ => false,
        }
    }
}

/// The HMAC SHA-256 of what is to be signed (RFC 7518, section 3.2).
pub(crate) fn sign_hs256(secret: &[u8], signing_input: &[u8]) -> Vec<u8> {
    Hs256.sign(&Hs256Key::new(secret), signing_input).as_bytes().into_owned()
}
