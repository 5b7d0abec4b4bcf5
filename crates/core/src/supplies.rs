//! What decisions need and only the host can get: key sets, secrets, pages. It asks here what is needed, and hands it over.

use std::cell::RefCell;

use crate::answer::NamedPage;
use crate::authorizer::Authorizer;
use crate::discovery;
use crate::fetch::Fetch;
use crate::jwk::{KeySet, KeySetReport};
use crate::key_times::KeyTimes;
use crate::one_line::one_line;
use crate::provider::{KeySource, Provider, TrustedKeys};
use crate::role::RoleCredentials;
use crate::secrets::{NamedSecret, SecretUse};
use crate::time::UnixTime;

/// A provider, as its host sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderKeys<'a> {
    /// Its name in the configuration.
    pub name: &'a str,
    /// Where to fetch its key set.
    pub jwks_uri: Option<&'a str>,
    /// Where to fetch the document that names its key set, for [`Authorizer::discovered_jwks_uri`].
    pub discovery_uri: Option<&'a str>,
    /// How long a fetched key set is good.
    pub key_times: KeyTimes,
    /// Whether it has keys already.
    pub has_keys: bool,
}

impl Authorizer {
    /// The providers and what they need.
    pub fn providers(&self) -> impl Iterator<Item = ProviderKeys<'_>> {
        self.configuration.providers.iter().map(|provider| ProviderKeys {
            name: &provider.name,
            jwks_uri: match &provider.key_source {
                KeySource::Uri(uri) => Some(uri),
                _ => None,
            },
            discovery_uri: match &provider.key_source {
                KeySource::Discovery(uri) => Some(uri),
                _ => None,
            },
            key_times: provider.key_times,
            has_keys: provider.keys.is_some(),
        })
    }

    /// Replaces a provider's keys by those of a JWK Set (RFC 7517, section 5), to be trusted until the time given.
    ///
    /// The error says what is wrong with the set; the keys there were stay then.
    pub fn set_key_set(
        &mut self,
        provider: &str,
        jwks: &str,
        trusted_until: Option<UnixTime>,
    ) -> Result<KeySetReport, String> {
        let (index, provider) = self.provider_mut(provider)?;
        let (set, report) = KeySet::parse(jwks, &provider.algorithms)?;
        self.replace_keys(index, TrustedKeys { set, until: trusted_until });
        Ok(report)
    }

    /// Trusts the keys of a provider until another time: longer where it cannot be reached. Without keys it does nothing.
    pub fn trust_keys_until(&mut self, provider: &str, until: UnixTime) -> Result<(), String> {
        if let Some(keys) = &mut self.provider_mut(provider)?.1.keys {
            keys.until = Some(until);
        }
        Ok(())
    }

    /// The URL of a provider's key set, from the document at its `discovery_uri`.
    ///
    /// An error where the document is not this issuer's: its `issuer` has to be the configured one, exactly (OpenID
    /// Connect Discovery 1.0, section 4.3).
    pub fn discovered_jwks_uri(&self, provider: &str, document: &str) -> Result<String, String> {
        let mut providers = self.configuration.providers.iter();
        let provider = providers.find(|candidate| *candidate.name == *provider).ok_or("no such provider")?;
        discovery::jwks_uri(&provider.issuer, document)
    }

    /// The secrets that the configuration names, and where they are.
    pub fn secrets(&self) -> impl Iterator<Item = NamedSecret<'_>> {
        self.configuration.secrets.named()
    }

    /// The request for a secret that lies with a service, signed by the role of the function at the time `now`.
    pub fn secret_request(&self, name: &str, role: &RoleCredentials<'_>, now: UnixTime) -> Result<Fetch, String> {
        self.configuration.secrets.request(name, role, now)
    }

    /// Notes that the host has a secret that it keeps to itself, a private key, and may use it until the time given.
    pub fn host_has_secret(&mut self, name: &str, until: Option<UnixTime>) -> Result<(), String> {
        self.configuration.secrets.host_has(name, until)
    }

    /// Takes the secret that the configuration names at the place `name` (`providers.partner.secret`), to be used until the
    /// time given.
    ///
    /// The error says what is wrong with it, and nothing of it; what was there stays then.
    pub fn set_secret(&mut self, name: &str, secret: &[u8], until: Option<UnixTime>) -> Result<(), String> {
        match self.configuration.secrets.used_for(name)? {
            SecretUse::ProviderKey(index) => {
                let provider = self.configuration.providers.get(index).ok_or("no such provider")?;
                let set = KeySet::from_secret(secret, &provider.algorithms)?;
                self.replace_keys(index, TrustedKeys { set, until });
                Ok(())
            }
            SecretUse::Kept { .. } => {
                // What was opened with the secret that was there before is opened again.
                self.verdicts = RefCell::default();
                self.configuration.secrets.keep(name, secret, until)
            }
            SecretUse::Host => Err("the host keeps this secret to itself".to_owned()),
        }
    }

    /// The HTML pages of the configuration, for the host to read and hand over by [`set_page`](Self::set_page).
    pub fn pages(&self) -> impl Iterator<Item = NamedPage<'_>> {
        self.configuration.answers.pages.iter().map(|page| NamedPage { status: page.status, file: &page.file })
    }

    /// Takes the content of the page for this status. The error says what is wrong with it.
    pub fn set_page(&mut self, status: u16, content: &[u8]) -> Result<(), String> {
        self.configuration.answers.set_page(status, content)
    }

    /// The only way in for keys: what was verified with those that were there before is verified again.
    fn replace_keys(&mut self, provider: usize, keys: TrustedKeys) {
        self.verdicts.get_mut().remove_all_of(provider);
        if let Some(provider) = self.configuration.providers.get_mut(provider) {
            provider.keys = Some(keys);
        }
    }

    fn provider_mut(&mut self, name: &str) -> Result<(usize, &mut Provider), String> {
        (0..)
            .zip(&mut self.configuration.providers)
            .find(|(_, provider)| *provider.name == *name)
            .ok_or_else(|| format!("no provider is called `{}`", one_line(name)))
    }
}
