//! Keys, made when a test first wants them, and signatures by them.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rsa::pkcs1v15::SigningKey;
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::signature::{SignatureEncoding, Signer};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};
use serde_json::{Value, json};

/// The issuer's key; its `kid` is `k1`.
pub static KEY: LazyLock<RsaKey> = LazyLock::new(|| RsaKey::new(1, 2048));

/// A key that the issuer does not have.
pub static STRANGERS_KEY: LazyLock<RsaKey> = LazyLock::new(|| RsaKey::new(2, 2048));

/// A shared secret, long enough for HS512. Text, so that it could be found in a text.
pub const SECRET: &[u8] = b"Zwoelf-Boxkaempfer-jagen-Viktor-quer-ueber-den-grossen-Sylter-Deich";

/// Something that signs a JWS.
pub trait Sign {
    fn sign(&self, algorithm: &str, signing_input: &[u8]) -> Vec<u8>;
}

pub struct RsaKey(RsaPrivateKey);

impl RsaKey {
    pub fn new(seed: u64, bits: usize) -> Self {
        Self(RsaPrivateKey::new(&mut ChaCha20Rng::seed_from_u64(seed), bits).unwrap())
    }

    pub fn with_exponent(seed: u64, bits: usize, exponent: u32) -> Self {
        let exponent = BigUint::from(exponent);
        Self(RsaPrivateKey::new_with_exp(&mut ChaCha20Rng::seed_from_u64(seed), bits, &exponent).unwrap())
    }

    pub fn public(&self) -> RsaPublicKey {
        self.0.to_public_key()
    }

    pub fn jwk(&self, kid: &str) -> Value {
        let (n, e) = (base64url(self.0.n().to_bytes_be()), base64url(self.0.e().to_bytes_be()));
        json!({ "kty": "RSA", "kid": kid, "n": n, "e": e })
    }
}

impl Sign for RsaKey {
    fn sign(&self, algorithm: &str, signing_input: &[u8]) -> Vec<u8> {
        let key = self.0.clone();
        match algorithm {
            "RS384" => SigningKey::<Sha384>::new(key).sign(signing_input).to_vec(),
            "RS512" => SigningKey::<Sha512>::new(key).sign(signing_input).to_vec(),
            // Whatever else a header says: as a forger would, who has this key.
            _ => SigningKey::<Sha256>::new(key).sign(signing_input).to_vec(),
        }
    }
}

impl Sign for [u8] {
    fn sign(&self, algorithm: &str, signing_input: &[u8]) -> Vec<u8> {
        macro_rules! hmac {
            ($hash:ty) => {
                Hmac::<$hash>::new_from_slice(self)
                    .unwrap()
                    .chain_update(signing_input)
                    .finalize()
                    .into_bytes()
                    .to_vec()
            };
        }
        match algorithm {
            "HS384" => hmac!(Sha384),
            "HS512" => hmac!(Sha512),
            _ => hmac!(Sha256),
        }
    }
}

pub fn oct(kid: &str, secret: &[u8]) -> Value {
    json!({ "kty": "oct", "kid": kid, "k": base64url(secret) })
}

pub fn key_set(keys: &[Value]) -> Value {
    json!({ "keys": keys })
}

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
