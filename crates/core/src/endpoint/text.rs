//! Texts with parts of the verified token and of the path in them: `https://media.example.com/{claim:sub}/*`.

use crate::claims::ValidatedClaims;
use crate::flaw::{Flaw, flaw};
use crate::path_pattern::Captures;
use crate::refusal::{Code, Refusal};

/// A text for a resource or a key. `{claim:NAME}` stands for a claim of the token, `{path:NAME}` for what the rule's path
/// captured, another word for what the endpoint itself chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Claim(String),
    Path(String),
    Own(&'static str),
}

/// What the parts stand for in one request.
pub(crate) struct Values<'a> {
    pub(crate) claims: Option<&'a ValidatedClaims>,
    pub(crate) captures: Option<&'a Captures<'a>>,
    /// What the endpoint chooses, by the words that it knows.
    pub(crate) own: &'a [(&'static str, &'a str)],
}

impl Text {
    /// Reads a text. `own` are the words that the endpoint knows; `{path:…}` is refused where the viewer must have no say.
    pub(crate) fn parse(text: &str, own: &[&'static str], takes_path: bool) -> Result<Self, Flaw> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a `{` without `}` after it")?;
            if literal.is_empty() && !parts.is_empty() {
                return Err("two parts side by side: where the one ends and the other begins is anybody's guess".into());
            }
            parts.push(Part::Literal(literal.to_owned()));
            parts.push(match (name.split_once(':'), own.iter().find(|word| **word == name)) {
                (Some(("claim", claim)), _) if !claim.is_empty() => Part::Claim(claim.to_owned()),
                (Some(("path", capture)), _) if !capture.is_empty() && takes_path => Part::Path(capture.to_owned()),
                (_, Some(word)) => Part::Own(word),
                _ => return Err(flaw!("`{{{name}}}` stands for nothing: `{{claim:sub}}` is the claim `sub`")),
            });
            rest = after;
        }
        if rest.contains('}') {
            return Err("a `}` without `{` before it".into());
        }
        parts.push(Part::Literal(rest.to_owned()));
        Ok(Self(parts))
    }

    /// The words of the endpoint that stand in it.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Own(own) if *own == word))
    }

    /// The captures of the path that stand in it.
    pub(crate) fn captures(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Path(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The text with something plain in the place of each part: what can be said of its form beforehand.
    pub(crate) fn sample(&self) -> String {
        self.0.iter().map(|part| if let Part::Literal(literal) = part { literal } else { "x" }).collect()
    }

    /// The text for one request.
    ///
    /// [`Code::PolicyDenied`] where a claim is missing, or has characters that could mean more than themselves; the detail
    /// names the claim, not its value.
    pub(crate) fn fill(&self, values: &Values<'_>) -> Result<String, Refusal> {
        let mut text = String::new();
        for part in &self.0 {
            text.push_str(match part {
                Part::Literal(literal) => literal,
                Part::Claim(name) => claim(name, values.claims)?,
                Part::Path(name) => captured(name, values.captures)?,
                Part::Own(word) => values.own.iter().find(|(own, _)| own == word).map_or("", |(_, value)| *value),
            });
        }
        Ok(text)
    }
}

fn claim<'v>(name: &str, claims: Option<&'v ValidatedClaims>) -> Result<&'v str, Refusal> {
    let text = claims.and_then(|claims| claims.get(name)).and_then(|claim| claim.as_str());
    text.filter(|text| edge_authorizer_aws::cloudfront::may_stand_in_resource(text)).ok_or_else(|| {
        let detail = format!("the claim `{name}` is missing, or has characters that may not stand in a resource");
        Refusal::new(Code::PolicyDenied, detail)
    })
}

/// Each segment as strictly as a claim. A path that has been matched has no empty segment but the last.
fn captured<'v>(name: &str, captures: Option<&'v Captures<'_>>) -> Result<&'v str, Refusal> {
    let text = captures.and_then(|captures| captures.get(name));
    let plain = |text: &&str| text.split('/').all(edge_authorizer_aws::cloudfront::may_stand_in_resource);
    text.filter(plain).ok_or_else(|| {
        let detail = format!("the path's `{{{name}}}` has characters that may not stand in a resource");
        Refusal::new(Code::PolicyDenied, detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path_pattern::PathPattern;
    use serde_json::{Value, json};

    fn filled(text: &str, claims: Value, path: &str) -> Result<String, Code> {
        let claims = ValidatedClaims::for_tests(claims);
        let pattern = PathPattern::parse("/{a}/{*b}").unwrap();
        let captures = pattern.captures(path).unwrap();
        let values = Values { claims: Some(&claims), captures: Some(&captures), own: &[("extension", "png")] };
        Text::parse(text, &["extension"], true).unwrap().fill(&values).map_err(|refusal| refusal.code)
    }

    #[test]
    fn parts_of_token_and_path_stand_in_it() {
        let text = "https://m.example/{claim:cognito:username}/{path:b}-{claim:sub}.{extension}";
        let claims = json!({ "sub": "u-1", "cognito:username": "a@b.example" });
        assert_eq!(filled(text, claims, "/x/y/z"), Ok("https://m.example/a@b.example/y/z-u-1.png".to_owned()));
    }

    /// Threat 38: `*`, `?`, quotes or `{` in a claim; threat 39: a key that leads elsewhere.
    #[test]
    fn threat_38_and_39_only_plain_characters_of_a_claim_stand_in_it() {
        for claim in ["*", "a/b", "..", "", "a?", "\"", "{sub}", "a b", "\u{e9}", "a\\b", "a%2fb", "a\n"] {
            assert_eq!(filled("{claim:sub}", json!({ "sub": claim }), "/x/y"), Err(Code::PolicyDenied), "{claim:?}");
        }
        for claims in [json!({}), json!({ "sub": 7 }), json!({ "sub": ["a"] }), json!({ "sub": null })] {
            assert_eq!(filled("{claim:sub}", claims.clone(), "/x/y"), Err(Code::PolicyDenied), "{claims}");
        }
        for path in ["/x/a*", "/x/a?b", "/x/a/", "/x/a b"] {
            assert_eq!(filled("{path:b}", json!({}), path), Err(Code::PolicyDenied), "{path}");
        }
    }

    #[test]
    fn what_stands_for_nothing_is_a_mistake() {
        for text in ["{sub}", "{claim:}", "{path:}", "{", "}", "{}", "{claim:a", "a}", "{claim:a}{claim:b}"] {
            assert!(Text::parse(text, &["extension"], true).is_err(), "{text}");
        }
        assert!(Text::parse("{path:a}", &[], false).is_err());
    }
}
