//! Which rules can match a path, without asking each of them: a tree of the patterns' segments.
//!
//! The tree is an index only. It leads to every rule that may match, in the order of the rules; they are then asked
//! themselves, and the first that says yes decides.

use std::collections::BTreeMap;

use super::Rule;
use crate::path::split_segment;
use crate::path_pattern::Segment;

/// Where the patterns that begin with the same segments go on.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    literals: BTreeMap<String, Routes>,
    /// Below a segment that is captured, wholly or in part.
    captured: Option<Box<Routes>>,
    /// The rules whose pattern ends here. Indexes of rules ascend, here and below.
    ending: Vec<usize>,
    /// The rules whose pattern takes all that is left.
    catching_all: Vec<usize>,
}

impl Routes {
    pub(crate) fn new(rules: &[Rule]) -> Self {
        let mut routes = Self::default();
        for (index, rule) in rules.iter().enumerate() {
            routes.insert(rule.path.segments(), index);
        }
        routes
    }

    fn insert(&mut self, segments: &[Segment], rule: usize) {
        match segments.split_first() {
            None => self.ending.push(rule),
            Some((Segment::Literal(text), rest)) => {
                self.literals.entry(text.clone()).or_default().insert(rest, rule);
            }
            Some((Segment::Capture { .. }, rest)) => self.captured.get_or_insert_default().insert(rest, rule),
            Some((Segment::CatchAll { .. }, _)) => self.catching_all.push(rule),
        }
    }

    /// The rules that may match `path`, in order: all that do are among them.
    pub(crate) fn candidates<'r>(&'r self, path: &str) -> Candidates<'r> {
        let mut candidates = Candidates { lists: Vec::new() };
        if let Some(path) = path.strip_prefix('/') {
            self.collect(Some(path), &mut candidates.lists);
        }
        candidates
    }

    /// Goes down both ways at each segment: no deeper than the longest pattern, whatever the path.
    fn collect<'r>(&'r self, path: Option<&str>, lists: &mut Vec<&'r [usize]>) {
        let Some(path) = path else {
            lists.push(&self.ending);
            return;
        };
        if !self.catching_all.is_empty() {
            lists.push(&self.catching_all);
        }
        let (segment, rest) = split_segment(path);
        if let Some(below) = self.literals.get(segment) {
            below.collect(rest, lists);
        }
        if let Some(below) = &self.captured {
            below.collect(rest, lists);
        }
    }
}

/// Indexes of rules, the lowest first, out of lists that each ascend. No rule is in two.
pub(crate) struct Candidates<'r> {
    lists: Vec<&'r [usize]>,
}

impl Iterator for Candidates<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let list = self.lists.iter_mut().filter(|list| !list.is_empty()).min_by_key(|list| list.first().copied())?;
        let (first, rest) = list.split_first()?;
        *list = rest;
        Some(*first)
    }
}
