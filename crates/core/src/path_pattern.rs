//! Path patterns: `/users/{user}/{*rest}`.

use std::fmt;
use std::rc::Rc;

use crate::flaw::{Flaw, flaw};
use crate::path::{is_dots_for_some, split_segment};
use crate::percent;

/// A pattern for decoded paths. `{name}` stands for one segment, or a part of one, that is not empty; `{*name}` at the
/// end for the rest of the path, which is not empty either.
#[derive(Clone)]
pub(crate) struct PathPattern {
    text: String,
    segments: Vec<Segment>,
}

/// What stands between two `/` of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    /// This very text, which is empty only after the last `/`.
    Literal(String),
    /// A segment that begins and ends so, with something between.
    Capture { prefix: String, name: String, suffix: String },
    /// All that is left, slashes too. It stands at the end.
    CatchAll { name: String },
}

/// What the captures of a pattern stand for in one path that it matches. They are looked up when they are asked for: most
/// are not.
#[derive(Debug, Clone)]
pub(crate) struct Captures<'p> {
    pattern: &'p PathPattern,
    path: Rc<str>,
}

impl Captures<'_> {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut found = None;
        self.pattern.walk(&self.path, |capture, value| {
            if capture == name {
                found = Some(value);
            }
        })?;
        found
    }

    /// All of them, in the pattern's order.
    pub(crate) fn all(&self) -> Vec<(&str, &str)> {
        let mut all = Vec::new();
        let matches = self.pattern.walk(&self.path, |capture, value| all.push((capture, value)));
        matches.map_or_else(Vec::new, |()| all)
    }
}

impl PathPattern {
    /// Reads a pattern; the error says what would be right.
    pub(crate) fn parse(text: &str) -> Result<Self, Flaw> {
        check_literal_text(text)?;
        let path = text.strip_prefix('/').ok_or("a path pattern begins with `/`")?;
        let segments = path.split('/').map(Segment::parse).collect::<Result<Vec<_>, _>>()?;
        check_segments(&segments)?;

        Ok(Self { text: text.to_owned(), segments })
    }

    /// The captures, if the pattern matches the whole of `path`.
    pub(crate) fn captures(&self, path: impl AsRef<str> + Into<Rc<str>>) -> Option<Captures<'_>> {
        self.walk(path.as_ref(), |_, _| ())?;
        Some(Captures { pattern: self, path: path.into() })
    }

    /// Goes along the whole of `path`, and tells each capture and what it stands for. `None` where the pattern does not match;
    /// what was told before counts for nothing then.
    fn walk<'s>(&'s self, path: &'s str, mut tell: impl FnMut(&'s str, &'s str)) -> Option<()> {
        let mut rest = Some(path.strip_prefix('/')?);
        for segment in &self.segments {
            let left = rest?;
            let (text, after) = split_segment(left);
            rest = match segment {
                Segment::Literal(literal) => (literal == text).then_some(after)?,
                Segment::Capture { prefix, name, suffix } => {
                    let value = text.strip_prefix(prefix.as_str())?.strip_suffix(suffix.as_str())?;
                    tell(name, some_text(value)?);
                    after
                }
                Segment::CatchAll { name } => {
                    tell(name, some_text(left)?);
                    None
                }
            };
        }
        rest.is_none().then_some(())
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The names of the captures.
    pub(crate) fn capture_names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(Segment::capture_name)
    }
}

impl Segment {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let Some((prefix, rest)) = text.split_once('{') else {
            if text.contains('}') {
                return Err("a `}` without `{` before it".into());
            }
            if text.contains('*') {
                return Err("`*` alone is no wildcard: write `{name}` for one segment, `{*rest}` for the rest".into());
            }
            return Ok(Self::Literal(text.to_owned()));
        };
        let (name, suffix) = rest.split_once('}').ok_or("a `{` without `}` after it")?;
        if suffix.contains(['{', '}', '*']) || prefix.contains(['}', '*']) {
            return Err("a segment has one capture at most, and no `*` outside of it".into());
        }
        match name.strip_prefix('*') {
            Some(name) if prefix.is_empty() && suffix.is_empty() => Ok(Self::CatchAll { name: capture_name(name)? }),
            Some(_) => Err("`{*name}` stands for whole segments: nothing may stand before or after it".into()),
            None => {
                Ok(Self::Capture { prefix: prefix.to_owned(), name: capture_name(name)?, suffix: suffix.to_owned() })
            }
        }
    }

    fn capture_name(&self) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Capture { name, .. } | Self::CatchAll { name } => Some(name),
        }
    }
}

/// A capture stands for one character or more.
fn some_text(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

impl fmt::Debug for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Patterns are compared with the canonical, decoded path: what that never holds, a pattern must not ask for.
fn check_literal_text(text: &str) -> Result<(), Flaw> {
    if percent::has_escape(text.as_bytes()) {
        return Err("patterns are compared with the decoded path: write ` ` for `%20`".into());
    }
    if text.contains(['?', '#']) {
        return Err("a pattern is for the path only, without query or fragment".into());
    }
    if text.contains('\\') || text.chars().any(char::is_control) {
        return Err("no canonical path has a backslash or a control character".into());
    }
    Ok(())
}

fn check_segments(segments: &[Segment]) -> Result<(), Flaw> {
    let (last, before) = segments.split_last().ok_or("a path pattern begins with `/`")?;
    for segment in before {
        match segment {
            Segment::Literal(text) if text.is_empty() => {
                return Err("no canonical path has an empty segment (`//`)".into());
            }
            Segment::CatchAll { .. } => return Err("`{*name}` may only stand at the end".into()),
            _ => {}
        }
    }
    if before.iter().chain([last]).any(is_never_canonical) {
        return Err("no canonical path has a dot segment, or what some servers read as one".into());
    }
    let names: Vec<_> = segments.iter().filter_map(Segment::capture_name).collect();
    match names.iter().enumerate().find(|(index, name)| names.iter().take(*index).any(|other| other == *name)) {
        Some((_, name)) => Err(flaw!("two captures are called `{name}`")),
        None => Ok(()),
    }
}

/// Dots, and what some servers read as dots or nothing, whatever a capture stands for.
fn is_never_canonical(segment: &Segment) -> bool {
    match segment {
        Segment::Literal(text) => text == "." || text == ".." || is_dots_for_some(text),
        Segment::Capture { prefix, .. } => prefix.contains(';') && is_dots_for_some(prefix),
        Segment::CatchAll { .. } => false,
    }
}

fn capture_name(name: &str) -> Result<String, Flaw> {
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name { Ok(name.to_owned()) } else { Err(flaw!("`{name}` is no name for a capture: letters, digits and `_`")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> PathPattern {
        PathPattern::parse(text).unwrap()
    }

    fn captured(text: &str, path: &str) -> Option<Vec<(String, String)>> {
        pattern(text).captures(path).map(|captures| {
            captures.all().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        })
    }

    #[test]
    fn captures_are_whole_segments_that_are_not_empty() {
        let pairs =
            |pairs: &[(&str, &str)]| Some(pairs.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect::<Vec<_>>());
        assert_eq!(
            captured("/users/{user}/{*rest}", "/users/a b/c/d.png"),
            pairs(&[("user", "a b"), ("rest", "c/d.png")])
        );
        assert_eq!(captured("/f/{id}.png", "/f/1.png"), pairs(&[("id", "1")]));
        assert_eq!(captured("/", "/"), pairs(&[]));
        for (text, path) in [
            ("/users/{user}", "/users/"),
            ("/users/{user}", "/users/a/"),
            ("/users/{user}", "/users/a/b"),
            ("/users/{user}/{*rest}", "/users/a/"),
            ("/users/{user}/{*rest}", "/users/a"),
            ("/users", "/users/"),
            ("/users", "/Users"),
            ("/f/{id}.png", "/f/.png"),
            ("/f/{id}.png", "/f/a/b.png"),
            ("/{*rest}", "/"),
        ] {
            assert_eq!(captured(text, path), None, "{text} {path}");
        }
    }

    #[test]
    fn what_no_canonical_path_can_match_is_refused() {
        for text in [
            "",
            "users",
            "/a//b",
            "//",
            "/./a",
            "/a/..",
            "/a%20b",
            "/a?b",
            "/a#b",
            "/a\\b",
            "/a\nb",
            "/images/*",
            "/*",
            "/{*rest}/a",
            "/a{*rest}",
            "/{}",
            "/{*}",
            "/{a}{b}",
            "/{a}/{a}",
            "/{a b}",
            "/{a",
            "/a}",
            "/{{a}}",
            "/{1}",
        ] {
            assert!(PathPattern::parse(text).is_err(), "{text}");
        }
    }
}
