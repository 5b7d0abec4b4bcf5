//! Providers: who may issue tokens, with which keys and algorithms, and for whom.

use std::rc::Rc;

use crate::algorithm::Algorithm;
use crate::claims::ClaimName;
use crate::expectations::Expectations;
use crate::jwk::{KeySet, KeySetReport};
use crate::jws::UnverifiedJws;
use crate::key_times::KeyTimes;
use crate::refusal::{Code, Refusal};
use crate::secrets::SecretId;
use crate::time::UnixTime;

/// One issuer of tokens, its keys bound to it: another provider's key never verifies its tokens.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    pub(crate) name: Rc<str>,
    pub(crate) issuer: Issuer,
    /// Never empty, and all for public keys or all for secrets.
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) expectations: Expectations,
    /// The claim with the groups of the token's subject.
    pub(crate) groups_claim: ClaimName,
    pub(crate) key_source: KeySource,
    pub(crate) key_times: KeyTimes,
    pub(crate) keys: Option<TrustedKeys>,
}

/// Keys, and how long they may be trusted.
#[derive(Debug, Clone)]
pub(crate) struct TrustedKeys {
    pub(crate) set: KeySet,
    /// `None`: as long as the configuration is, which they are part of.
    pub(crate) until: Option<UnixTime>,
}

/// Which `iss` a provider's tokens have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Issuer {
    /// Exactly one of these. A Cognito user pool has two.
    OneOf(Vec<String>),
    /// None (`"issuer": null`): for tokens without `iss`, as shared secrets are used with.
    Absent,
}

/// Where a provider's keys come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// Fetched by the host from this URL.
    Uri(String),
    /// Fetched by the host from the URL that this document names (OpenID Connect Discovery 1.0, section 4).
    Discovery(String),
    /// In the configuration, where some of its keys may be unusable.
    Inline(KeySetReport),
    /// A shared secret, which the host gets.
    Secret(SecretId),
    /// None is named: somebody has to hand the keys over.
    HandedOver,
}

impl Provider {
    /// The algorithm of this token, if the provider may use it.
    pub(crate) fn algorithm_of(&self, jws: &UnverifiedJws<'_>) -> Result<Algorithm, Refusal> {
        let algorithm = Algorithm::by_name(jws.algorithm());
        algorithm.filter(|algorithm| self.algorithms.contains(algorithm)).ok_or_else(|| {
            let allowed: Vec<_> = self.algorithms.iter().map(|algorithm| algorithm.name()).collect();
            let detail = format!("the token's `alg` is not one of {}", allowed.join(", "));
            Refusal::new(Code::AlgorithmNotAllowed, detail)
        })
    }

    /// The keys that may be trusted at the time `now`.
    pub(crate) fn keys_at(&self, now: UnixTime) -> Option<&KeySet> {
        self.keys.as_ref().filter(|keys| keys.until.is_none_or(|until| now < until)).map(|keys| &keys.set)
    }

    /// Whether the host can fetch keys.
    pub(crate) fn can_fetch_keys(&self) -> bool {
        matches!(self.key_source, KeySource::Uri(_) | KeySource::Discovery(_))
    }

    /// The code of the answer while this provider has no keys.
    pub(crate) fn code_without_keys(&self) -> Code {
        if self.algorithms.iter().any(|algorithm| algorithm.is_symmetric()) {
            Code::SecretsUnavailable
        } else {
            Code::KeysUnavailable
        }
    }
}

/// The provider whose tokens have the `iss` that this one claims, compared exactly (RFC 7519, section 4.1.1), and which of
/// `providers` it is.
pub(crate) fn of_token<'p>(
    providers: &'p [Provider],
    jws: &UnverifiedJws<'_>,
) -> Result<(usize, &'p Provider), Refusal> {
    let claimed = jws.claimed_issuer()?;
    let found = (0..).zip(providers).find(|(_, provider)| match (&provider.issuer, claimed) {
        (Issuer::OneOf(issuers), Some(claimed)) => issuers.iter().any(|issuer| issuer == claimed),
        (Issuer::Absent, None) => true,
        _ => false,
    });
    found.ok_or_else(|| match claimed {
        Some(_) => Refusal::new(Code::IssuerUnknown, "no provider has the token's `iss`"),
        None => Refusal::new(Code::ClaimMissing, "the token has no `iss`"),
    })
}
