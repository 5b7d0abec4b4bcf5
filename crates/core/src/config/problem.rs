//! What is wrong in a configuration: where, what, and what would be right.
//!
//! The words are for people who write a configuration, and for the module that the command line uses (feature `tooling`).
//! In the module at the edge a [`Flaw`] and a [`Place`] are empty: a configuration is checked before it is bundled, and the
//! words would be a tenth of the zip.

use std::fmt;

use crate::flaw::Flaw;
use crate::json;
use crate::one_line::one_line;

/// One thing that is wrong, or doubtful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is: `rules[2].match.path`. Empty for the file as a whole.
    pub place: String,
    /// Line and column in the text, counted from 1, where they are known.
    pub position: Option<(usize, usize)>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Problem {
    /// A problem is one line.
    pub(super) fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: one_line(&place.into()), position: None, message: one_line(&message.into()) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)
    }
}

/// Where in the configuration a value is: `rules[2].match.path`.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    #[cfg(feature = "tooling")]
    text: String,
    /// How much of the text is the place of the object or array around it.
    #[cfg(feature = "tooling")]
    around: usize,
}

#[cfg_attr(not(feature = "tooling"), expect(unused_variables))]
impl Place {
    /// The file as a whole.
    pub(super) fn root() -> Self {
        Self::default()
    }

    /// A member at the top.
    pub(super) fn top(name: &str) -> Self {
        Self::root().member(name)
    }

    #[inline]
    pub(super) fn member(&self, name: &str) -> Self {
        Self {
            #[cfg(feature = "tooling")]
            text: child(&self.text, name),
            #[cfg(feature = "tooling")]
            around: self.text.len(),
        }
    }

    #[inline]
    pub(super) fn item(&self, index: usize) -> Self {
        Self {
            #[cfg(feature = "tooling")]
            text: format!("{}[{index}]", self.text),
            #[cfg(feature = "tooling")]
            around: self.text.len(),
        }
    }
}

/// The place of a member: `rules[2].match`. Names that would be read wrongly stand in brackets.
pub(super) fn child(place: &str, name: &str) -> String {
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-$".contains(&byte));
    match (place, plain) {
        ("", true) => name.to_owned(),
        (_, true) => format!("{place}.{name}"),
        (_, false) => format!("{place}[{}]", json::of_text(name)),
    }
}

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    #[cfg(feature = "tooling")]
    found: Vec<Problem>,
    /// The places where a name or a type is wrong.
    #[cfg(feature = "tooling")]
    illegible: Vec<Place>,
    #[cfg(not(feature = "tooling"))]
    any: bool,
}

#[cfg(feature = "tooling")]
impl Problems {
    pub(super) fn add(&mut self, place: &Place, flaw: impl Into<Flaw>) {
        self.found.push(Problem::new(&place.text, flaw.into().message));
    }

    /// A name that nothing has, or a value of a wrong type: what it was meant to say is not known.
    pub(super) fn add_illegible(&mut self, place: &Place, flaw: Flaw) {
        self.illegible.push(place.clone());
        self.add(place, flaw);
    }

    /// A problem of the text itself, at a line and column.
    pub(super) fn add_at(&mut self, position: Option<(usize, usize)>, flaw: Flaw) {
        self.found.push(Problem { position, ..Problem::new("", flaw.message) });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// What an object lacks or means is not said of one with a member that could not be read: that may be what it lacks.
    pub(super) fn into_vec(self) -> Vec<Problem> {
        let Self { mut found, illegible } = self;
        found.retain(|problem| {
            let is_illegible = illegible.iter().any(|place| place.text == problem.place);
            is_illegible || !illegible.iter().any(|place| place.text.get(..place.around) == Some(&problem.place))
        });
        found
    }
}

#[cfg(not(feature = "tooling"))]
impl Problems {
    #[inline(always)]
    pub(super) fn add(&mut self, _place: &Place, _flaw: impl Into<Flaw>) {
        self.any = true;
    }

    #[inline(always)]
    pub(super) fn add_illegible(&mut self, _place: &Place, _flaw: Flaw) {
        self.any = true;
    }

    #[inline(always)]
    pub(super) fn add_at(&mut self, _position: Option<(usize, usize)>, _flaw: Flaw) {
        self.any = true;
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.any
    }

    pub(super) fn into_vec(self) -> Vec<Problem> {
        let problem = || Problem::new("", "not a valid configuration: `edge-authorizer check` says what is wrong");
        self.any.then(problem).into_iter().collect()
    }
}

impl Problems {
    /// The value of `result`, or its error noted at `place`.
    pub(super) fn take<T>(&mut self, place: &Place, result: Result<T, Flaw>) -> Option<T> {
        result.map_err(|flaw| self.add(place, flaw)).ok()
    }
}

/// The one of `known` that is nearest to `word`, if any is near enough to have been meant.
#[cfg(feature = "tooling")]
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let distances = known
        .into_iter()
        .map(|candidate| (edit_distance(&word.to_ascii_lowercase(), &candidate.to_ascii_lowercase()), candidate));
    let (distance, candidate) = distances.min()?;
    (distance <= 1 + candidate.len() / 3).then_some(candidate)
}

/// Only words would be made of it.
#[cfg(not(feature = "tooling"))]
pub(super) fn nearest<'k>(_word: &str, _known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    None
}

/// How many insertions, deletions and substitutions lead from one word to the other (Wagner and Fischer, 1974).
#[cfg(feature = "tooling")]
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, left) in from.chars().enumerate() {
        let mut next = vec![index + 1];
        for (column, right) in to.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let substituted = at(&row, column) + usize::from(left != *right);
            next.push(substituted.min(at(&row, column + 1) + 1).min(at(&next, column) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(all(test, feature = "tooling"))]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_finds_its_neighbour() {
        let known = ["issuer", "audience", "jwksUri", "jwks"];
        assert_eq!(nearest("isuer", known), Some("issuer"));
        assert_eq!(nearest("jwksuri", known), Some("jwksUri"));
        assert_eq!(nearest("jwks_uri", known), Some("jwksUri"));
        assert_eq!(nearest("audiences", known), Some("audience"));
        assert_eq!(nearest("colour", known), None);
    }
}
