//! Ed25519 public keys (RFC 8037).

use ed25519_dalek::{Signature, VerifyingKey};

#[derive(Clone)]
pub(crate) struct Ed25519Key(VerifyingKey);

impl Ed25519Key {
    /// Takes the encoded point. One of small order, for which signatures over anything can be made, is refused.
    #[inline(never)]
    pub(crate) fn new(point: &[u8]) -> Result<Self, String> {
        let point = point.try_into().map_err(|_| "its `x` has not 32 bytes".to_owned())?;
        match VerifyingKey::from_bytes(point) {
            Ok(key) if !key.is_weak() => Ok(Self(key)),
            _ => Err("its point is not on the curve, or of small order".to_owned()),
        }
    }

    /// By the strict rules: no other encoding of the same signature passes (RFC 8032, section 8.4).
    #[inline(never)]
    pub(crate) fn verify(&self, signing_input: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(signing_input, &signature).is_ok())
    }
}
