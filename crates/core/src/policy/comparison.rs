//! How a claim is compared with a value.

use serde_json::{Number, Value};

use super::template::Template;
use super::transform::Transforms;
use super::verdict::Verdict;
use crate::json;
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
    /// A number or a boolean.
    Exact(Value),
}

impl Test {
    /// Compares a claim that is there. Its strings are transformed first.
    pub(super) fn judge(&self, claim: &Value, transforms: &Transforms, captures: &Captures<'_>) -> Verdict {
        match self {
            Self::Equals(expected) => expected.judge(claim, transforms, captures),
            Self::OneOf(expected) => {
                first_met(expected.iter().map(|expected| expected.judge(claim, transforms, captures)))
            }
            Self::Contains(expected) => match claim {
                Value::Array(items) => first_met(items.iter().map(|item| expected.judge(item, transforms, captures))),
                _ => Verdict::Undecidable,
            },
            Self::StartsWith(beginning) => match claim {
                Value::String(actual) => {
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
    fn judge(&self, actual: &Value, transforms: &Transforms, captures: &Captures<'_>) -> Verdict {
        Verdict::of(match (self, actual) {
            (Self::Text(template), Value::String(actual)) => {
                template.fill(captures).is_some_and(|text| text == transforms.apply(actual))
            }
            (Self::Exact(Value::Number(expected)), Value::Number(actual)) => are_equal(expected, actual),
            (Self::Exact(Value::Bool(expected)), Value::Bool(actual)) => expected == actual,
            _ => return Verdict::Undecidable,
        })
    }

    fn describe(&self, captures: &Captures<'_>) -> String {
        match self {
            Self::Text(template) => filled(template, captures),
            Self::Exact(value) => json::display(value),
        }
    }
}

/// `1.0` and `1` are one number (RFC 8259 knows no integers).
fn are_equal(one: &Number, other: &Number) -> bool {
    one == other || ((one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64())
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
