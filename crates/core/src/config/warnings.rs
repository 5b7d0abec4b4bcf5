//! What is allowed, but probably not meant, or meant and worth saying aloud.

use super::problem::{Problem, Problems};
use super::reader::child;
use super::{Authorization, Configuration};
use crate::credentials::TokenSource;
use crate::policy::{Access, Methods, PathPattern, Rule};
use crate::provider::{Audience, Issuer, KeySource, Provider};

/// What is not checked, or could not be, by the configuration's own word.
pub(super) fn opt_outs(configuration: &Configuration) -> Vec<Problem> {
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

/// Rules that can never decide, since an earlier one always does; and those that let more pass than they seem to.
pub(super) fn about_rules(rules: &[Rule]) -> Vec<Problem> {
    let mut problems = Problems::default();
    for (index, rule) in rules.iter().enumerate() {
        let place = format!("rules[{index}]");
        let earlier = rules.iter().take(index);
        if let Some(first) = earlier.into_iter().find(|earlier| decides_for(earlier, &rule.path, rule.methods)) {
            let message = format!(
                "never reached: `{}` (`{}`) comes first and matches all that it matches",
                first.name, first.path
            );
            problems.add(&place, message);
        }
        match rule.access {
            Access::Anyone if rule.methods != rule.methods.reading() => {
                problems.add(format!("{place}.match.methods"), format!("anyone may send {}", rule.methods));
            }
            Access::Anyone => {}
            Access::Authenticated | Access::Requires(_) => {
                for open in rule.path.stems().filter(|stem| is_open(rules, stem, rule.methods)) {
                    problems.add(
                        format!("{place}.match.path"),
                        format!("this does not match `{open}`, which a rule below lets anyone see"),
                    );
                }
            }
        }
    }
    problems.into_vec()
}

fn is_open(rules: &[Rule], path: &PathPattern, methods: Methods) -> bool {
    let first = rules.iter().find(|rule| decides_for(rule, path, methods));
    first.is_some_and(|rule| matches!(rule.access, Access::Anyone))
}

fn decides_for(rule: &Rule, path: &PathPattern, methods: Methods) -> bool {
    rule.path.covers(path) && rule.methods.cover(methods)
}
