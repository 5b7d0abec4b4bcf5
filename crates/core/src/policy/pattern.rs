//! Path patterns: `/users/{user}/{*rest}`.

use std::fmt;

use matchit::Router;

use crate::percent;

/// A pattern for decoded paths. `{name}` stands for one segment, or a part of one, that is not empty; `{*name}` at the
/// end for the rest of the path, which is not empty either.
#[derive(Clone)]
pub(crate) struct PathPattern {
    text: String,
    segments: Vec<Segment>,
    /// The router for this pattern alone: what matches is matchit's word, never ours.
    matcher: Router<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Capture { prefix: String, name: String, suffix: String },
    CatchAll { name: String },
}

/// What the captures of a pattern stand for in one path, in the pattern's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Captures(Vec<(String, String)>);

impl Captures {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(capture, _)| capture == name).map(|(_, value)| value.as_str())
    }
}

impl PathPattern {
    /// Reads a pattern; the error says what would be right.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        check_literal_text(text)?;
        let path = text.strip_prefix('/').ok_or("a path pattern begins with `/`")?;
        let segments = path.split('/').map(Segment::parse).collect::<Result<Vec<_>, _>>()?;
        check_segments(&segments)?;

        let mut matcher = Router::new();
        matcher.insert(text, 0).map_err(|error| format!("not a path pattern: {error}"))?;
        Ok(Self { text: text.to_owned(), segments, matcher })
    }

    /// The captures, if the pattern matches the whole of `path`.
    pub(crate) fn captures(&self, path: &str) -> Option<Captures> {
        let matched = self.matcher.at(path).ok()?;
        let captures = matched.params.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some(Captures(captures.collect()))
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        self.matcher.at(path).is_ok()
    }

    /// Whether each capture stands for a segment or more, not for a part of one: the patterns that a router searches
    /// without losing its way.
    pub(crate) fn has_whole_captures(&self) -> bool {
        self.segments.iter().all(|segment| match segment {
            Segment::Capture { prefix, suffix, .. } => prefix.is_empty() && suffix.is_empty(),
            Segment::Literal(_) | Segment::CatchAll { .. } => true,
        })
    }

    /// For `/a/{*rest}` the paths `/a` and `/a/`, which it does not match though many think so; for others nothing.
    pub(crate) fn stems(&self) -> impl Iterator<Item = Self> {
        let stem = match self.segments.last() {
            Some(Segment::CatchAll { .. }) => self.text.rsplit_once('/').map(|(stem, _)| stem.to_owned()),
            _ => None,
        };
        let paths = stem.into_iter().flat_map(|stem| [format!("{stem}/"), stem]).filter(|path| !path.is_empty());
        paths.filter_map(|path| Self::parse(&path).ok())
    }

    /// The names of the captures.
    pub(crate) fn capture_names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(Segment::capture_name)
    }

    /// The pattern with its captures renamed, so that patterns which match the same paths are equal.
    pub(crate) fn shape(&self) -> String {
        let segments = self.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => text.clone(),
            Segment::Capture { prefix, suffix, .. } => format!("{prefix}{{one}}{suffix}"),
            Segment::CatchAll { .. } => "{*rest}".to_owned(),
        });
        // matchit compares names of captures only within one position, so the same name may stand for all.
        segments.fold(String::new(), |shape, segment| shape + "/" + &segment)
    }

    /// Whether some path may match both. Errs on the side of yes.
    pub(crate) fn may_overlap(&self, other: &Self) -> bool {
        let mut pairs = self.segments.iter().zip(&other.segments);
        let has_catch_all = |pattern: &Self| matches!(pattern.segments.last(), Some(Segment::CatchAll { .. }));
        let lengths_fit = self.segments.len() == other.segments.len()
            || (self.segments.len() < other.segments.len() && has_catch_all(self))
            || (self.segments.len() > other.segments.len() && has_catch_all(other));
        lengths_fit
            && pairs.all(|(one, another)| match (one, another) {
                (Segment::Literal(one), Segment::Literal(another)) => one == another,
                _ => true,
            })
    }

    /// Whether each path that `other` matches is matched by this one. Errs on the side of no.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        for (index, segment) in self.segments.iter().enumerate() {
            let Some(theirs) = other.segments.get(index) else {
                return false;
            };
            if let Segment::CatchAll { .. } = segment {
                return *theirs != Segment::Literal(String::new());
            }
            if !segment.covers(theirs) {
                return false;
            }
        }
        self.segments.len() == other.segments.len()
    }
}

impl Segment {
    fn parse(text: &str) -> Result<Self, String> {
        let Some((prefix, rest)) = text.split_once('{') else {
            if text.contains('}') {
                return Err("a `}` without `{` before it".to_owned());
            }
            if text.contains('*') {
                return Err(
                    "`*` alone is no wildcard: write `{name}` for one segment, `{*rest}` for the rest".to_owned()
                );
            }
            return Ok(Self::Literal(text.to_owned()));
        };
        let (name, suffix) = rest.split_once('}').ok_or("a `{` without `}` after it")?;
        if suffix.contains(['{', '}', '*']) || prefix.contains(['}', '*']) {
            return Err("a segment has one capture at most, and no `*` outside of it".to_owned());
        }
        match name.strip_prefix('*') {
            Some(name) if prefix.is_empty() && suffix.is_empty() => Ok(Self::CatchAll { name: capture_name(name)? }),
            Some(_) => Err("`{*name}` stands for whole segments: nothing may stand before or after it".to_owned()),
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

    fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Literal(ours), Self::Literal(theirs)) => ours == theirs,
            (Self::Capture { prefix, suffix, .. }, Self::Literal(text)) => {
                text.len() > prefix.len() + suffix.len()
                    && text.starts_with(prefix.as_str())
                    && text.ends_with(suffix.as_str())
            }
            (
                Self::Capture { prefix, suffix, .. },
                Self::Capture { prefix: their_prefix, suffix: their_suffix, .. },
            ) => their_prefix.starts_with(prefix.as_str()) && their_suffix.ends_with(suffix.as_str()),
            (Self::Literal(_) | Self::CatchAll { .. }, _) | (Self::Capture { .. }, Self::CatchAll { .. }) => false,
        }
    }
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
fn check_literal_text(text: &str) -> Result<(), String> {
    if percent::has_escape(text.as_bytes()) {
        return Err("patterns are compared with the decoded path: write ` ` for `%20`".to_owned());
    }
    if text.contains(['?', '#']) {
        return Err("a pattern is for the path only, without query or fragment".to_owned());
    }
    if text.contains('\\') || text.chars().any(char::is_control) {
        return Err("no canonical path has a backslash or a control character".to_owned());
    }
    Ok(())
}

fn check_segments(segments: &[Segment]) -> Result<(), String> {
    let (last, before) = segments.split_last().ok_or("a path pattern begins with `/`")?;
    for segment in before {
        match segment {
            Segment::Literal(text) if text.is_empty() => {
                return Err("no canonical path has an empty segment (`//`)".to_owned());
            }
            Segment::CatchAll { .. } => return Err("`{*name}` may only stand at the end".to_owned()),
            _ => {}
        }
    }
    if before
        .iter()
        .chain([last])
        .any(|segment| matches!(segment, Segment::Literal(text) if text == "." || text == ".."))
    {
        return Err("no canonical path has a dot segment".to_owned());
    }
    let names: Vec<_> = segments.iter().filter_map(Segment::capture_name).collect();
    match names.iter().enumerate().find(|(index, name)| names.iter().take(*index).any(|other| other == *name)) {
        Some((_, name)) => Err(format!("two captures are called `{name}`")),
        None => Ok(()),
    }
}

fn capture_name(name: &str) -> Result<String, String> {
    let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_name {
        Ok(name.to_owned())
    } else {
        Err(format!("`{name}` is no name for a capture: letters, digits and `_`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> PathPattern {
        PathPattern::parse(text).unwrap()
    }

    fn captured(text: &str, path: &str) -> Option<Vec<(String, String)>> {
        pattern(text).captures(path).map(|captures| captures.0)
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

    #[test]
    fn patterns_of_one_shape_are_equal() {
        assert_eq!(pattern("/a/{x}/{*y}").shape(), pattern("/a/{user}/{*rest}").shape());
        assert_ne!(pattern("/a/{x}").shape(), pattern("/a/{x}/").shape());
    }

    #[test]
    fn covering_means_that_nothing_is_left_for_the_other() {
        let covers = |ours, theirs| pattern(ours).covers(&pattern(theirs));
        assert!(covers("/{*rest}", "/a/{b}/{*c}"));
        assert!(covers("/a/{x}", "/a/b"));
        assert!(covers("/a/{x}", "/a/{y}.png"));
        assert!(covers("/a/{x}.png", "/a/b.png"));
        assert!(covers("/a", "/a"));
        assert!(!covers("/{*rest}", "/"));
        assert!(!covers("/a/{*rest}", "/a/"));
        assert!(!covers("/a/{*rest}", "/a"));
        assert!(!covers("/a/{x}", "/a/{*y}"));
        assert!(!covers("/a/{x}", "/a/"));
        assert!(!covers("/a/{x}.png", "/a/.png"));
        assert!(!covers("/a/b", "/a/{x}"));
        assert!(!covers("/a/{x}.png", "/a/{y}"));
    }

    #[test]
    fn overlap_never_misses_a_shared_path() {
        let patterns =
            ["/", "/a", "/a/", "/a/b", "/a/{x}", "/{x}/b", "/{*r}", "/a/{*r}", "/a/{x}.b", "/{x}/{y}/{*r}", "/a/b/c"];
        let paths = ["/", "/a", "/a/", "/a/b", "/b/b", "/a/x.b", "/a/b/c", "/z/y/x/w", "/a/.b"];
        for (one, another) in patterns.iter().flat_map(|one| patterns.map(|another| (pattern(one), pattern(another)))) {
            let shared = paths.iter().find(|path| one.captures(path).is_some() && another.captures(path).is_some());
            assert!(shared.is_none() || one.may_overlap(&another), "{one} {another} {shared:?}");
        }
        assert!(!pattern("/a/{x}").may_overlap(&pattern("/b/{x}")));
        assert!(!pattern("/a/{x}").may_overlap(&pattern("/a/{x}/c")));
    }
}
