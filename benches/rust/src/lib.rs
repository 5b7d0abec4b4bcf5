//! RSASSA-PKCS1-v1_5 with SHA-256 in WebAssembly, by our crate and by `rsa`, for the benchmark alone.

use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::sha2::Sha256;
use rsa::signature::Verifier;
use rsa::{BigUint, RsaPublicKey};
use wasm_bindgen::prelude::*;

/// A key of `edge-authorizer-rsa`.
#[wasm_bindgen]
pub struct Ours(edge_authorizer_rsa::PublicKey);

#[wasm_bindgen]
impl Ours {
    /// Takes modulus and exponent as big-endian bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Ours {
        Self(edge_authorizer_rsa::PublicKey::new(modulus, exponent).unwrap_throw())
    }

    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_pkcs1_v15(edge_authorizer_rsa::Hash::Sha256, message, signature)
    }
}

/// A key of `rsa`.
#[wasm_bindgen]
pub struct Crate(VerifyingKey<Sha256>);

#[wasm_bindgen]
impl Crate {
    /// Takes modulus and exponent as big-endian bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(modulus: &[u8], exponent: &[u8]) -> Crate {
        let (n, e) = (BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent));
        Self(VerifyingKey::new(RsaPublicKey::new(n, e).unwrap_throw()))
    }

    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::try_from(signature).is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}
