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
    /// Deliberate opt-outs and doubtful things, for `check` and for the log at start.
    pub(crate) warnings: Vec<Problem>,
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
    /// Reads a configuration. An error holds everything that is wrong in it, not only the first thing.
    pub(crate) fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let result = read(text).and_then(compile::compile);
        let located = |problem: Problem| Problem {
            position: problem.position.or_else(|| locate::locate(text, &problem.place)),
            ..problem
        };
        match result {
            Ok(mut configuration) => {
                configuration.warnings = warnings::of(&configuration).into_iter().map(located).collect();
                Ok(configuration)
            }
            Err(problems) => Err(problems.into_iter().map(located).collect()),
        }
    }
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
