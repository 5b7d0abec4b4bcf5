//! What a configuration deliberately leaves unchecked: worth saying aloud, by `check` and at each start.

use super::configuration::{Authorization, Configuration};
use super::problem::{Problem, child};
use crate::credentials::TokenSource;
use crate::expectations::Audience;
use crate::origin::is_s3;
use crate::provider::{Issuer, KeySource, Provider};
use crate::secrets::{NamedSecret, RemoteSecret, SecretReference, Secrets};

/// What is not checked, or could not be, by the configuration's own word.
pub(super) fn opt_outs(configuration: &Configuration) -> Vec<Problem> {
    let mut problems = Vec::new();
    if configuration.authorization == Authorization::Off {
        note(&mut problems, "authorization", "authorization is off: every request passes, whoever sends it");
    }
    for provider in &configuration.providers {
        about_provider(provider, &configuration.secrets, &mut problems);
    }
    for NamedSecret { name, reference, .. } in configuration.secrets.named() {
        if let SecretReference::Remote(RemoteSecret { endpoint: Some(endpoint), .. }) = reference
            && endpoint.starts_with("http://")
        {
            note(&mut problems, child(name, "endpoint"), "a secret from a loopback address: for development only");
        }
    }
    if configuration.signing.as_ref().is_some_and(|signing| signing.query.is_none() && is_s3(&signing.service)) {
        let message = "`null`: viewers choose subresources of Amazon S3, and headers of its answers";
        note(&mut problems, "forward.sign.query", message);
    }
    let reads_query = configuration.all_token_sources().any(|source| matches!(source, TokenSource::Query { .. }));
    if reads_query && configuration.forwarding.stripped.is_empty() {
        note(
            &mut problems,
            "forward.stripCredentials",
            "tokens in the query go on to the cache key, the origin and its logs",
        );
    }
    problems
}

fn note(problems: &mut Vec<Problem>, place: impl Into<String>, message: impl Into<String>) {
    problems.push(Problem::new(place, message));
}

fn about_provider(provider: &Provider, secrets: &Secrets, problems: &mut Vec<Problem>) {
    let place = |key: &str| child(&child("providers", &provider.name), key);
    match &provider.expectations.audience {
        Audience::Claim(None) => {
            note(problems, place("audience"), "`null`: tokens that this issuer made for others pass as well")
        }
        Audience::Claim(Some(_)) => {}
        Audience::Cognito { token_use, client_ids } => {
            if token_use.is_none() {
                note(problems, place("tokenUse"), "`null`: ID tokens pass as access tokens, and the other way round");
            }
            if client_ids.is_none() {
                note(problems, place("clientId"), "`null`: tokens of every app client of the user pool pass");
            }
        }
    }
    if provider.issuer == Issuer::Absent {
        note(problems, place("issuer"), "`null`: for tokens that do not say who issued them");
    }
    if provider.expectations.allow_missing_expiry {
        note(problems, place("allowMissingExpiry"), "a token without `exp` passes for ever");
    }
    match &provider.key_source {
        KeySource::Uri(uri) if uri.starts_with("http://") => {
            note(problems, place("jwksUri"), "keys from a loopback address: for development only");
        }
        KeySource::Discovery(uri) if uri.starts_with("http://") => {
            note(problems, place("issuer"), "keys that a loopback address names: for development only");
        }
        KeySource::HandedOver => no_keys(provider, problems),
        KeySource::Secret(secret) if secrets.reference(*secret) == Some(&SecretReference::HandedOver) => {
            no_keys(provider, problems);
        }
        KeySource::Inline(report) => {
            for skipped in &report.skipped {
                let kid = skipped.kid.as_deref().unwrap_or_default();
                note(problems, place("jwks"), format!("the key `{kid}` is not used: {}", skipped.reason));
            }
        }
        KeySource::Uri(_) | KeySource::Discovery(_) | KeySource::Secret(_) => {}
    }
}

fn no_keys(provider: &Provider, problems: &mut Vec<Problem>) {
    let message = "no keys: without `jwksUri`, `jwks` or `secret` each of its tokens is answered with 503";
    note(problems, child("providers", &provider.name), message);
}
