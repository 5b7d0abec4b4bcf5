//! Requirements: what the claims of a token must say before a rule lets it pass.

use serde_json::{Number, Value};

use super::pattern::Captures;
use super::template::Template;
use crate::claims::ValidatedClaims;
use crate::json;
use crate::trace::{StepOutcome, Trace};

/// A condition on a token's claims.
#[derive(Debug, Clone)]
pub(crate) enum Requirement {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Claim {
        name: String,
        test: Test,
    },
    /// The provider's groups claim is an array that has this group in it.
    Group(Template),
    Scope(String),
}

/// How a claim is compared.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// The claim is this value.
    Equals(Expected),
    /// The claim is one of these values.
    OneOf(Vec<Expected>),
    /// The claim is an array that has this value in it.
    Contains(Expected),
}

/// A value to compare with.
#[derive(Debug, Clone)]
pub(crate) enum Expected {
    Text(Template),
    /// A number or a boolean.
    Exact(Value),
}

/// What a requirement is judged by.
pub(crate) struct Facts<'r> {
    pub(crate) claims: &'r ValidatedClaims,
    pub(crate) captures: &'r Captures,
    pub(crate) groups_claim: &'r str,
}

/// What became of a requirement, in Kleene's three-valued logic: a claim that is there, but of a type that cannot be
/// compared, makes its requirement undecidable, and `not` of that is undecidable too. Only `Met` lets a request pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Met,
    /// `scopes`: the scopes that would be enough, if nothing but scopes is missing; else empty.
    Unmet {
        scopes: Vec<String>,
    },
    Undecidable,
}

impl Requirement {
    pub(crate) fn judge(&self, facts: &Facts<'_>, trace: &mut Trace) -> Verdict {
        match self {
            Self::All(parts) => within(trace, "all of these", |trace| all(parts, facts, trace)),
            Self::Any(parts) => within(trace, "any of these", |trace| any(parts, facts, trace)),
            Self::Not(part) => within(trace, "not this", |trace| match part.judge(facts, trace) {
                Verdict::Met => unmet(),
                Verdict::Unmet { .. } => Verdict::Met,
                Verdict::Undecidable => Verdict::Undecidable,
            }),
            Self::Claim { name, test } => {
                let claim = facts.claims.get(name);
                let verdict = test.judge(claim, facts.captures);
                trace.note(step_outcome(&verdict), || {
                    format!("claim `{name}` {}: it is {}", test.describe(facts.captures), describe(claim))
                });
                verdict
            }
            Self::Group(group) => {
                let groups = facts.claims.get(facts.groups_claim);
                let test = Test::Contains(Expected::Text(group.clone()));
                let verdict = test.judge(groups, facts.captures);
                trace.note(step_outcome(&verdict), || {
                    format!(
                        "groups in `{}` {}: it is {}",
                        facts.groups_claim,
                        test.describe(facts.captures),
                        describe(groups)
                    )
                });
                verdict
            }
            Self::Scope(scope) => {
                let scopes = facts.claims.scopes();
                let verdict = match &scopes {
                    None => Verdict::Undecidable,
                    Some(scopes) if scopes.contains(&scope.as_str()) => Verdict::Met,
                    Some(_) => Verdict::Unmet { scopes: vec![scope.clone()] },
                };
                trace.note(step_outcome(&verdict), || match scopes {
                    Some(scopes) => format!("scope `{scope}`: the token has {scopes:?}"),
                    None => format!("scope `{scope}`: the token's scopes are no list"),
                });
                verdict
            }
        }
    }
}

impl Test {
    fn judge(&self, claim: Option<&Value>, captures: &Captures) -> Verdict {
        let Some(claim) = claim else {
            return unmet();
        };
        match self {
            Self::Equals(expected) => expected.judge(claim, captures),
            Self::OneOf(expected) => first_met(expected.iter().map(|expected| expected.judge(claim, captures))),
            Self::Contains(expected) => match claim {
                Value::Array(items) => first_met(items.iter().map(|item| expected.judge(item, captures))),
                _ => Verdict::Undecidable,
            },
        }
    }

    fn describe(&self, captures: &Captures) -> String {
        match self {
            Self::Equals(expected) => format!("equals {}", expected.describe(captures)),
            Self::OneOf(expected) => {
                let expected: Vec<_> = expected.iter().map(|expected| expected.describe(captures)).collect();
                format!("is one of {}", expected.join(", "))
            }
            Self::Contains(expected) => format!("contains {}", expected.describe(captures)),
        }
    }
}

impl Expected {
    fn judge(&self, actual: &Value, captures: &Captures) -> Verdict {
        let equal = match (self, actual) {
            (Self::Text(template), Value::String(actual)) => {
                template.fill(captures).is_some_and(|text| text == *actual)
            }
            (Self::Exact(Value::Number(expected)), Value::Number(actual)) => are_equal(expected, actual),
            (Self::Exact(Value::Bool(expected)), Value::Bool(actual)) => expected == actual,
            _ => return Verdict::Undecidable,
        };
        if equal { Verdict::Met } else { unmet() }
    }

    fn describe(&self, captures: &Captures) -> String {
        match self {
            Self::Text(template) => json::quoted(&template.fill(captures).unwrap_or_default()),
            Self::Exact(value) => json::display(value),
        }
    }
}

/// `1.0` and `1` are one number (RFC 8259 knows no integers).
fn are_equal(one: &Number, other: &Number) -> bool {
    one == other || ((one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64())
}

/// Met if each part is; the scopes that all the unmet parts ask for, if they ask for nothing else.
fn all(parts: &[Requirement], facts: &Facts<'_>, trace: &mut Trace) -> Verdict {
    let verdicts: Vec<_> = parts.iter().map(|part| part.judge(facts, trace)).collect();
    let unmet: Vec<_> = verdicts.iter().filter_map(missing_scopes).collect();
    if verdicts.iter().all(|verdict| *verdict == Verdict::Met) {
        Verdict::Met
    } else if unmet.is_empty() {
        Verdict::Undecidable
    } else if verdicts.contains(&Verdict::Undecidable) || unmet.iter().any(|scopes| scopes.is_empty()) {
        self::unmet()
    } else {
        Verdict::Unmet { scopes: unmet.concat() }
    }
}

/// Met if one part is; the scopes of the first part, if scopes alone would be enough.
fn any(parts: &[Requirement], facts: &Facts<'_>, trace: &mut Trace) -> Verdict {
    let verdicts: Vec<_> = parts.iter().map(|part| part.judge(facts, trace)).collect();
    if verdicts.contains(&Verdict::Met) {
        Verdict::Met
    } else if verdicts.contains(&Verdict::Undecidable) {
        Verdict::Undecidable
    } else {
        let scopes = verdicts.iter().filter_map(missing_scopes).find(|scopes| !scopes.is_empty());
        Verdict::Unmet { scopes: scopes.map(<[String]>::to_vec).unwrap_or_default() }
    }
}

fn first_met(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut result = unmet();
    for verdict in verdicts {
        match verdict {
            Verdict::Met => return Verdict::Met,
            Verdict::Undecidable => result = Verdict::Undecidable,
            Verdict::Unmet { .. } => {}
        }
    }
    result
}

fn missing_scopes(verdict: &Verdict) -> Option<&[String]> {
    match verdict {
        Verdict::Unmet { scopes } => Some(scopes),
        Verdict::Met | Verdict::Undecidable => None,
    }
}

fn unmet() -> Verdict {
    Verdict::Unmet { scopes: Vec::new() }
}

fn within(trace: &mut Trace, text: &str, judge: impl FnOnce(&mut Trace) -> Verdict) -> Verdict {
    trace.within(|| text.to_owned(), judge, step_outcome)
}

fn step_outcome(verdict: &Verdict) -> StepOutcome {
    match verdict {
        Verdict::Met => StepOutcome::Met,
        Verdict::Unmet { .. } | Verdict::Undecidable => StepOutcome::Unmet,
    }
}

/// A claim for `explain`.
fn describe(claim: Option<&Value>) -> String {
    claim.map_or_else(|| "not there".to_owned(), json::display)
}
