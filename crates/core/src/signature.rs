//! Verifying a signature. Which algorithm is fixed by the configuration and the key before this is called.

use jwt_compact::AlgorithmSignature;
use jwt_compact::alg::{Hs256, Hs256Key, Hs384, Hs384Key, Hs512, Hs512Key, Rsa};

use crate::algorithm::Algorithm;
use crate::jwk::{Key, KeyMaterial};

/// Whether `signature` is one by `key` over `signing_input` (RFC 7515, section 5.2). False where key and algorithm are of
/// different kinds: a public key is never taken for an HMAC secret (threat 2).
pub(crate) fn verify(algorithm: Algorithm, key: &Key, signing_input: &[u8], signature: &[u8]) -> bool {
    match (algorithm, key.material()) {
        (Algorithm::Rs256, KeyMaterial::Rsa(key)) => verify_with(Rsa::rs256(), key, signing_input, signature),
        (Algorithm::Rs384, KeyMaterial::Rsa(key)) => verify_with(Rsa::rs384(), key, signing_input, signature),
        (Algorithm::Rs512, KeyMaterial::Rsa(key)) => verify_with(Rsa::rs512(), key, signing_input, signature),
        (Algorithm::Hs256, KeyMaterial::Secret(key)) => {
            verify_with(Hs256, &Hs256Key::new(key), signing_input, signature)
        }
        (Algorithm::Hs384, KeyMaterial::Secret(key)) => {
            verify_with(Hs384, &Hs384Key::new(key), signing_input, signature)
        }
        (Algorithm::Hs512, KeyMaterial::Secret(key)) => {
            verify_with(Hs512, &Hs512Key::new(key), signing_input, signature)
        }
        (Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512, KeyMaterial::Secret(_))
        | (Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512, KeyMaterial::Rsa(_)) => false,
    }
}

/// jwt-compact's algorithms want the length checked before a signature is made from a slice: those with a fixed one panic
/// otherwise.
fn verify_with<A: jwt_compact::Algorithm>(
    algorithm: A,
    key: &A::VerifyingKey,
    signing_input: &[u8],
    signature: &[u8],
) -> bool {
    if A::Signature::LENGTH.is_some_and(|length| length.get() != signature.len()) {
        return false;
    }
    A::Signature::try_from_slice(signature)
        .is_ok_and(|signature| algorithm.verify_signature(&signature, key, signing_input))
}
