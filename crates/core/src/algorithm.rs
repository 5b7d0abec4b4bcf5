//! The algorithms: one table, from which everything else is resolved.

use std::fmt;

/// A JWS algorithm that a configuration may allow (RFC 7518, section 3.1). `none` is not one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Hs256,
    Hs384,
    Hs512,
}

/// The kind of key that an algorithm takes: the `kty` of a JWK (RFC 7518, section 6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    Rsa,
    Secret,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 6] = [Self::Rs256, Self::Rs384, Self::Rs512, Self::Hs256, Self::Hs384, Self::Hs512];

    /// By the exact name of the `alg` header parameter; names are case-sensitive (RFC 7515, section 4.1.1).
    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    pub(crate) fn key_type(self) -> KeyType {
        match self {
            Self::Rs256 | Self::Rs384 | Self::Rs512 => KeyType::Rsa,
            Self::Hs256 | Self::Hs384 | Self::Hs512 => KeyType::Secret,
        }
    }

    /// The output of the hash function, in bytes: the shortest secret that HMAC may use (RFC 7518, section 3.2).
    pub(crate) fn hash_bytes(self) -> usize {
        match self {
            Self::Rs256 | Self::Hs256 => 32,
            Self::Rs384 | Self::Hs384 => 48,
            Self::Rs512 | Self::Hs512 => 64,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl KeyType {
    /// The name in the `kty` member of a JWK.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Secret => "oct",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exact() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::by_name(algorithm.name()), Some(algorithm));
        }
        for name in ["none", "None", "NONE", "nOnE", "rs256", "RS256 ", "RS1", "HS1", "", "RSA1_5", "dir"] {
            assert_eq!(Algorithm::by_name(name), None, "{name}");
        }
    }
}
