//! What one pattern leaves for another: for `check`, which warns of rules that are never reached or that leave a gap.

use super::pattern::{PathPattern, Segment};

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

    /// For `/a/{*rest}` the paths `/a` and `/a/`, which it does not match though many think so; for others nothing.
    pub(crate) fn stems(&self) -> impl Iterator<Item = Self> {
        let stem = match self.segments().last() {
            Some(Segment::CatchAll { .. }) => self.to_string().rsplit_once('/').map(|(stem, _)| stem.to_owned()),
            _ => None,
        };
        let paths = stem.into_iter().flat_map(|stem| [format!("{stem}/"), stem]).filter(|path| !path.is_empty());
        paths.filter_map(|path| Self::parse(&path).ok())
    }
}

impl Segment {
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
}
