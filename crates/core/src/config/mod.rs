//! The configuration: from the text of `authorizer.json` to parts that are ready to decide.

mod compile;
mod document;
mod locate;
mod policy;
mod problem;
mod provider;
mod reader;
mod token;
mod warnings;

pub use problem::Problem;

use document::Document;
use problem::Problems;

use crate::credentials::TokenSource;
use crate::forward::Forwarding;
use crate::json;
use crate::policy::Policy;
use crate::provider::Provider;

/// A configuration without errors.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) authorization: Authorization,
    pub(crate) providers: Vec<Provider>,
    pub(crate) token_sources: Vec<TokenSource>,
    pub(crate) policy: Policy,
    pub(crate) forwarding: Forwarding,
    pub(crate) log_level: LogLevel,
}

/// Whether anything is authorized at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Authorization {
    On,
    /// `"authorization": "off"`: every request passes.
    Off,
}

/// What the host logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// What is broken.
    Error,
    /// Refusals as well. The default.
    Info,
    /// Every decision.
    Debug,
}

impl LogLevel {
    pub(crate) const ALL: [Self; 3] = [Self::Error, Self::Info, Self::Debug];

    /// The name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

impl Configuration {
    /// Reads a configuration. First names and types, then, where these are right, meanings: an error holds all that is wrong
    /// of the one or the other, not only the first thing.
    pub(crate) fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        read(text).and_then(compile::compile).map_err(|problems| located(text, problems))
    }

    /// Everything that is allowed, but doubtful; `text` is what it was read from. Compares each rule with all before it.
    pub(crate) fn warnings(&self, text: &str) -> Vec<Problem> {
        located(text, [warnings::opt_outs(self), warnings::about_rules(self.policy.rules())].concat())
    }

    /// What is deliberately not checked, for the log at start.
    pub(crate) fn opt_outs(&self) -> Vec<Problem> {
        warnings::opt_outs(self)
    }
}

fn located(text: &str, problems: Vec<Problem>) -> Vec<Problem> {
    let located = |problem: Problem| Problem {
        position: problem.position.or_else(|| locate::locate(text, &problem.place)),
        ..problem
    };
    problems.into_iter().map(located).collect()
}

fn read(text: &str) -> Result<Document, Vec<Problem>> {
    let value = json::parse(text.as_bytes()).map_err(|error| {
        let message = format!("not the JSON that a configuration is written in: {}", error.message());
        vec![Problem { place: String::new(), position: error.position(), message }]
    })?;
    let mut problems = Problems::default();
    match Document::read(&value, &mut problems) {
        Some(document) if problems.is_empty() => Ok(document),
        _ => Err(problems.into_vec()),
    }
}
