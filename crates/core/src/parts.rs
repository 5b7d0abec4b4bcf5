//! The parts of the module that only some configurations need. A zip is made without those that its own does not
//! (docs/decisions/0027-a-module-for-each-configuration.md).

use crate::algorithm::KeyType;
use crate::authorizer::Authorizer;
use crate::secrets::SecretReference;

/// A name of a part, for `scripts/module/parts.mjs`, where it is said what code belongs to it.
type Part = &'static str;

const KEYS: &[(Part, KeyType)] = &[
    ("rsa", KeyType::Rsa),
    #[cfg(feature = "es256")]
    ("es256", KeyType::P256),
    #[cfg(feature = "es384")]
    ("es384", KeyType::P384),
    #[cfg(feature = "es512")]
    ("es512", KeyType::P521),
    #[cfg(feature = "eddsa")]
    ("eddsa", KeyType::Ed25519),
];

impl Authorizer {
    /// The names of the parts that no request can make use of with this configuration, whatever keys its providers publish:
    /// of the kinds of keys, and of `sign-in`, `origin-signing`, `endpoints` and `remote-secrets`.
    pub fn unused_parts(&self) -> Vec<&'static str> {
        let keys = KEYS.iter().map(|(part, key_type)| (*part, self.verifies_with(*key_type)));
        let others = [
            ("sign-in", self.configuration.sign_in.is_some()),
            ("origin-signing", self.configuration.signing.is_some()),
            ("endpoints", self.configuration.policy.endpoints().next().is_some()),
            ("remote-secrets", self.fetches_secrets()),
        ];
        keys.chain(others).filter(|(_, is_used)| !is_used).map(|(part, _)| part).collect()
    }

    fn verifies_with(&self, key_type: KeyType) -> bool {
        let mut algorithms = self.configuration.providers.iter().flat_map(|provider| &provider.algorithms);
        algorithms.any(|algorithm| algorithm.key_type() == key_type)
    }

    fn fetches_secrets(&self) -> bool {
        self.configuration.secrets.named().any(|secret| matches!(secret.reference, SecretReference::Remote(_)))
    }
}
