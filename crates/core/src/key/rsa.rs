//! RSA public keys (RFC 7518, section 6.3.1), for RSASSA-PKCS1-v1_5 and RSASSA-PSS.

use edge_authorizer_rsa::{Hash, PublicKey};

use crate::algorithm::Algorithm;

#[derive(Clone)]
pub(crate) struct RsaKey(PublicKey);

impl RsaKey {
    /// Takes modulus and exponent as big-endian bytes.
    #[inline(never)]
    pub(crate) fn new(modulus: &[u8], exponent: &[u8]) -> Result<Self, String> {
        PublicKey::new(modulus, exponent).map(Self).map_err(|error| error.to_string())
    }

    #[inline(never)]
    pub(crate) fn verify(&self, algorithm: Algorithm, signing_input: &[u8], signature: &[u8]) -> bool {
        match algorithm {
            Algorithm::Rs256 => self.0.verify_pkcs1_v15(Hash::Sha256, signing_input, signature),
            Algorithm::Rs384 => self.0.verify_pkcs1_v15(Hash::Sha384, signing_input, signature),
            Algorithm::Rs512 => self.0.verify_pkcs1_v15(Hash::Sha512, signing_input, signature),
            Algorithm::Ps256 => self.0.verify_pss(Hash::Sha256, signing_input, signature),
            Algorithm::Ps384 => self.0.verify_pss(Hash::Sha384, signing_input, signature),
            Algorithm::Ps512 => self.0.verify_pss(Hash::Sha512, signing_input, signature),
            _ => false,
        }
    }
}
