//! Rules that take every provider's word for what only one of them may say.

use crate::config::configuration::Configuration;
use crate::config::problem::Problem;
use crate::config::warnings::listed;
use crate::policy::{Access, Requirement, Rule};

/// A group `admins` of one provider is not that of another, nor is a scope, a subject or an address: RFC 7519, section 4.1.2
/// (subjects are unique for their issuer), OpenID Connect Core 1.0, section 5.7. With several providers a rule that asks for
/// one of these has to say whose it means, even if it means all of them.
pub(super) fn about_providers(configuration: &Configuration) -> Vec<Problem> {
    let names: Vec<String> = configuration.providers.iter().map(|provider| format!("`{}`", provider.name)).collect();
    if names.len() < 2 {
        return Vec::new();
    }
    let rules = configuration.policy.rules().iter().enumerate();
    let problems = rules.filter_map(|(index, rule)| {
        let conditions = conditions_of_any_provider(rule);
        let message = format!(
            "any provider's word will do for {}, that of {}: `provider` says whose is meant",
            listed(&conditions, "and"),
            listed(&names, "or"),
        );
        (!conditions.is_empty()).then(|| Problem::new(format!("rules[{index}].requires"), message))
    });
    problems.collect()
}

/// What the rule asks of a token without saying by whom, each once.
fn conditions_of_any_provider(rule: &Rule) -> Vec<String> {
    let mut found = Vec::new();
    if let Rule { access: Access::Authenticated, providers: None, requirement: Some(requirement), .. } = rule {
        find_conditions(requirement, &mut found);
    }
    found
}

fn find_conditions(requirement: &Requirement, found: &mut Vec<String>) {
    let condition = match requirement {
        Requirement::All(parts) if parts.iter().any(names_a_provider) => return,
        Requirement::All(parts) | Requirement::Any(parts) => {
            return parts.iter().for_each(|part| find_conditions(part, found));
        }
        Requirement::Not(part) => return find_conditions(part, found),
        Requirement::Group(_) => "a group".to_owned(),
        Requirement::Scope(_) => "a scope".to_owned(),
        Requirement::Claim { name, .. } if name.0 == ["iss"] => return,
        Requirement::Claim { name, .. } => format!("the claim {name}"),
        Requirement::EmailDomain(_) => "a verified e-mail address".to_owned(),
        Requirement::Provider(_) | Requirement::ClientIp(_) | Requirement::Time(_) => return,
    };
    if !found.contains(&condition) {
        found.push(condition);
    }
}

/// Whether a condition, together with others, says whose tokens are meant.
fn names_a_provider(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::Provider(_) => true,
        Requirement::Claim { name, .. } => name.0 == ["iss"],
        Requirement::Not(part) => names_a_provider(part),
        Requirement::All(parts) => parts.iter().any(names_a_provider),
        Requirement::Any(parts) => parts.iter().all(names_a_provider),
        _ => false,
    }
}
