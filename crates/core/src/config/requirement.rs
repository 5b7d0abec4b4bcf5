//! Requirements, as they are written and as they are meant.

use super::names::claim_name;
use super::problem::{Place, Problems, nearest};
use super::reader::{ObjectReader, one_or_many};
use crate::flaw::{Flaw, flaw};
use crate::json::{Json, Number};
use crate::policy::{Expected, IpRange, Moment, Requirement, Template, Test, TimeWindow, Transforms};

/// What a requirement is about: it has one of these.
const KINDS: [&str; 10] =
    ["claim", "group", "scope", "provider", "emailDomain", "clientIp", "time", "all", "any", "not"];

/// What a claim has to be: it has one of these.
const TESTS: [&str; 4] = ["equals", "oneOf", "contains", "startsWith"];

/// What becomes of a claim before it is compared.
const AS: &str = "as";

/// What a requirement may refer to.
pub(super) struct Known<'k> {
    /// The captures of the rule's path.
    pub(super) captures: &'k [&'k str],
    /// The names of the providers.
    pub(super) providers: &'k [String],
}

pub(super) fn requirement(
    value: Json<'_>,
    known: &Known<'_>,
    place: &Place,
    problems: &mut Problems,
) -> Option<Requirement> {
    ObjectReader::read_all(value, place, problems, |object| read(object, known)).flatten()
}

fn read(object: &mut ObjectReader<'_, '_>, known: &Known<'_>) -> Option<Requirement> {
    let kinds = object.named(&KINDS);
    let tests = object.named(&TESTS);
    let transforms = object.named(&[AS]);
    match kinds[..] {
        ["claim"] => claim(object, &tests, known),
        [_] if !tests.is_empty() || !transforms.is_empty() => {
            object.add(flaw!("`{AS}`, `{}` go with `claim`", TESTS.join("`, `")));
            None
        }
        [kind] => read_kind(object, kind, known),
        _ => {
            object.add(flaw!("name one of `{}`; several go into `all`", KINDS.join("`, `")));
            None
        }
    }
}

fn read_kind(object: &mut ObjectReader<'_, '_>, kind: &'static str, known: &Known<'_>) -> Option<Requirement> {
    if let ("group" | "scope", Some((Json::Array(_), place))) = (kind, object.member(kind)) {
        let several = flaw!(
            "this is an array, but has to be a string: several go into `any`, as in `{{\"any\": [{{\"{kind}\": \"a\"}}, {{\"{kind}\": \"b\"}}]}}`, or `all`"
        );
        object.problems().add_illegible(&place, several);
        return None;
    }
    let mut template = |text: &str| filled(text).and_then(|text| Template::parse(text, known.captures));
    match kind {
        "group" => object.parse(kind, &mut template).map(Requirement::Group),
        "scope" => object.parse(kind, &mut scope_token).map(Requirement::Scope),
        "provider" => object.each(kind, &mut |name| known_provider(name, known.providers)).map(Requirement::Provider),
        "emailDomain" => {
            object.each(kind, &mut |text| no_address(text).and_then(&mut template)).map(Requirement::EmailDomain)
        }
        "clientIp" => object.each(kind, &mut IpRange::parse).map(Requirement::ClientIp),
        "time" => object.read(kind, time).map(Requirement::Time),
        "all" => list(object, kind, known).map(Requirement::All),
        "any" => list(object, kind, known).map(Requirement::Any),
        _ => {
            let (value, place) = object.member(kind)?;
            let part = requirement(value, known, &place, object.problems())?;
            Some(Requirement::Not(Box::new(part)))
        }
    }
}

/// An empty `all` would be met by everybody, an empty `any` by nobody: neither can have been meant.
fn list(object: &mut ObjectReader<'_, '_>, kind: &'static str, known: &Known<'_>) -> Option<Vec<Requirement>> {
    let mut parts = Vec::new();
    for (value, place) in object.items(kind)? {
        parts.push(requirement(value, known, &place, object.problems()));
    }
    parts.into_iter().collect()
}

fn claim(object: &mut ObjectReader<'_, '_>, tests: &[&'static str], known: &Known<'_>) -> Option<Requirement> {
    let name = object.read("claim", one_or_many);
    let name = name.and_then(|name| object.take("claim", claim_name(name)));
    let transforms = object.parse(AS, &mut Transforms::parse);
    let [test] = *tests else {
        object.add(flaw!("`claim` goes with one of `{}`", TESTS.join("`, `")));
        return None;
    };
    let is_text = object.named(&[AS]).len() == 1;
    let expected = |value: Json<'_>| expected(value, is_text, known.captures);
    let test = match test {
        "oneOf" => {
            let mut values = Vec::new();
            for (value, place) in object.items(test)? {
                values.push(object.problems().take(&place, expected(value)));
            }
            Test::OneOf(values.into_iter().collect::<Option<_>>()?)
        }
        "startsWith" => Test::StartsWith(object.parse(test, &mut |text| beginning(text, known.captures))?),
        _ => {
            let (value, place) = object.member(test)?;
            let expected = object.problems().take(&place, expected(value))?;
            if test == "equals" { Test::Equals(expected) } else { Test::Contains(expected) }
        }
    };
    let transforms = if is_text { transforms? } else { Transforms::default() };
    Some(Requirement::Claim { name: name?, transforms, test })
}

/// 2^53. From here on neighbouring integers are the same where they are not integers of 64 bits.
const FIRST_ROUNDED: f64 = 9_007_199_254_740_992.0;

fn expected(value: Json<'_>, is_text: bool, captures: &[&str]) -> Result<Expected, Flaw> {
    match value {
        Json::String(text) => Template::parse(text, captures).map(Expected::Text),
        Json::Number(_) | Json::Bool(_) if is_text => Err("`as` makes a string: compare it with one".into()),
        Json::Number(Number::Fraction(number)) if number.abs() >= FIRST_ROUNDED => {
            Err("a number like that is rounded, and others would be taken for it: compare an integer of 64 bits or a string".into())
        }
        Json::Number(number) => Ok(Expected::Number(number)),
        Json::Bool(flag) => Ok(Expected::Bool(flag)),
        Json::Array(_) => {
            Err("a claim is compared with a string, a number or a boolean; for one of several there is `oneOf`".into())
        }
        Json::Null | Json::Object(_) => Err("a claim is compared with a string, a number or a boolean".into()),
    }
}

fn beginning(text: &str, captures: &[&str]) -> Result<Template, Flaw> {
    let beginning = Template::parse(text, captures)?;
    if beginning.fixed_end().is_empty() {
        return Err(
            "it ends with text of its own: what a capture stands for is the viewer's choice, down to one letter".into(),
        );
    }
    Ok(beginning)
}

fn time(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<TimeWindow> {
    ObjectReader::read_all(value, place, problems, |object| {
        let [first, last] = ["notBefore", "notAfter"].map(|key| object.parse(key, &mut Moment::parse));
        if object.named(&["notBefore", "notAfter"]).is_empty() {
            object.add("name one of `notBefore` and `notAfter`, or both".into());
        }
        let window = TimeWindow { not_before: first, not_after: last };
        if window.is_empty() {
            object.add("`notBefore` comes after `notAfter`: no time is in between".into());
        }
        window
    })
}

/// The name of a provider that there is.
pub(super) fn known_provider(name: &str, providers: &[String]) -> Result<String, Flaw> {
    // Where there are none at all, that is said.
    if providers.is_empty() || providers.iter().any(|known| known == name) {
        return Ok(name.to_owned());
    }
    Err(match nearest(name, providers.iter().map(String::as_str)) {
        Some(near) => flaw!("no provider is called `{name}`: did you mean `{near}`?"),
        None => flaw!("no provider is called `{name}`: there are `{}`", providers.join("`, `")),
    })
}

fn no_address(text: &str) -> Result<&str, Flaw> {
    if text.contains(['@', '*']) {
        return Err(flaw!("`{text}` is no domain: `example.com` is one, without what stands before the `@`"));
    }
    Ok(text)
}

/// RFC 6749, section 3.3: what one scope is written with. It stands in quotes in a challenge.
fn scope_token(scope: &str) -> Result<String, Flaw> {
    let is_scope_byte = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    if !scope.is_empty() && scope.bytes().all(is_scope_byte) {
        Ok(scope.to_owned())
    } else {
        Err(flaw!("`{}` is not one scope: for several use `all` or `any`", scope.escape_default()))
    }
}

fn filled(text: &str) -> Result<&str, Flaw> {
    if text.is_empty() { Err("the name is empty".into()) } else { Ok(text) }
}
