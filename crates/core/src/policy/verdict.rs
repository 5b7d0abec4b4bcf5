//! What became of a requirement.

/// What became of a requirement, in Kleene's three-valued logic: what is there, but cannot be compared, makes its
/// requirement undecidable, and `not` of that is undecidable too. Only `Met` lets a request pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Met,
    /// `scopes`: the scopes that would be enough, if nothing but scopes is missing; else empty.
    Unmet {
        scopes: Vec<String>,
    },
    Undecidable,
}

impl Verdict {
    pub(super) fn of(is_met: bool) -> Self {
        if is_met { Self::Met } else { Self::Unmet { scopes: Vec::new() } }
    }
}
