//! The configuration: from the text of `authorizer.json` to parts that are ready to decide.

mod answers;
mod claims_header;
mod compile;
mod configuration;
mod document;
mod endpoint;
mod key_times;
#[cfg(feature = "tooling")]
mod locate;
mod logging;
mod methods;
mod names;
mod not_json;
mod opt_outs;
mod policy;
mod problem;
mod provider;
mod reader;
mod requirement;
mod secret;
mod sign;
mod sign_in;
mod sign_in_document;
mod token;
#[cfg(feature = "tooling")]
mod warnings;

pub(crate) use configuration::{Authorization, Configuration};
#[cfg(feature = "tooling")]
pub(crate) use locate::locate;
pub use logging::{LogLevel, Logging};
pub use problem::Problem;

use document::Document;
use problem::Problems;

use crate::flaw::flaw;
use crate::json::{self, JsonError};

impl Configuration {
    /// Reads a configuration; an error holds all that is wrong with it, not only the first thing.
    pub(crate) fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let value = json::parse(text.into()).map_err(|error| not_json(text, &error, &mut problems)).ok();
        let document = value.as_ref().and_then(|value| Document::read(value.root(), &mut problems));
        let configuration = document.and_then(|document| compile::compile(document, &mut problems));
        let configuration = configuration.ok_or_else(|| located(text, problems.into_vec()))?;
        Ok(Self { opt_outs: opt_outs::opt_outs(&configuration), ..configuration })
    }

    /// Everything that is allowed, but doubtful; `text` is what it was read from.
    #[cfg(feature = "tooling")]
    pub(crate) fn warnings(&self, text: &str) -> Vec<Problem> {
        located(text, warnings::warnings(self))
    }
}

#[cfg(feature = "tooling")]
fn located(text: &str, problems: Vec<Problem>) -> Vec<Problem> {
    let located =
        |problem: Problem| Problem { position: problem.position.or_else(|| locate(text, &problem.place)), ..problem };
    problems.into_iter().map(located).collect()
}

/// Without words there is no use for a place.
#[cfg(not(feature = "tooling"))]
fn located(_text: &str, problems: Vec<Problem>) -> Vec<Problem> {
    problems
}

fn not_json(text: &str, error: &JsonError, problems: &mut Problems) {
    #[cfg(feature = "tooling")]
    if let Some((position, name)) = locate::duplicate(text) {
        problems.add_at(Some(position), flaw!("`{name}` is named twice in one object: which one counts?"));
        return;
    }
    let flaw = match (text.trim().is_empty(), not_json::looks_like(text, error.position())) {
        (true, _) => "the file is empty: a configuration is a JSON object with `providers` and `rules`".into(),
        (_, Some(what)) => flaw!("not the JSON that a configuration is written in: {what}"),
        _ => flaw!("not the JSON that a configuration is written in: {}", error.message()),
    };
    problems.add_at(error.position(), flaw);
}
