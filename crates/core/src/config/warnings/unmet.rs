//! Conditions that no token meets which the rule takes.

use crate::config::configuration::Configuration;
use crate::config::problem::Problem;
use crate::config::warnings::listed;
use crate::expectations::{Audience, TokenUse};
use crate::policy::{Access, Requirement, Rule};
use crate::provider::Provider;

pub(super) fn about_unmet(configuration: &Configuration) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, rule) in configuration.policy.rules().iter().enumerate() {
        if let Rule { access: Access::Authenticated, requirement: Some(requirement), .. } = rule {
            let taken: Vec<_> = configuration.providers.iter().filter(|provider| rule.takes(provider)).collect();
            about_requirement(requirement, &taken, &format!("rules[{index}].requires"), &mut problems);
        }
    }
    problems
}

/// `taken`: whose tokens come to be compared with the requirement.
fn about_requirement(requirement: &Requirement, taken: &[&Provider], place: &str, problems: &mut Vec<Problem>) {
    let mut about_parts = |key: &str, parts: &[Requirement], taken: &[&Provider]| {
        for (index, part) in parts.iter().enumerate() {
            about_requirement(part, taken, &format!("{place}.{key}[{index}]"), problems);
        }
    };
    match requirement {
        Requirement::All(parts) => about_parts("all", parts, &named_by_all(parts, taken)),
        Requirement::Any(parts) => about_parts("any", parts, taken),
        // What is not to be is often so anyway, and said for safety.
        Requirement::Not(part) if matches!(**part, Requirement::Provider(_)) => {}
        Requirement::Not(part) => about_requirement(part, taken, &format!("{place}.not"), problems),
        Requirement::Provider(names) if !taken.iter().any(|provider| is_named(provider, names)) => {
            let taken: Vec<_> = taken.iter().map(|provider| format!("`{}`", provider.name)).collect();
            let message = format!("never met: the tokens that come here are those of {} only", listed(&taken, "and"));
            problems.push(Problem::new(place, message));
        }
        Requirement::Scope(_) if taken.iter().all(|provider| has_id_tokens_only(provider)) => {
            let message = "never met: Amazon Cognito gives scopes to access tokens only, and `tokenUse` is `id`";
            problems.push(Problem::new(place, message));
        }
        _ => {}
    }
}

/// Those of `taken` that each part lets pass which names providers; all of them where none is left.
fn named_by_all<'p>(parts: &[Requirement], taken: &[&'p Provider]) -> Vec<&'p Provider> {
    let is_let_pass = |provider: &&Provider| {
        let lets_pass =
            |part: &Requirement| !matches!(part, Requirement::Provider(names) if !is_named(provider, names));
        parts.iter().all(lets_pass)
    };
    let named: Vec<_> = taken.iter().copied().filter(is_let_pass).collect();
    if named.is_empty() { taken.to_vec() } else { named }
}

fn is_named(provider: &Provider, names: &[String]) -> bool {
    names.iter().any(|name| **name == *provider.name)
}

/// Amazon Cognito Developer Guide, "Understanding the identity (ID) token": there is no `scope` among its claims.
fn has_id_tokens_only(provider: &Provider) -> bool {
    matches!(provider.expectations.audience, Audience::Cognito { token_use: Some(TokenUse::Id), .. })
}
