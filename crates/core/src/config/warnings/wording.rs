//! What is written in a way that means something here that it does not mean elsewhere.

use crate::claims::ClaimName;
use crate::config::configuration::Configuration;
use crate::config::problem::{Problem, child};
use crate::credentials::TokenSource;
use crate::policy::{Expected, Requirement, Template, Test};

/// Claims that are objects wherever they are issued (Keycloak, Auth0; OpenID Connect Core 1.0, section 5.1.1; RFC 7800; RFC
/// 8693): a name with a dot after one of these means a member of it.
const CLAIMS_WITH_MEMBERS: [&str; 7] =
    ["realm_access", "resource_access", "app_metadata", "user_metadata", "address", "cnf", "act"];

pub(super) fn about_wording(configuration: &Configuration) -> Vec<Problem> {
    let mut problems = Vec::new();
    about_sources("token", &configuration.token_sources, &mut problems);
    for (index, rule) in configuration.policy.rules().iter().enumerate() {
        let place = format!("rules[{index}]");
        if let Some(segment) = rule.path.to_string().split('/').find(|segment| segment.starts_with(':')) {
            let name = segment.trim_start_matches(':');
            let message = format!("`{segment}` stands for itself: a capture is `{{{name}}}`");
            problems.push(Problem::new(format!("{place}.match.path"), message));
        }
        if let Some(start) = rule.path.to_string().strip_suffix("/{rest}") {
            let message = format!("`{{rest}}` is one segment: what is below it, too, is `{start}/{{*rest}}`");
            problems.push(Problem::new(format!("{place}.match.path"), message));
        }
        about_sources(&format!("{place}.token"), rule.token_sources.as_deref().unwrap_or_default(), &mut problems);
        if let Some(requirement) = &rule.requirement {
            let captures: Vec<_> = rule.path.capture_names().collect();
            about_requirement(requirement, &captures, &format!("{place}.requires"), &mut problems);
        }
    }
    for header in &configuration.forwarding.claim_headers {
        about_claim(&header.claim, child("forward.claimToHeaders", &header.header), &mut problems);
    }
    for provider in &configuration.providers {
        let place = format!("{}.groupsClaim", child("providers", &provider.name));
        about_claim(&provider.groups_claim, place, &mut problems);
    }
    problems
}

fn about_sources(place: &str, sources: &[TokenSource], problems: &mut Vec<Problem>) {
    for (index, source) in sources.iter().enumerate() {
        if matches!(source, TokenSource::Header { name, scheme: None } if name == "authorization") {
            let message = "without a `scheme` the whole value is the token: `Bearer` before it would be a part of it";
            problems.push(Problem::new(format!("{place}[{index}]"), message));
        }
    }
}

fn about_requirement(requirement: &Requirement, captures: &[&str], place: &str, problems: &mut Vec<Problem>) {
    let mut about_parts = |key: &str, parts: &[Requirement]| {
        for (index, part) in parts.iter().enumerate() {
            about_requirement(part, captures, &format!("{place}.{key}[{index}]"), problems);
        }
    };
    match requirement {
        Requirement::All(parts) => about_parts("all", parts),
        Requirement::Any(parts) => about_parts("any", parts),
        Requirement::Not(part) => about_requirement(part, captures, &format!("{place}.not"), problems),
        Requirement::Claim { name, transforms, test } => {
            about_claim(name, format!("{place}.claim"), problems);
            for text in texts(test).filter(|text| !transforms.may_make(text)) {
                let names = transforms.names();
                let message = format!("never met: nothing as `{names}` is `{text}`");
                problems.push(Problem::new(place, message));
            }
            about_captures(texts(test), captures, place, problems);
        }
        Requirement::Group(group) => about_captures(group.literal().into_iter(), captures, place, problems),
        Requirement::EmailDomain(domains) => {
            about_captures(domains.iter().filter_map(Template::literal), captures, place, problems);
        }
        _ => {}
    }
}

/// A text that is called as a capture of the rule's path is.
fn about_captures<'t>(
    texts: impl Iterator<Item = &'t str>,
    captures: &[&str],
    place: &str,
    problems: &mut Vec<Problem>,
) {
    for text in texts.filter(|text| captures.contains(text)) {
        problems.push(Problem::new(place, format!("`{text}` stands for itself: did you mean `{{{text}}}`?")));
    }
}

/// The values that a test compares with, if they are the same for every request.
fn texts(test: &Test) -> impl Iterator<Item = &str> {
    let expected = match test {
        Test::Equals(expected) | Test::Contains(expected) => std::slice::from_ref(expected),
        Test::OneOf(expected) => expected,
        Test::StartsWith(_) => &[],
    };
    expected.iter().filter_map(|expected| match expected {
        Expected::Text(template) => template.literal(),
        Expected::Number(_) | Expected::Bool(_) => None,
    })
}

fn about_claim(name: &ClaimName, place: String, problems: &mut Vec<Problem>) {
    let [name] = &name.0[..] else {
        return;
    };
    if let Some((outer, inner)) = name.split_once('.').filter(|(outer, _)| CLAIMS_WITH_MEMBERS.contains(outer)) {
        let message =
            format!("`{name}` is one name with a dot in it: a member of `{outer}` is [\"{outer}\", \"{inner}\"]");
        problems.push(Problem::new(place, message));
    }
}
