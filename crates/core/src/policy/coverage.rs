//! What patterns have in common and leave for each other: for `check`, which warns of rules that are never reached, that leave
//! a gap, or that open what another guards.

use crate::path_pattern::{PathPattern, Segment};

impl PathPattern {
    /// Whether each path that `other` matches is matched by this one. Errs on the side of no.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        for (index, segment) in self.segments().iter().enumerate() {
            let Some(theirs) = other.segments().get(index) else {
                return false;
            };
            if let Segment::CatchAll { .. } = segment {
                return *theirs != Segment::Literal(String::new());
            }
            if !segment.covers(theirs) {
                return false;
            }
        }
        self.segments().len() == other.segments().len()
    }

    /// Whether some path is matched by both.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let (mut ours, mut theirs) = (self.segments().iter(), other.segments().iter());
        loop {
            match (ours.next(), theirs.next()) {
                (None, None) => return true,
                // What is left is not empty, unless it is what follows a `/` at the end.
                (Some(Segment::CatchAll { .. }), Some(left)) | (Some(left), Some(Segment::CatchAll { .. })) => {
                    return *left != Segment::Literal(String::new());
                }
                (Some(one), Some(another)) if one.overlaps(another) => {}
                _ => return false,
            }
        }
    }

    /// Whether it is for a part of the site, which its first segment names.
    pub(crate) fn begins_with_text(&self) -> bool {
        self.segments().len() > 1 && matches!(self.segments().first(), Some(Segment::Literal(_)))
    }

    /// Whether it is for each path but `/`.
    pub(crate) fn is_for_everything(&self) -> bool {
        matches!(self.segments(), [Segment::CatchAll { .. }])
    }

    /// What it does not match though many think so: for `/a/{*rest}` the paths `/a/` and `/a`, for `/a/` all that is below; for
    /// others nothing.
    pub(crate) fn beside(&self) -> impl Iterator<Item = Self> {
        let text = self.to_string();
        let patterns = match self.segments() {
            [.., Segment::CatchAll { .. }] => {
                text.rsplit_once('/').map(|(stem, _)| vec![format!("{stem}/"), stem.to_owned()]).unwrap_or_default()
            }
            [_, .., Segment::Literal(last)] if last.is_empty() => vec![format!("{text}{{*rest}}")],
            _ => Vec::new(),
        };
        patterns.into_iter().filter_map(|pattern| Self::parse(&pattern).ok())
    }
}

impl Segment {
    fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Capture { prefix, suffix, .. },
                Self::Capture { prefix: their_prefix, suffix: their_suffix, .. },
            ) => {
                (prefix.starts_with(their_prefix.as_str()) || their_prefix.starts_with(prefix.as_str()))
                    && (suffix.ends_with(their_suffix.as_str()) || their_suffix.ends_with(suffix.as_str()))
            }
            (Self::Literal(_), Self::Capture { .. }) => other.covers(self),
            _ => self.covers(other),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> PathPattern {
        PathPattern::parse(text).unwrap()
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
    fn what_is_beside_a_pattern_is_what_it_seems_to_match() {
        let beside = |text| pattern(text).beside().map(|pattern| pattern.to_string()).collect::<Vec<_>>();
        assert_eq!(beside("/a/{b}/{*c}"), ["/a/{b}/", "/a/{b}"]);
        assert_eq!(beside("/{*rest}"), ["/"]);
        assert_eq!(beside("/a/"), ["/a/{*rest}"]);
        for text in ["/", "/a", "/a/{b}", "/{rest}/"] {
            assert_eq!(beside(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn overlapping_means_that_a_path_is_matched_by_both() {
        let patterns = [
            "/",
            "/a",
            "/a/",
            "/a/b",
            "/a/{x}",
            "/{x}/b",
            "/{*r}",
            "/a/{*r}",
            "/a/{x}.b",
            "/{x}/{y}/{*r}",
            "/a/b/c",
            "/a/b{x}",
        ];
        let paths =
            ["/", "/a", "/a/", "/a/b", "/b/b", "/a/x.b", "/a/b/c", "/z/y/x/w", "/a/.b", "/a/bx.b", "/b/", "/a/b/"];
        for (one, another) in patterns.iter().flat_map(|one| patterns.map(|another| (pattern(one), pattern(another)))) {
            let shared = paths.iter().any(|&path| one.captures(path).is_some() && another.captures(path).is_some());
            assert_eq!(one.overlaps(&another), shared, "{one} {another}");
        }
    }
}
