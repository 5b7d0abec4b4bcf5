//! How a claim is compared with a value.

use super::template::Template;
use super::transform::Transforms;
use super::verdict::Verdict;
use crate::json::{self, Items, Json, Number};
use crate::path_pattern::Captures;

/// What a claim has to be.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// This value.
    Equals(Expected),
    /// One of these values.
    OneOf(Vec<Expected>),
    /// An array that has this value in it.
    Contains(Expected),
    /// A string that begins with this one.
    StartsWith(Template),
}

/// A value to compare with.
#[derive(Debug, Clone)]
pub(crate) enum Expected {
    Text(Template),
    Number(Number),
    Bool(bool),
}

impl Test {
    /// Compares a claim that is there. Its strings are transformed first.
    pub(super) fn judge(&self, claim: Json<'_>, transforms: &Transforms, captures: &Captures<'_>) -> Verdict {
        match self {
            Self::Equals(expected) => expected.judge(claim, transforms, captures),
            Self::OneOf(expected) => {
                first_met(expected.iter().map(|expected| expected.judge(claim, transforms, captures)))
            }
            Self::Contains(expected) => match claim {
                Json::Array(items) => expected.judge_items(items, transforms, captures),
                _ => Verdict::Undecidable,
            },
            Self::StartsWith(beginning) => match claim {
                Json::String(actual) => {
                    let beginning = beginning.fill(captures);
                    Verdict::of(beginning.is_some_and(|beginning| transforms.apply(actual).starts_with(&*beginning)))
                }
                _ => Verdict::Undecidable,
            },
        }
    }

    pub(super) fn describe(&self, captures: &Captures<'_>) -> String {
        match self {
            Self::Equals(expected) => format!("equals {}", expected.describe(captures)),
            Self::OneOf(expected) => {
                let expected: Vec<_> = expected.iter().map(|expected| expected.describe(captures)).collect();
                format!("is one of {}", expected.join(", "))
            }
            Self::Contains(expected) => format!("contains {}", expected.describe(captures)),
            Self::StartsWith(beginning) => format!("starts with {}", filled(beginning, captures)),
        }
    }
}

impl Expected {
    fn judge(&self, actual: Json<'_>, transforms: &Transforms, captures: &Captures<'_>) -> Verdict {
        Verdict::of(match (self, actual) {
            (Self::Text(template), Json::String(actual)) => {
                template.fill(captures).is_some_and(|text| text == transforms.apply(actual))
            }
            (Self::Number(expected), Json::Number(actual)) => *expected == actual,
            (Self::Bool(expected), Json::Bool(actual)) => *expected == actual,
            _ => return Verdict::Undecidable,
        })
    }

    /// Whether one of the items is it. A text is filled in once: who asks chooses how long a capture is, which may have to be
    /// hashed, and a token may have thousands of items.
    fn judge_items(&self, items: Items<'_>, transforms: &Transforms, captures: &Captures<'_>) -> Verdict {
        let Self::Text(template) = self else {
            return first_met(items.iter().map(|item| self.judge(item, transforms, captures)));
        };
        let Some(text) = template.fill(captures) else {
            return Verdict::Undecidable;
        };
        let mut texts = items.iter().filter_map(Json::as_str);
        match transforms.is_empty() {
            true => has_text(items, &text),
            false if texts.any(|item| transforms.apply(item) == text) => Verdict::Met,
            false => unmet(items),
        }
    }

    fn describe(&self, captures: &Captures<'_>) -> String {
        match self {
            Self::Text(template) => filled(template, captures),
            Self::Number(number) => json::display(Json::Number(*number)),
            Self::Bool(flag) => json::display(Json::Bool(*flag)),
        }
    }
}

/// Whether one of the items is this text.
pub(super) fn has_text(items: Items<'_>, text: &str) -> Verdict {
    if items.has(text) { Verdict::Met } else { unmet(items) }
}

/// None of the items is the text. One that is no string cannot be compared, and might stand for it.
fn unmet(items: Items<'_>) -> Verdict {
    if items.are_strings() { Verdict::of(false) } else { Verdict::Undecidable }
}

/// Met if one is; undecidable if one is, and none met.
fn first_met(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut result = Verdict::of(false);
    for verdict in verdicts {
        match verdict {
            Verdict::Met => return Verdict::Met,
            Verdict::Undecidable => result = Verdict::Undecidable,
            Verdict::Unmet { .. } => {}
        }
    }
    result
}

fn filled(template: &Template, captures: &Captures<'_>) -> String {
    json::quoted(&template.fill(captures).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse_json;
    use crate::path_pattern::PathPattern;

    /// Whoever asks chooses what is captured: to hash it for each item of the token would take minutes here.
    #[test]
    fn what_an_array_has_to_contain_is_filled_in_once() {
        let path = format!("/{}", "a".repeat(100_000));
        let pattern = PathPattern::parse("/{user}").unwrap();
        let captures = pattern.captures(&*path).unwrap();
        let test = Test::Contains(Expected::Text(Template::parse("{user|sha256}", &["user"]).unwrap()));
        let claim = parse_json(&format!("[{}\"\"]", "\"\",".repeat(100_000))).unwrap();
        assert_eq!(test.judge(claim.root(), &Transforms::default(), &captures), Verdict::of(false));
    }
}
