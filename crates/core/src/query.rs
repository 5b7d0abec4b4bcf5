//! Parameters of a query (`name=value&…`), found and taken out without touching the others.

use crate::percent;
use crate::refusal::{Code, Refusal};

/// The decoded values of the parameter `name`, in order.
///
/// Refused with [`Code::RequestMalformed`] where a parameter's name has no certain reading, since it could be `name`
/// for the origin.
pub(crate) fn values(query: &str, name: &str) -> Result<Vec<String>, Refusal> {
    let mut values = Vec::new();
    for parameter in parameters(query) {
        if parameter.name()? == name {
            values.push(parameter.value()?);
        }
    }
    Ok(values)
}

/// The decoded value of the parameter `name` where it is there exactly once, and no name is in doubt. Unlike a token it may hold
/// anything, so also what a second decoding would change.
pub(crate) fn single(query: &str, name: &str) -> Option<String> {
    let mut single = None;
    for parameter in parameters(query) {
        if parameter.name().ok()? == name && single.replace(parameter.text()?).is_some() {
            return None;
        }
    }
    single
}

/// The query without the parameters that `names` lists; `None` if it has none of them.
pub(crate) fn without(query: &str, names: &[&str]) -> Result<Option<String>, Refusal> {
    let mut kept = Vec::new();
    let mut removed = false;
    for parameter in parameters(query) {
        if names.contains(&parameter.name()?.as_str()) {
            removed = true;
        } else {
            kept.push(parameter.raw);
        }
    }
    Ok(removed.then(|| kept.join("&")))
}

/// The query with no parameters but those that `names` lists, and whether there were others. One whose name has no certain
/// reading is another.
pub(crate) fn only(query: &str, names: &[String]) -> (String, bool) {
    let mut kept: Vec<&str> = Vec::new();
    let mut has_others = false;
    for parameter in parameters(query).filter(|parameter| !parameter.raw.is_empty()) {
        if parameter.name().is_ok_and(|name| names.contains(&name)) {
            kept.push(parameter.raw);
        } else {
            has_others = true;
        }
    }
    (kept.join("&"), has_others)
}

struct Parameter<'q> {
    raw: &'q str,
}

fn parameters(query: &str) -> impl Iterator<Item = Parameter<'_>> {
    query.split('&').map(|raw| Parameter { raw })
}

impl Parameter<'_> {
    fn name(&self) -> Result<String, Refusal> {
        let name = self.raw.split('=').next().unwrap_or_default();
        decode(name).ok_or_else(|| malformed("the query has a parameter name that cannot be decoded"))
    }

    fn value(&self) -> Result<String, Refusal> {
        let value = self.raw.split_once('=').map_or("", |(_, value)| value);
        decode(value).ok_or_else(|| malformed("the query has a token that cannot be decoded"))
    }

    fn text(&self) -> Option<String> {
        let value = self.raw.split_once('=').map_or("", |(_, value)| value);
        String::from_utf8(percent::decode(&value.replace('+', " "))?).ok()
    }
}

/// `application/x-www-form-urlencoded` (URL Standard): `+` is a space, `%XX` a byte.
///
/// A name that a second decoding would change, or that some servers end at `;`, reads differently in different places.
fn decode(text: &str) -> Option<String> {
    if !text.is_ascii() || text.contains(';') {
        return None;
    }
    let bytes = percent::decode(&text.replace('+', " "))?;
    if percent::has_escape(&bytes) {
        return None;
    }
    String::from_utf8(bytes).ok()
}

fn malformed(detail: &'static str) -> Refusal {
    Refusal::new(Code::RequestMalformed, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_parameter_however_its_name_is_written() {
        let query = "a=1&token=x.y.z&%74oken=2&token&tokens=3&x=token";
        assert_eq!(values(query, "token").unwrap(), ["x.y.z", "2", ""]);
        assert_eq!(values("", "token").unwrap(), [""; 0]);
        assert_eq!(single("a=1&%74o=%2Fa%3Fx%3D%252F%26y%3B+%C3%A9&b", "to").as_deref(), Some("/a?x=%2F&y; \u{e9}"));
        for query in ["", "a=1", "to=1&to=1", "to=%", "to=%ff", "to=1&%2574o=2", "to=1&t;=2"] {
            assert_eq!(single(query, "to"), None, "{query}");
        }
    }

    #[test]
    fn takes_out_what_it_finds_and_leaves_the_rest_as_it_was() {
        let without_token = |query| without(query, &["token"]).unwrap();
        assert_eq!(without_token("a=%41&token=x&b=+&c"), Some("a=%41&b=+&c".to_owned()));
        assert_eq!(without_token("tok%65n=x"), Some(String::new()));
        assert_eq!(without_token("token=1&token=2"), Some(String::new()));
        assert_eq!(without_token("a=1&&b"), None);
        assert_eq!(without_token(""), None);
    }

    #[test]
    fn a_name_without_a_certain_reading_is_refused() {
        for query in ["%zz=1", "a=1&%=2", "%2574oken=x", "a;token=x", "t\u{f6}ken=x", "%ff=1"] {
            assert_eq!(values(query, "token").map_err(|refusal| refusal.code), Err(Code::RequestMalformed), "{query}");
            assert!(without(query, &["token"]).is_err(), "{query}");
        }
    }

    #[test]
    fn only_those_that_are_named_are_kept_however_they_are_written() {
        let names = ["v".to_owned(), "versionId".to_owned()];
        let kept = |query| only(query, &names);
        assert_eq!(kept("v=1&acl&versionId=a%2Fb&v"), ("v=1&versionId=a%2Fb&v".to_owned(), true));
        assert_eq!(kept("%76=1&&"), ("%76=1".to_owned(), false));
        assert_eq!(kept(""), (String::new(), false));
        // Names are exact, and what cannot be read for certain is no name of ours.
        for other in ["V=1", "v%20", "v;acl", "%2576", "v\u{e9}", "%zz", "=v", "+v", "versionid"] {
            assert_eq!(kept(other), (String::new(), true), "{other}");
        }
    }

    #[test]
    fn values_of_other_parameters_are_not_read() {
        assert!(values("q=100%&r=\u{e9};", "token").unwrap().is_empty());
    }
}
