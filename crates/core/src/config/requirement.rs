//! Requirements, as they are written.

use serde_json::Value;

use super::document;
use super::problem::{Flaw, Place, Problems, flaw, nearest};
use crate::claims::ClaimName;
use crate::policy::{Expected, IpRange, Requirement, Template, Test, TimeWindow, Transforms};

/// What a requirement may refer to.
pub(super) struct Known<'k> {
    /// The captures of the rule's path.
    pub(super) captures: &'k [&'k str],
    /// The names of the providers.
    pub(super) providers: &'k [String],
}

pub(super) fn requirement(
    mut written: document::Requirement,
    known: &Known<'_>,
    place: &Place,
    problems: &mut Problems,
) -> Option<Requirement> {
    if let Err(flaw) = check_kind(&written) {
        problems.add(place, flaw);
        return None;
    }
    let at = |key: &str| place.member(key);
    if let Some(parts) = written.all {
        return list(parts, known, &at("all"), problems).map(Requirement::All);
    }
    if let Some(parts) = written.any {
        return list(parts, known, &at("any"), problems).map(Requirement::Any);
    }
    if let Some(part) = written.not {
        return requirement(*part, known, &at("not"), problems).map(|part| Requirement::Not(Box::new(part)));
    }
    if let Some(claim) = written.claim.take() {
        let name = problems.take(&at("claim"), claim_name(claim));
        let transforms = written.transforms.as_deref().map_or_else(|| Ok(Transforms::default()), Transforms::parse);
        let transforms = problems.take(&at("as"), transforms);
        let test = problems.take(place, test(written, known.captures));
        return Some(Requirement::Claim { name: name?, transforms: transforms?, test: test? });
    }
    if let Some(group) = written.group {
        let group = filled(group).and_then(|group| Template::parse(&group, known.captures));
        return problems.take(&at("group"), group).map(Requirement::Group);
    }
    if let Some(scope) = written.scope {
        return problems.take(&at("scope"), scope_token(scope)).map(Requirement::Scope);
    }
    if let Some(names) = written.provider {
        let names = known_providers(names, known.providers);
        return problems.take(&at("provider"), names).map(Requirement::Provider);
    }
    if let Some(domains) = written.email_domain {
        let domains = not_empty(domains).and_then(|domains| each(domains, |text| email_domain(text, known.captures)));
        return problems.take(&at("emailDomain"), domains).map(Requirement::EmailDomain);
    }
    if let Some(ranges) = written.client_ip {
        let ranges = not_empty(ranges).and_then(|ranges| each(ranges, IpRange::parse));
        return problems.take(&at("clientIp"), ranges).map(Requirement::ClientIp);
    }
    let document::Time { not_before, not_after } = written.time?;
    let window = TimeWindow::parse(not_before.as_deref(), not_after.as_deref());
    problems.take(&at("time"), window).map(Requirement::Time)
}

/// One kind in each, and what goes with a claim only with a claim.
fn check_kind(written: &document::Requirement) -> Result<(), Flaw> {
    let kinds = [
        written.all.is_some(),
        written.any.is_some(),
        written.not.is_some(),
        written.claim.is_some(),
        written.group.is_some(),
        written.scope.is_some(),
        written.provider.is_some(),
        written.email_domain.is_some(),
        written.client_ip.is_some(),
        written.time.is_some(),
    ];
    if kinds.iter().filter(|named| **named).count() != 1 {
        return Err("name one of `claim`, `group`, `scope`, `provider`, `emailDomain`, `clientIp`, `time`, `all`, `any` and `not`; several go into `all`".into());
    }
    let tests = [
        written.equals.is_some(),
        written.one_of.is_some(),
        written.contains.is_some(),
        written.starts_with.is_some(),
        written.transforms.is_some(),
    ];
    if written.claim.is_none() && tests.contains(&true) {
        return Err("`as`, `equals`, `oneOf`, `contains` and `startsWith` go with `claim`".into());
    }
    Ok(())
}

/// An empty `all` would be met by everybody, an empty `any` by nobody: neither can have been meant.
fn list(
    parts: Vec<document::Requirement>,
    known: &Known<'_>,
    place: &Place,
    problems: &mut Problems,
) -> Option<Vec<Requirement>> {
    if parts.is_empty() {
        problems.add(place, "the list is empty: name at least one requirement");
        return None;
    }
    let parts = parts.into_iter().enumerate();
    let parts: Vec<_> = parts.map(|(index, part)| requirement(part, known, &place.item(index), problems)).collect();
    parts.into_iter().collect()
}

fn test(written: document::Requirement, captures: &[&str]) -> Result<Test, Flaw> {
    let transformed = written.transforms.is_some();
    let expected = |value: Value| match value {
        Value::String(text) => Template::parse(&text, captures).map(Expected::Text),
        Value::Number(_) | Value::Bool(_) if transformed => Err("`as` makes a string: compare it with one".into()),
        Value::Number(_) | Value::Bool(_) => Ok(Expected::Exact(value)),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err("a claim is compared with a string, a number or a boolean".into())
        }
    };
    match (written.equals, written.one_of, written.contains, written.starts_with) {
        (Some(value), None, None, None) => expected(value).map(Test::Equals),
        (None, Some(values), None, None) if values.is_empty() => {
            Err("`oneOf` is empty, and nothing could match it".into())
        }
        (None, Some(values), None, None) => values.into_iter().map(expected).collect::<Result<_, _>>().map(Test::OneOf),
        (None, None, Some(value), None) => expected(value).map(Test::Contains),
        (None, None, None, Some(text)) => {
            let beginning = Template::parse(&text, captures)?;
            if beginning.fixed_end().is_empty() {
                return Err("`startsWith` ends with text of its own: what a capture stands for is the viewer's choice, down to one letter".into());
            }
            Ok(Test::StartsWith(beginning))
        }
        _ => Err("`claim` goes with one of `equals`, `oneOf`, `contains` and `startsWith`".into()),
    }
}

/// The name of a claim, or the names that lead to a member of one.
pub(super) fn claim_name(written: Vec<String>) -> Result<ClaimName, Flaw> {
    if written.is_empty() || written.iter().any(String::is_empty) {
        return Err("the name is empty".into());
    }
    Ok(ClaimName(written))
}

/// Names of providers that there are.
pub(super) fn known_providers(names: Vec<String>, providers: &[String]) -> Result<Vec<String>, Flaw> {
    let names = not_empty(names)?;
    match names.iter().find(|name| !providers.contains(name)) {
        None => Ok(names),
        Some(name) => Err(match nearest(name, providers.iter().map(String::as_str)) {
            Some(near) => flaw!("no provider is called `{name}`: did you mean `{near}`?"),
            None => flaw!("no provider is called `{name}`: there are `{}`", providers.join("`, `")),
        }),
    }
}

fn email_domain(text: &str, captures: &[&str]) -> Result<Template, Flaw> {
    if text.contains(['@', '*']) {
        return Err(flaw!(
            "`{text}` is no domain: write what follows the `@`, `example.com` for one, and each one by itself"
        ));
    }
    filled(text.to_owned()).and_then(|text| Template::parse(&text, captures))
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

fn filled(text: String) -> Result<String, Flaw> {
    if text.is_empty() { Err("the name is empty".into()) } else { Ok(text) }
}

fn not_empty(texts: Vec<String>) -> Result<Vec<String>, Flaw> {
    if texts.is_empty() { Err("the list is empty, and nothing could match it".into()) } else { Ok(texts) }
}

fn each<T>(texts: Vec<String>, parse: impl Fn(&str) -> Result<T, Flaw>) -> Result<Vec<T>, Flaw> {
    texts.iter().map(|text| parse(text)).collect()
}
