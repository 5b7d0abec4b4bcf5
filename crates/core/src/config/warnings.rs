//! What is allowed, but probably not meant, or meant and worth saying aloud.

use super::problem::{Problem, Problems};
use super::reader::child;
use super::{Authorization, Configuration};
use crate::credentials::TokenSource;
use crate::policy::{Access, Rule};
use crate::provider::{Audience, Issuer, KeySource, Provider};

/// The warnings for a configuration without errors.
pub(super) fn of(configuration: &Configuration) -> Vec<Problem> {
    let mut problems = Problems::default();
    if configuration.authorization == Authorization::Off {
        problems.add("authorization", "authorization is off: every request passes, whoever sends it");
    }
    for provider in &configuration.providers {
        about_provider(provider, &mut problems);
    }
    let reads_query = configuration.token_sources.iter().any(|source| matches!(source, TokenSource::Query { .. }));
    if reads_query && !configuration.forwarding.strip_credentials {
        problems.add("forward.stripCredentials", "tokens in the query go on to the cache key, the origin and its logs");
    }
    about_rules(configuration.policy.rules(), &mut problems);
    problems.into_vec()
}

fn about_provider(provider: &Provider, problems: &mut Problems) {
    let place = |key: &str| child(&child("providers", &provider.name), key);
    match &provider.expectations.audience {
        Audience::Claim(None) => {
            problems.add(place("audience"), "`null`: tokens that this issuer made for others pass as well")
        }
        Audience::Claim(Some(_)) => {}
        Audience::Cognito { token_use, client_ids } => {
            if token_use.is_none() {
                problems.add(place("tokenUse"), "`null`: ID tokens pass as access tokens, and the other way round");
            }
            if client_ids.is_none() {
                problems.add(place("clientId"), "`null`: tokens of every app client of the user pool pass");
            }
        }
    }
    if provider.issuer == Issuer::Absent {
        problems.add(place("issuer"), "`null`: for tokens that do not say who issued them");
    }
    if provider.expectations.allow_missing_expiry {
        problems.add(place("allowMissingExpiry"), "a token without `exp` passes for ever");
    }
    match &provider.key_source {
        KeySource::Uri(uri) if uri.starts_with("http://") => {
            problems.add(place("jwksUri"), "keys from a loopback address: for development only");
        }
        KeySource::HandedOver => {
            let message = "no keys: without `jwksUri`, `jwks` or `secret` each of its tokens is answered with 503";
            problems.add(child("providers", &provider.name), message);
        }
        KeySource::Inline(report) => {
            for skipped in &report.skipped {
                let kid = skipped.kid.as_deref().unwrap_or_default().escape_default();
                problems.add(place("jwks"), format!("the key `{kid}` is not used: {}", skipped.reason));
            }
        }
        KeySource::Uri(_) | KeySource::Discovery(_) | KeySource::SecretFile(_) => {}
    }
}

/// Rules that can never decide, since an earlier one always does.
fn about_rules(rules: &[Rule], problems: &mut Problems) {
    for (index, rule) in rules.iter().enumerate() {
        let earlier = rules
            .iter()
            .take(index)
            .find(|earlier| earlier.path.covers(&rule.path) && earlier.methods.cover(rule.methods));
        if let Some(earlier) = earlier {
            problems.add(
                format!("rules[{index}]"),
                format!(
                    "never reached: `{}` (`{}`) comes first and matches all that it matches",
                    earlier.name, earlier.path
                ),
            );
        }
    }
    for (index, rule) in rules.iter().enumerate() {
        if matches!(rule.access, Access::Anyone) && rule.methods != rule.methods.reading() {
            problems.add(format!("rules[{index}].match.methods"), format!("anyone may send {}", rule.methods));
        }
    }
}
