//! Rules, as they are written.

use std::collections::BTreeSet;

use super::document;
use super::problem::{Flaw, Place, Problems, flaw, nearest};
use super::requirement::{self, Known, known_providers};
use super::token;
use crate::policy::{Access, HostPattern, Method, Methods, PathPattern, Requirement, Rule};

/// The methods of a rule that names none: reading. Whoever lets viewers write, says so.
const DEFAULT_METHODS: [Method; 1] = [Method::Get];

/// All rules, in order; every problem is noted, and the rule that has one is left out.
pub(super) fn rules(written: Vec<document::Rule>, providers: &[String], problems: &mut Problems) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut names = BTreeSet::new();
    for (index, written) in written.into_iter().enumerate() {
        let place = Place::top("rules").item(index);
        if let Some(rule) = rule(written, index, providers, &place, problems) {
            if !names.insert(rule.name.clone()) {
                problems.add(
                    &place.member("name"),
                    flaw!("another rule is called `{}`: logs could not tell them apart", rule.name),
                );
            }
            rules.push(rule);
        }
    }
    rules
}

fn rule(
    written: document::Rule,
    index: usize,
    providers: &[String],
    place: &Place,
    problems: &mut Problems,
) -> Option<Rule> {
    let document::Rule { name, matches, allow, requires, provider, token, on_failure } = written;
    let name = name.unwrap_or_else(|| format!("rules[{index}]"));
    if name.is_empty() || name.chars().any(char::is_control) {
        problems.add(&place.member("name"), "a name has at least one character, and no control characters");
    }
    let answers_not_found = problems.take(&place.member("onFailure"), answers_not_found(on_failure.as_deref()));
    let own_providers =
        provider.map(|names| problems.take(&place.member("provider"), known_providers(names, providers)));
    let token_sources = token.map(|token| token::sources(token, &place.member("token"), problems));
    let Some(document::Match { host, path, methods: written_methods }) = matches else {
        problems.add(place, "`match` is missing: `\"match\": {\"path\": \"/users/{user}/{*rest}\"}` for one");
        return None;
    };
    let at = |key: &str| place.member("match").member(key);
    let hosts = problems.take(&at("host"), host.map_or_else(|| Ok(Vec::new()), hosts));
    let methods = problems.take(&at("methods"), methods(written_methods));
    let path = path.ok_or_else(|| "`path` is missing: `\"path\": \"/{*rest}\"` matches every path but `/`".into());
    let path = problems.take(&at("path"), path.and_then(|path| PathPattern::parse(&path)))?;

    let captures: Vec<&str> = path.capture_names().collect();
    let known = Known { captures: &captures, providers };
    let (access, requirement) = access(allow.as_deref(), requires, &known, place, problems)?;
    if access == Access::Anyone && (own_providers.is_some() || token_sources.is_some()) {
        problems.add(place, "`provider` and `token` are of no use where `allow` is `anyone`: no token is looked for");
    }
    Some(Rule {
        name,
        hosts: hosts?,
        methods: methods?,
        access,
        requirement,
        providers: own_providers.map_or(Some(None), |names| names.map(Some))?,
        token_sources,
        answers_not_found: answers_not_found?,
        path,
    })
}

fn hosts(written: Vec<String>) -> Result<Vec<HostPattern>, Flaw> {
    if written.is_empty() {
        return Err("no host at all: leave `host` out for every host".into());
    }
    written.iter().map(|host| HostPattern::parse(host)).collect()
}

fn methods(written: Option<Vec<String>>) -> Result<Methods, Flaw> {
    let Some(written) = written else {
        return Ok(Methods::of(&DEFAULT_METHODS));
    };
    if written.is_empty() {
        return Err("no method at all: leave `methods` out for GET and HEAD".into());
    }
    let known = "`GET`, `HEAD`, `OPTIONS`, `PUT`, `PATCH`, `POST`, `DELETE`";
    let method = |name: &String| {
        Method::by_name(name).ok_or_else(|| flaw!("unknown method `{name}`: CloudFront passes {known}"))
    };
    Ok(Methods::of(&written.iter().map(method).collect::<Result<Vec<_>, _>>()?))
}

/// Whether whom the rule refuses is told that there is nothing.
fn answers_not_found(written: Option<&str>) -> Result<bool, Flaw> {
    match written {
        None | Some("refuse") => Ok(false),
        Some("notFound") => Ok(true),
        Some(other) => Err(flaw!("unknown value `{other}`: it is `refuse` (401 or 403) or `notFound` (404)")),
    }
}

fn access(
    allow: Option<&str>,
    requires: Option<document::Requirement>,
    known: &Known<'_>,
    place: &Place,
    problems: &mut Problems,
) -> Option<(Access, Option<Requirement>)> {
    let access = match (allow, &requires) {
        (Some("anyone"), _) => Access::Anyone,
        (Some("authenticated"), Some(_)) => {
            problems.add(place, "`requires` asks for a valid token, too: leave `allow` out");
            return None;
        }
        (Some("authenticated"), None) | (None, Some(_)) => Access::Authenticated,
        (Some(other), _) => {
            let flaw = match nearest(other, ["anyone", "authenticated"]) {
                Some(near) => flaw!("unknown value `{other}`: did you mean `{near}`?"),
                None => flaw!("unknown value `{other}`: it is `anyone` or `authenticated` (whoever has a valid token)"),
            };
            problems.add(&place.member("allow"), flaw);
            return None;
        }
        (None, None) => {
            problems
                .add(place, "who may pass? `requires` with a condition, or `allow` with `anyone` or `authenticated`");
            return None;
        }
    };
    let Some(requires) = requires else {
        return Some((access, None));
    };
    let place = place.member("requires");
    let requirement = requirement::requirement(requires, known, &place, problems)?;
    if access == Access::Anyone && !requirement.needs_no_token() {
        problems.add(
            &place,
            "where `allow` is `anyone`, no token is looked for: only `clientIp` and `time` can be required",
        );
        return None;
    }
    Some((access, Some(requirement)))
}
