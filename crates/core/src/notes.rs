//! What is noted on the way of a request.

use crate::decision::Context;
use crate::trace::{StepOutcome, Trace};

/// Notes of one decision.
pub(crate) struct Notes<'n> {
    /// For the log.
    pub(crate) context: &'n mut Context,
    /// For `explain`.
    pub(crate) trace: &'n mut Trace,
}

impl Notes<'_> {
    /// [`Trace::within`], with notes of both kinds.
    pub(crate) fn within<T>(
        &mut self,
        text: impl FnOnce() -> String,
        inner: impl FnOnce(&mut Notes<'_>) -> T,
        outcome: impl FnOnce(&T) -> StepOutcome,
    ) -> T {
        let Self { context, trace } = self;
        trace.within(text, |trace| inner(&mut Notes { context, trace }), outcome)
    }
}
