//! Which rules can match a path, without asking each of them.
//!
//! A router answers with the most specific of its patterns; a policy wants the first of its rules. So the router is an
//! index only: it names some pattern that matches a path, and with that come, in order, all rules that may match a path
//! which that pattern matches. They are then asked themselves.
//!
//! Nothing rests on how the router searches: what it names is asked whether it really matches, and where it names nothing
//! every rule is asked.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::fmt;

use matchit::Router;

use super::Rule;

pub(crate) struct Routes {
    index: Router<usize>,
    shapes: Vec<Shape>,
}

/// All rules whose patterns match the same paths.
struct Shape {
    /// One of them.
    rule: usize,
    /// The rules that may match a path of this shape, found when the first such path comes: finding them for every
    /// shape at start would take the square of their number.
    candidates: OnceCell<Vec<usize>>,
}

impl Routes {
    pub(crate) fn new(rules: &[Rule]) -> Self {
        let mut routes = Self { index: Router::new(), shapes: Vec::new() };
        let mut seen = BTreeSet::new();
        for (rule, path) in rules.iter().map(|rule| &rule.path).enumerate() {
            // A pattern that the router cannot take beside the others is found by asking every rule.
            if path.has_whole_captures()
                && seen.insert(path.shape())
                && routes.index.insert(path.shape(), routes.shapes.len()).is_ok()
            {
                routes.shapes.push(Shape { rule, candidates: OnceCell::new() });
            }
        }
        routes
    }

    /// The rules that may match `path`, in order: all that do are among them.
    pub(crate) fn candidates<'r>(&'r self, rules: &'r [Rule], path: &str) -> Box<dyn Iterator<Item = &'r Rule> + 'r> {
        let shape = self.index.at(path).ok().and_then(|matched| self.shapes.get(*matched.value));
        let matching = shape.filter(|shape| rules.get(shape.rule).is_some_and(|rule| rule.path.matches(path)));
        match matching {
            Some(shape) => {
                let candidates = shape.candidates.get_or_init(|| overlapping(rules, shape.rule));
                Box::new(candidates.iter().filter_map(|index| rules.get(*index)))
            }
            None => Box::new(rules.iter()),
        }
    }
}

fn overlapping(rules: &[Rule], with: usize) -> Vec<usize> {
    let Some(with) = rules.get(with) else {
        return Vec::new();
    };
    let overlaps = rules.iter().enumerate().filter(|(_, rule)| rule.path.may_overlap(&with.path));
    overlaps.map(|(index, _)| index).collect()
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Routes").field("shapes", &self.shapes.len()).finish_non_exhaustive()
    }
}
