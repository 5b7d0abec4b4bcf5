//! What is wrong in a configuration: where, what, and what would be right.

use std::fmt;

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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)
    }
}

/// The problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn add(&mut self, place: impl Into<String>, message: impl Into<String>) {
        let message = message.into().chars().map(visible).collect();
        self.0.push(Problem { place: place.into().chars().map(visible).collect(), position: None, message });
    }

    /// The value of `result`, or its error noted at `place`.
    pub(super) fn take<T>(&mut self, place: &str, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.add(place, message)).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_vec(self) -> Vec<Problem> {
        self.0
    }
}

/// A problem is one line: what would break it stands for itself no longer.
fn visible(character: char) -> char {
    if character.is_control() { char::REPLACEMENT_CHARACTER } else { character }
}

/// The one of `known` that is nearest to `word`, if any is near enough to have been meant.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let distances = known
        .into_iter()
        .map(|candidate| (edit_distance(&word.to_ascii_lowercase(), &candidate.to_ascii_lowercase()), candidate));
    let (distance, candidate) = distances.min()?;
    (distance <= 1 + candidate.len() / 3).then_some(candidate)
}

/// How many insertions, deletions and substitutions lead from one word to the other (Wagner and Fischer, 1974).
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

#[cfg(test)]
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
