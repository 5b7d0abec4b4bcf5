//! The configuration: from the text of `authorizer.json` to parts that are ready to decide.

mod compile;
mod document;
mod policy;
mod problem;
mod provider;
mod read;
mod token;
mod warnings;

pub use problem::Problem;

use crate::credentials::TokenSource;
use crate::forward::Forwarding;
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
        compile::compile(read::read(text).map_err(|problem| vec![problem])?)
    }
}
