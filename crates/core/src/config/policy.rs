//! Rules, as they are written.

use std::collections::BTreeSet;

use serde_json::Value;

use super::document;
use super::problem::{Flaw, Place, Problems, flaw, nearest};
use crate::policy::{Access, Expected, Method, Methods, PathPattern, Requirement, Rule, Template, Test};

/// The methods of a rule that names none: reading. Whoever lets viewers write, says so.
const DEFAULT_METHODS: [Method; 1] = [Method::Get];

/// All rules, in order; every problem is noted, and the rule that has one is left out.
pub(super) fn rules(written: Vec<document::Rule>, problems: &mut Problems) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut names = BTreeSet::new();
    for (index, written) in written.into_iter().enumerate() {
        let place = Place::top("rules").item(index);
        if let Some(rule) = rule(written, index, &place, problems) {
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

fn rule(written: document::Rule, index: usize, place: &Place, problems: &mut Problems) -> Option<Rule> {
    let name = written.name.unwrap_or_else(|| format!("rules[{index}]"));
    if name.is_empty() || name.chars().any(char::is_control) {
        problems.add(&place.member("name"), "a name has at least one character, and no control characters");
    }
    let Some(matches) = written.matches else {
        problems.add(place, "`match` is missing: `\"match\": {\"path\": \"/users/{user}/{*rest}\"}` for one");
        return None;
    };
    let path =
        matches.path.ok_or_else(|| "`path` is missing: `\"path\": \"/{*rest}\"` matches every path but `/`".into());
    let path = problems.take(&place.member("match").member("path"), path.and_then(|path| PathPattern::parse(&path)));
    let methods = problems.take(&place.member("match").member("methods"), methods(matches.methods));
    let path = path?;
    let captures: Vec<&str> = path.capture_names().collect();
    let access = access(written.allow, written.requires, &captures, place, problems);
    Some(Rule { name, methods: methods?, access: access?, path })
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

fn access(
    allow: Option<String>,
    requires: Option<document::Requirement>,
    captures: &[&str],
    place: &Place,
    problems: &mut Problems,
) -> Option<Access> {
    match (allow.as_deref(), requires) {
        (Some("anyone"), None) => Some(Access::Anyone),
        (Some("authenticated"), None) => Some(Access::Authenticated),
        (Some(other), None) => {
            let flaw = match nearest(other, ["anyone", "authenticated"]) {
                Some(near) => flaw!("unknown value `{other}`: did you mean `{near}`?"),
                None => flaw!("unknown value `{other}`: it is `anyone` or `authenticated` (whoever has a valid token)"),
            };
            problems.add(&place.member("allow"), flaw);
            None
        }
        (None, Some(requires)) => {
            requirement(requires, captures, &place.member("requires"), problems).map(Access::Requires)
        }
        (None, None) => {
            problems
                .add(place, "who may pass? `requires` with a condition, or `allow` with `anyone` or `authenticated`");
            None
        }
        (Some(_), Some(_)) => {
            problems.add(place, "`allow` and `requires` exclude each other");
            None
        }
    }
}

fn requirement(
    written: document::Requirement,
    captures: &[&str],
    place: &Place,
    problems: &mut Problems,
) -> Option<Requirement> {
    let document::Requirement { all, any, not, claim, equals, one_of, contains, group, scope } = written;
    let kinds = [all.is_some(), any.is_some(), not.is_some(), claim.is_some(), group.is_some(), scope.is_some()];
    if kinds.iter().filter(|named| **named).count() != 1 {
        problems.add(place, "name one of `all`, `any`, `not`, `claim`, `group` and `scope`");
        return None;
    }
    if claim.is_none() && (equals.is_some() || one_of.is_some() || contains.is_some()) {
        problems.add(place, "`equals`, `oneOf` and `contains` go with `claim`");
        return None;
    }
    if let Some(parts) = all {
        return list(parts, captures, &place.member("all"), problems).map(Requirement::All);
    }
    if let Some(parts) = any {
        return list(parts, captures, &place.member("any"), problems).map(Requirement::Any);
    }
    if let Some(part) = not {
        let part = requirement(*part, captures, &place.member("not"), problems)?;
        return Some(Requirement::Not(Box::new(part)));
    }
    if let Some(group) = group {
        let group = filled(&group).and_then(|group| Template::parse(group, captures));
        return problems.take(&place.member("group"), group).map(Requirement::Group);
    }
    if let Some(scope) = scope {
        return problems.take(&place.member("scope"), scope_token(scope)).map(Requirement::Scope);
    }
    let test = problems.take(place, test(equals, one_of, contains, captures))?;
    let name = problems.take(&place.member("claim"), filled(&claim?).map(str::to_owned))?;
    Some(Requirement::Claim { name, test })
}

/// An empty `all` would be met by everybody, an empty `any` by nobody: neither can have been meant.
fn list(
    parts: Vec<document::Requirement>,
    captures: &[&str],
    place: &Place,
    problems: &mut Problems,
) -> Option<Vec<Requirement>> {
    if parts.is_empty() {
        problems.add(place, "the list is empty: name at least one requirement");
        return None;
    }
    let parts = parts.into_iter().enumerate();
    let parts: Vec<_> = parts.map(|(index, part)| requirement(part, captures, &place.item(index), problems)).collect();
    parts.into_iter().collect()
}

fn test(
    equals: Option<Value>,
    one_of: Option<Vec<Value>>,
    contains: Option<Value>,
    captures: &[&str],
) -> Result<Test, Flaw> {
    match (equals, one_of, contains) {
        (Some(value), None, None) => Ok(Test::Equals(expected(value, captures)?)),
        (None, Some(values), None) if values.is_empty() => Err("`oneOf` is empty, and nothing could match it".into()),
        (None, Some(values), None) => {
            let values: Result<Vec<_>, _> = values.into_iter().map(|value| expected(value, captures)).collect();
            Ok(Test::OneOf(values?))
        }
        (None, None, Some(value)) => Ok(Test::Contains(expected(value, captures)?)),
        _ => Err("`claim` goes with one of `equals`, `oneOf` and `contains`".into()),
    }
}

fn expected(value: Value, captures: &[&str]) -> Result<Expected, Flaw> {
    match value {
        Value::String(text) => Template::parse(&text, captures).map(Expected::Text),
        Value::Number(_) | Value::Bool(_) => Ok(Expected::Exact(value)),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err("a claim is compared with a string, a number or a boolean".into())
        }
    }
}

fn filled(text: &str) -> Result<&str, Flaw> {
    if text.is_empty() { Err("the name is empty".into()) } else { Ok(text) }
}

/// RFC 6749, section 3.3: what one scope is written with. It stands in quotes in a challenge.
fn scope_token(scope: String) -> Result<String, Flaw> {
    let is_scope_byte = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    if !scope.is_empty() && scope.bytes().all(is_scope_byte) {
        Ok(scope)
    } else {
        Err(flaw!("`{}` is not one scope: for several use `all` or `any`", scope.escape_default()))
    }
}
