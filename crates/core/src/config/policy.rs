//! Rules, as they are written.

use std::collections::BTreeSet;

use super::document;
use super::endpoint::Endpoints;
use super::methods::methods;
use super::problem::{Place, Problems, nearest};
use super::requirement::{self, Known, known_provider};
use super::sign_in::{self, ForRules};
use super::token;
use crate::flaw::{Flaw, flaw};
use crate::json::{Items, Json};
use crate::path_pattern::PathPattern;
use crate::policy::{Access, HostPattern, Requirement, Rule, SignInChoice};

/// What a rule may refer to.
pub(super) struct Surroundings<'a> {
    /// The names of the providers.
    pub(super) providers: &'a [String],
    pub(super) endpoints: &'a Endpoints,
    pub(super) sign_in: ForRules<'a>,
}

/// All rules, in order; every problem is noted, and the rule that has one is left out.
pub(super) fn rules(written: Option<Items<'_>>, around: &Surroundings<'_>, problems: &mut Problems) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut names = BTreeSet::new();
    for (index, value) in written.into_iter().flat_map(Items::iter).enumerate() {
        let place = Place::top("rules").item(index);
        let written = document::Rule::read(value, &place, problems);
        let rule = written.and_then(|written| rule(written, index, around, &place, problems));
        if let Some(rule) = rule {
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
    written: document::Rule<'_>,
    index: usize,
    around: &Surroundings<'_>,
    place: &Place,
    problems: &mut Problems,
) -> Option<Rule> {
    let Surroundings { providers, endpoints, sign_in } = *around;
    let document::Rule { name, matches, allow, requires, provider, token, on_failure, respond, sign_in: choice } =
        written;
    let name = name.unwrap_or_else(|| format!("rules[{index}]"));
    if name.is_empty() || name.chars().any(char::is_control) {
        problems.add(&place.member("name"), "a name has at least one character, and no control characters");
    }
    let answers_not_found = problems.take(&place.member("onFailure"), answers_not_found(on_failure.as_deref()));
    let own_providers = provider.map(|names| {
        problems.take(&place.member("provider"), names.iter().map(|name| known_provider(name, providers)).collect())
    });
    let token_sources = token.map(|token| token::sources(token, &place.member("token"), problems));
    // A rule that hides what is there, or takes tokens from places of its own, sends nobody away unless it says so.
    let is_quiet = answers_not_found == Some(true) || token_sources.is_some();
    let choice = problems.take(&place.member("signIn"), sign_in::choice(choice, is_quiet, sign_in));
    if token_sources.is_some() && choice != Some(SignInChoice::Never) {
        problems.add(&place.member("signIn"), "`token` says where the rule's tokens are: a session is not among them");
    }
    let access = access(allow.as_deref(), requires.is_some(), place, problems);
    let Some(document::Match { host, path, methods: written_methods }) = matches else {
        problems.add(place, "`match` is missing: `\"match\": {\"path\": \"/users/{user}/{*rest}\"}` for one");
        return None;
    };
    let at = |key: &str| place.member("match").member(key);
    let hosts = problems.take(&at("host"), host.map_or_else(|| Ok(Vec::new()), hosts));
    let methods = problems.take(&at("methods"), methods(written_methods));
    let Some(path) = path else {
        problems.add(&place.member("match"), "`path` is missing: `\"path\": \"/{*rest}\"` matches every path but `/`");
        return None;
    };
    let path = problems.take(&at("path"), PathPattern::parse(&path))?;

    let captures: Vec<&str> = path.capture_names().collect();
    let known = Known { captures: &captures, providers };
    let requirement =
        requires.map(|requires| requirement(requires, access, &known, &place.member("requires"), problems));
    let access = access?;
    if access == Access::Anyone && (own_providers.is_some() || token_sources.is_some()) {
        problems.add(place, "`provider` and `token` are of no use where `allow` is `anyone`: no token is looked for");
    }
    let respond = respond.map(|written| endpoints.named_by(written, &captures, &place.member("respond"), problems));
    Some(Rule {
        name: name.into(),
        hosts: hosts?,
        methods: methods?,
        access,
        requirement: requirement.map_or(Some(None), |requirement| requirement.map(Some))?,
        providers: own_providers.map_or(Some(None), |names| names.map(Some))?,
        token_sources,
        answers_not_found: answers_not_found?,
        endpoint: respond.map_or(Some(None), |endpoint| endpoint.map(Some))?,
        sign_in: choice?,
        path,
    })
}

fn hosts(written: Vec<String>) -> Result<Vec<HostPattern>, Flaw> {
    if written.is_empty() {
        return Err("no host at all: leave `host` out for every host".into());
    }
    written.iter().map(|host| HostPattern::parse(host)).collect()
}

/// Whether whom the rule refuses is told that there is nothing.
fn answers_not_found(written: Option<&str>) -> Result<bool, Flaw> {
    match written {
        None | Some("refuse") => Ok(false),
        Some("notFound") => Ok(true),
        Some(other) => Err(flaw!("unknown value `{other}`: it is `refuse` (401 or 403) or `notFound` (404)")),
    }
}

fn access(allow: Option<&str>, has_requirement: bool, place: &Place, problems: &mut Problems) -> Option<Access> {
    match (allow, has_requirement) {
        (Some("anyone"), _) => Some(Access::Anyone),
        (Some("authenticated"), false) | (None, true) => Some(Access::Authenticated),
        (Some("authenticated"), true) => {
            problems.add(place, "`requires` asks for a valid token, too: leave `allow` out");
            None
        }
        (Some(other), _) => {
            let flaw = match nearest(other, ["anyone", "authenticated"]) {
                Some(near) => flaw!("unknown value `{other}`: did you mean `{near}`?"),
                None => flaw!("unknown value `{other}`: it is `anyone` or `authenticated` (whoever has a valid token)"),
            };
            problems.add(&place.member("allow"), flaw);
            None
        }
        (None, false) => {
            problems
                .add(place, "who may pass? `requires` with a condition, or `allow` with `anyone` or `authenticated`");
            None
        }
    }
}

fn requirement(
    written: Json<'_>,
    access: Option<Access>,
    known: &Known<'_>,
    place: &Place,
    problems: &mut Problems,
) -> Option<Requirement> {
    let requirement = requirement::requirement(written, known, place, problems)?;
    if access == Some(Access::Anyone) && !requirement.needs_no_token() {
        problems.add(
            place,
            "where `allow` is `anyone`, no token is looked for: only `clientIp` and `time` can be required",
        );
        return None;
    }
    Some(requirement)
}
