//! Texts with captures of the path in them: `{user}`, `{user|md5}`.

use std::borrow::Cow;

use super::transform::Transforms;
use crate::flaw::{Flaw, flaw};
use crate::path_pattern::Captures;

/// A text to compare a claim with. `{name}` stands for what the rule's pattern captured, `{name|md5}` for its MD5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Capture { name: String, transforms: Transforms },
}

impl Template {
    /// Reads a template; a capture that the pattern does not have is an error, or the comparison could never hold.
    ///
    /// So are two captures without anything between them: whoever asks could put the border where it suits.
    pub(crate) fn parse(text: &str, captures: &[&str]) -> Result<Self, Flaw> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('{') {
            if literal.is_empty() && !parts.is_empty() {
                return Err(
                    "two captures side by side: where the one ends and the other begins is anybody's guess".into()
                );
            }
            parts.push(Part::Literal(literal.to_owned()));
            let (capture, after) = after.split_once('}').ok_or("a `{` without `}` after it")?;
            parts.push(Part::capture(capture, captures)?);
            rest = after;
        }
        if rest.contains('}') {
            return Err("a `}` without `{` before it".into());
        }
        parts.push(Part::Literal(rest.to_owned()));
        Ok(Self(parts))
    }

    /// The text for one request; `None` if a capture is not there, which `parse` rules out.
    pub(crate) fn fill(&self, captures: &Captures<'_>) -> Option<Cow<'_, str>> {
        if let [Part::Literal(text)] = &self.0[..] {
            return Some(Cow::Borrowed(text));
        }
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Capture { name, transforms } => text.push_str(&transforms.apply(captures.get(name)?)),
            }
        }
        Some(Cow::Owned(text))
    }

    /// What it ends with, whatever the captures stand for.
    pub(crate) fn fixed_end(&self) -> &str {
        match self.0.last() {
            Some(Part::Literal(end)) => end,
            Some(Part::Capture { .. }) | None => "",
        }
    }

    /// The whole text, if it has no captures.
    #[cfg(feature = "tooling")]
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.0[..] {
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }
}

impl Part {
    fn capture(text: &str, captures: &[&str]) -> Result<Self, Flaw> {
        let (name, transforms) = match text.split_once('|') {
            Some((name, transforms)) => (name, Transforms::parse(transforms)?),
            None => (text, Transforms::default()),
        };
        if !captures.contains(&name) {
            return Err(match captures {
                [] => flaw!("`{{{name}}}` is no capture: the rule's path has none"),
                _ => flaw!("`{{{name}}}` is no capture of the rule's path: it has {}", list(captures)),
            });
        }
        Ok(Self::Capture { name: name.to_owned(), transforms })
    }
}

fn list(captures: &[&str]) -> String {
    captures.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path_pattern::PathPattern;

    #[test]
    fn captures_are_filled_in() {
        let pattern = PathPattern::parse("/{a}/{*b}").unwrap();
        let captures = pattern.captures("/x/Y/{a}").unwrap();
        let filled = |text| Template::parse(text, &["a", "b"]).unwrap().fill(&captures).map(Cow::into_owned);
        assert_eq!(filled("{a}-{b}."), Some("x-Y/{a}.".to_owned()));
        assert_eq!(filled("{b|lower}"), Some("y/{a}".to_owned()));
        assert_eq!(filled("{a|md5|upper}!"), Some("9DD4E461268C8034F5C8564E155C67A6!".to_owned()));
        assert_eq!(filled("plain"), Some("plain".to_owned()));
        assert_eq!(filled(""), Some(String::new()));
    }

    #[test]
    fn unknown_captures_transforms_and_stray_braces_are_errors() {
        for text in ["{user}", "{", "{a", "}", "a}", "{}", "{ a}", "{a|}", "{|md5}", "{a|sha1}", "{a| md5}", "{a}}"] {
            assert!(Template::parse(text, &["a"]).is_err(), "{text}");
        }
    }

    #[test]
    fn two_captures_have_something_between_them() {
        for text in ["{a}{b}", "x{a}{b}", "{a|md5}{b}"] {
            assert!(Template::parse(text, &["a", "b"]).is_err(), "{text}");
        }
        assert!(Template::parse("{a}/{b}", &["a", "b"]).is_ok());
    }
}
