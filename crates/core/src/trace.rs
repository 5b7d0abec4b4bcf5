//! A record of how a decision came about, for `explain`.
//!
//! It is kept only in the module of the command line (feature `tooling`). Without, nothing is left of it, neither texts nor
//! the time to make them.

/// One line of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How deep the line is indented below the one that it belongs to.
    pub depth: usize,
    /// What came of it.
    pub outcome: StepOutcome,
    /// One sentence. Names claims that the configuration names, and their values, but never a token or a secret.
    pub text: String,
}

/// What came of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// It holds.
    Met,
    /// It does not hold.
    Unmet,
    /// It was not needed.
    Skipped,
    /// A fact, neither good nor bad.
    Info,
}

/// The record, or its absence.
#[derive(Debug, Default)]
pub struct Trace {
    #[cfg(feature = "tooling")]
    steps: Option<Vec<Step>>,
    #[cfg(feature = "tooling")]
    depth: usize,
}

impl Trace {
    /// Records nothing.
    pub fn off() -> Self {
        Self::default()
    }
}

#[cfg(feature = "tooling")]
impl Trace {
    /// Records each step.
    pub fn on() -> Self {
        Self { steps: Some(Vec::new()), depth: 0 }
    }

    /// The steps so far.
    pub fn into_steps(self) -> Vec<Step> {
        self.steps.unwrap_or_default()
    }

    /// Steps that it takes work to find out.
    pub(crate) fn record(&mut self, steps: impl FnOnce(&mut Self)) {
        if self.steps.is_some() {
            steps(self);
        }
    }

    pub(crate) fn note(&mut self, outcome: StepOutcome, text: impl FnOnce() -> String) {
        if let Some(steps) = &mut self.steps {
            steps.push(Step { depth: self.depth, outcome, text: text() });
        }
    }

    /// A step whose outcome is that of the steps in it: recorded above them.
    pub(crate) fn within<T>(
        &mut self,
        text: impl FnOnce() -> String,
        inner: impl FnOnce(&mut Self) -> T,
        outcome: impl FnOnce(&T) -> StepOutcome,
    ) -> T {
        let index = self.steps.as_ref().map(Vec::len);
        self.note(StepOutcome::Info, text);
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        if let Some(step) = index.and_then(|index| self.steps.as_mut()?.get_mut(index)) {
            step.outcome = outcome(&result);
        }
        result
    }
}

#[cfg(not(feature = "tooling"))]
impl Trace {
    #[inline(always)]
    pub(crate) fn record(&mut self, _steps: impl FnOnce(&mut Self)) {}

    #[inline(always)]
    pub(crate) fn note(&mut self, _outcome: StepOutcome, _text: impl FnOnce() -> String) {}

    #[inline(always)]
    pub(crate) fn within<T>(
        &mut self,
        _text: impl FnOnce() -> String,
        inner: impl FnOnce(&mut Self) -> T,
        _outcome: impl FnOnce(&T) -> StepOutcome,
    ) -> T {
        inner(self)
    }
}
