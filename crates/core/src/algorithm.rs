//! The algorithms: one table, from which everything else is resolved.

use std::fmt;

/// A JWS algorithm that a configuration may allow (RFC 7518, section 3.1; RFC 8037). `none` is not one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    #[cfg(feature = "es256")]
    Es256,
    #[cfg(feature = "es384")]
    Es384,
    #[cfg(feature = "es512")]
    Es512,
    #[cfg(feature = "eddsa")]
    EdDsa,
    Hs256,
    Hs384,
    Hs512,
}

/// The kind of key that an algorithm takes: the `kty` of a JWK, and its `crv` where there is one (RFC 7518, section 6;
/// RFC 8037, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    Rsa,
    #[cfg(feature = "es256")]
    P256,
    #[cfg(feature = "es384")]
    P384,
    #[cfg(feature = "es512")]
    P521,
    #[cfg(feature = "eddsa")]
    Ed25519,
    Secret,
}

/// Each algorithm, the name of its `alg` and the key that it takes.
const TABLE: &[(Algorithm, &str, KeyType)] = &[
    (Algorithm::Rs256, "RS256", KeyType::Rsa),
    (Algorithm::Rs384, "RS384", KeyType::Rsa),
    (Algorithm::Rs512, "RS512", KeyType::Rsa),
    (Algorithm::Ps256, "PS256", KeyType::Rsa),
    (Algorithm::Ps384, "PS384", KeyType::Rsa),
    (Algorithm::Ps512, "PS512", KeyType::Rsa),
    #[cfg(feature = "es256")]
    (Algorithm::Es256, "ES256", KeyType::P256),
    #[cfg(feature = "es384")]
    (Algorithm::Es384, "ES384", KeyType::P384),
    #[cfg(feature = "es512")]
    (Algorithm::Es512, "ES512", KeyType::P521),
    #[cfg(feature = "eddsa")]
    (Algorithm::EdDsa, "EdDSA", KeyType::Ed25519),
    (Algorithm::Hs256, "HS256", KeyType::Secret),
    (Algorithm::Hs384, "HS384", KeyType::Secret),
    (Algorithm::Hs512, "HS512", KeyType::Secret),
];

impl Algorithm {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(algorithm, ..)| *algorithm)
    }

    /// By the exact name of the `alg` header parameter; names are case-sensitive (RFC 7515, section 4.1.1).
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::all().find(|algorithm| algorithm.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        self.row().map_or("", |(_, name, _)| name)
    }

    pub(crate) fn key_type(self) -> KeyType {
        // Every algorithm has a row; a secret would verify nothing that a public key signed.
        self.row().map_or(KeyType::Secret, |(.., key_type)| *key_type)
    }

    /// Whether who can verify can sign, too.
    pub(crate) fn is_symmetric(self) -> bool {
        self.key_type() == KeyType::Secret
    }

    fn row(self) -> Option<&'static (Self, &'static str, KeyType)> {
        TABLE.iter().find(|(algorithm, ..)| *algorithm == self)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl KeyType {
    /// By the `kty` and `crv` of a JWK.
    pub(crate) fn by_names(kty: &str, crv: Option<&str>) -> Option<Self> {
        match (kty, crv) {
            ("RSA", None) => Some(Self::Rsa),
            #[cfg(feature = "es256")]
            ("EC", Some("P-256")) => Some(Self::P256),
            #[cfg(feature = "es384")]
            ("EC", Some("P-384")) => Some(Self::P384),
            #[cfg(feature = "es512")]
            ("EC", Some("P-521")) => Some(Self::P521),
            #[cfg(feature = "eddsa")]
            ("OKP", Some("Ed25519")) => Some(Self::Ed25519),
            ("oct", None) => Some(Self::Secret),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_has_a_row_and_an_exact_name() {
        for algorithm in Algorithm::all() {
            assert!(algorithm.row().is_some());
            assert_eq!(Algorithm::by_name(algorithm.name()), Some(algorithm));
        }
        for name in
            ["none", "None", "NONE", "nOnE", "rs256", "RS256 ", "RS1", "HS1", "", "RSA1_5", "dir", "ES256K", "EdDsa"]
        {
            assert_eq!(Algorithm::by_name(name), None, "{name}");
        }
    }
}
