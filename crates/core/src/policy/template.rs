//! Texts with captures of the path in them: `{user}`.

use super::pattern::Captures;
use crate::config::{Flaw, flaw};

/// A text to compare a claim with. `{name}` stands for what the rule's pattern captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Capture(String),
}

impl Template {
    /// Reads a template; a capture that the pattern does not have is an error, or the comparison could never hold.
    pub(crate) fn parse(text: &str, captures: &[&str]) -> Result<Self, Flaw> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or("a `{` without `}` after it")?;
            if !captures.contains(&name) {
                return Err(match captures {
                    [] => flaw!("`{{{name}}}` is no capture: the rule's path has none"),
                    _ => flaw!("`{{{name}}}` is no capture of the rule's path: it has {}", list(captures)),
                });
            }
            parts.push(Part::Literal(literal.to_owned()));
            parts.push(Part::Capture(name.to_owned()));
            rest = after;
        }
        if rest.contains('}') {
            return Err("a `}` without `{` before it".into());
        }
        parts.push(Part::Literal(rest.to_owned()));
        Ok(Self(parts))
    }

    /// The text for one request; `None` if a capture is not there, which `parse` rules out.
    pub(crate) fn fill(&self, captures: &Captures) -> Option<String> {
        let mut text = String::new();
        for part in &self.0 {
            text.push_str(match part {
                Part::Literal(literal) => literal,
                Part::Capture(name) => captures.get(name)?,
            });
        }
        Some(text)
    }
}

fn list(captures: &[&str]) -> String {
    captures.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::pattern::PathPattern;

    #[test]
    fn captures_are_filled_in() {
        let captures = PathPattern::parse("/{a}/{*b}").unwrap().captures("/x/y/{a}").unwrap();
        let filled = |text| Template::parse(text, &["a", "b"]).unwrap().fill(&captures);
        assert_eq!(filled("{a}-{b}."), Some("x-y/{a}.".to_owned()));
        assert_eq!(filled("plain"), Some("plain".to_owned()));
        assert_eq!(filled(""), Some(String::new()));
    }

    #[test]
    fn unknown_captures_and_stray_braces_are_errors() {
        for text in ["{user}", "{", "{a", "}", "a}", "{}", "{ a}"] {
            assert!(Template::parse(text, &["a"]).is_err(), "{text}");
        }
    }
}
