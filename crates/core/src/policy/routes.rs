//! Which rules can match a path, without asking each of them.
//!
//! A router answers with the most specific of its patterns; a policy wants the first of its rules. So the router is an
//! index only: of the patterns that match a path it names one, and with it come, in order, all rules that may match a
//! path which that pattern matches. They are then asked themselves.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt;

use matchit::Router;

use super::Rule;

pub(crate) struct Routes {
    index: Router<usize>,
    shapes: Vec<Shape>,
    /// Rules that the router could not take beside the others: `/{*rest}` beside `/{name}.png`, say.
    unindexed: Vec<usize>,
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
        let mut routes = Self { index: Router::new(), shapes: Vec::new(), unindexed: Vec::new() };
        let mut indexed = BTreeMap::new();
        for (rule, path) in rules.iter().map(|rule| &rule.path).enumerate() {
            let shape = path.shape();
            match indexed.get(&shape) {
                Some(true) => {}
                Some(false) => routes.unindexed.push(rule),
                None => {
                    let fits = routes.index.insert(shape.clone(), routes.shapes.len()).is_ok();
                    match fits {
                        true => routes.shapes.push(Shape { rule, candidates: OnceCell::new() }),
                        false => routes.unindexed.push(rule),
                    }
                    indexed.insert(shape, fits);
                }
            }
        }
        routes
    }

    /// The rules that may match `path`, in order: all that do are among them.
    pub(crate) fn candidates<'r>(&'r self, rules: &[Rule], path: &str) -> impl Iterator<Item = usize> + 'r {
        let shape = self.index.at(path).ok().and_then(|matched| self.shapes.get(*matched.value));
        let candidates = match shape {
            Some(shape) => shape.candidates.get_or_init(|| overlapping(rules, shape.rule)),
            None => &self.unindexed,
        };
        candidates.iter().copied()
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
        f.debug_struct("Routes").field("shapes", &self.shapes.len()).field("unindexed", &self.unindexed).finish()
    }
}
