//! Secrets that the configuration names by reference: the host gets them, and hands them over.

mod remote;

pub use remote::{RemoteSecret, SecretStore};

use crate::fetch::Fetch;
use crate::one_line::one_line;
use crate::role::RoleCredentials;
use crate::time::UnixTime;

/// Where the host finds a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretReference {
    /// In this file, relative to the configuration, which is bundled with it.
    File(String),
    /// With a service, which the host asks with the function's own role.
    Remote(RemoteSecret),
    /// Nowhere: somebody has to hand it over.
    HandedOver,
}

/// A secret that the configuration names, as its host sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSecret<'a> {
    /// Its place in the configuration, `providers.partner.secret` say.
    pub name: &'a str,
    /// Where it is.
    pub reference: &'a SecretReference,
    /// Whether it is the host that uses it. Such a one is not handed over: a private key never enters the module.
    pub is_for_host: bool,
}

/// The secrets of a configuration.
#[derive(Debug, Default)]
pub(crate) struct Secrets(Vec<Secret>);

/// One of the [`Secrets`] of the same configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SecretId(usize);

/// What a secret is used for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SecretUse {
    /// It verifies the tokens of this provider, whose keys are made of it.
    ProviderKey(usize),
    /// It is kept here, and asked for with [`Secrets::get`]. The check says why a value cannot be one, without the value.
    Kept { check: fn(&[u8]) -> Result<(), &'static str> },
    /// The host uses it, and keeps it to itself: here it is only known whether it is there.
    Host,
}

#[derive(Debug)]
struct Secret {
    name: String,
    reference: SecretReference,
    used_for: SecretUse,
    value: Option<Trusted>,
}

struct Trusted {
    value: Vec<u8>,
    /// `None`: as long as the configuration is, which it is part of.
    until: Option<UnixTime>,
}

impl std::fmt::Debug for Trusted {
    /// Without the value.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trusted").field("until", &self.until).finish_non_exhaustive()
    }
}

impl Secrets {
    /// Notes that the configuration names a secret at the place `name`, for this use.
    pub(crate) fn refer(&mut self, name: String, reference: SecretReference, used_for: SecretUse) -> SecretId {
        self.0.push(Secret { name, reference, used_for, value: None });
        SecretId(self.0.len() - 1)
    }

    /// What a [`SecretUse::Kept`] one is, if it was handed over, and may be used at the time `now`.
    pub(crate) fn get(&self, SecretId(index): SecretId, now: UnixTime) -> Option<&[u8]> {
        let trusted = self.0.get(index)?.value.as_ref()?;
        trusted.until.is_none_or(|until| now < until).then_some(&*trusted.value)
    }

    /// Where a secret is.
    pub(crate) fn reference(&self, SecretId(index): SecretId) -> Option<&SecretReference> {
        self.0.get(index).map(|secret| &secret.reference)
    }

    /// The name of a secret that the host can fetch.
    pub(crate) fn fetchable(&self, SecretId(index): SecretId) -> Option<&str> {
        let Secret { name, reference, .. } = self.0.get(index)?;
        matches!(reference, SecretReference::Remote(_)).then_some(name)
    }

    /// The request for the secret that the configuration names at this place.
    pub(crate) fn request(&self, name: &str, role: &RoleCredentials<'_>, now: UnixTime) -> Result<Fetch, String> {
        match self.0.iter().find(|secret| secret.name == name).map(|secret| &secret.reference) {
            Some(SecretReference::Remote(remote)) => remote.request(role, now).map_err(str::to_owned),
            _ => Err(format!("no secret to fetch is called `{}`", one_line(name))),
        }
    }

    /// What the secret that the configuration names at this place is used for.
    pub(crate) fn used_for(&self, name: &str) -> Result<SecretUse, String> {
        let found = self.0.iter().find(|secret| secret.name == name).map(|secret| secret.used_for);
        found.ok_or_else(|| format!("no secret is called `{}`", one_line(name)))
    }

    /// Notes that the host has a [`SecretUse::Host`] one, and may use it until then.
    pub(crate) fn host_has(&mut self, name: &str, until: Option<UnixTime>) -> Result<(), String> {
        let of_host = |secret: &&mut Secret| secret.name == name && matches!(secret.used_for, SecretUse::Host);
        let secret = self.0.iter_mut().find(of_host);
        let secret = secret.ok_or_else(|| format!("no secret of the host is called `{}`", one_line(name)))?;
        secret.value = Some(Trusted { value: Vec::new(), until });
        Ok(())
    }

    /// Whether a secret that the host could fetch is not there, or not good any more, at the time `now`.
    pub(crate) fn lacks(&self, name: &str, now: UnixTime) -> bool {
        let found = self.0.iter().zip(0..).find(|(secret, _)| secret.name == name);
        found.is_some_and(|(_, index)| {
            self.fetchable(SecretId(index)).is_some() && self.get(SecretId(index), now).is_none()
        })
    }

    /// Keeps the value of a [`SecretUse::Kept`] one. The error says what is wrong with it; the value there was stays then.
    pub(crate) fn keep(&mut self, name: &str, value: &[u8], until: Option<UnixTime>) -> Result<(), String> {
        if let SecretUse::Kept { check } = self.used_for(name)? {
            check(value)?;
        }
        for secret in self.0.iter_mut().filter(|secret| secret.name == name) {
            secret.value = Some(Trusted { value: value.to_vec(), until });
        }
        Ok(())
    }

    pub(crate) fn named(&self) -> impl Iterator<Item = NamedSecret<'_>> {
        self.0.iter().map(|Secret { name, reference, used_for, .. }| NamedSecret {
            name,
            reference,
            is_for_host: matches!(used_for, SecretUse::Host),
        })
    }
}
