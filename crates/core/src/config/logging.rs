//! `logLevel`, `logSample` and `metrics`: what the host writes into its log.

use super::problem::{Place, Problems, nearest};
use super::reader::{ObjectReader, number};
use crate::flaw::{Flaw, flaw};
use crate::json::Json;

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
    const ALL: [Self; 3] = [Self::Error, Self::Info, Self::Debug];

    /// The name in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// What goes into the log of the host, and how much of it. What is broken goes there in any case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Logging {
    /// The least urgent level.
    pub level: LogLevel,
    /// The share of the decisions at level `info` that is logged, from 0 to 1.
    pub info_share: f64,
    /// The share of the decisions at level `debug` that is logged, from 0 to 1.
    pub debug_share: f64,
    /// Whether decisions are counted, and the counts logged for Amazon CloudWatch to make metrics of.
    pub metrics: bool,
}

/// `logSample`, as it is written.
#[derive(Debug, Default)]
pub(super) struct LogSample {
    info: Option<f64>,
    debug: Option<f64>,
}

impl LogSample {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            info: object.read("info", number),
            debug: object.read("debug", number),
        })
    }
}

pub(super) fn logging(
    written_level: Option<&str>,
    sample: Option<LogSample>,
    metrics: Option<bool>,
    problems: &mut Problems,
) -> Option<Logging> {
    let level = problems.take(&Place::top("logLevel"), level(written_level));
    let LogSample { info, debug } = sample.unwrap_or_default();
    let info_share = problems.take(&Place::top("logSample").member("info"), share(info));
    let debug_share = problems.take(&Place::top("logSample").member("debug"), share(debug));
    let metrics = metrics.unwrap_or(false);
    Some(Logging { level: level?, info_share: info_share?, debug_share: debug_share?, metrics })
}

fn level(written: Option<&str>) -> Result<LogLevel, Flaw> {
    let Some(written) = written else {
        return Ok(LogLevel::Info);
    };
    let names = LogLevel::ALL.map(LogLevel::as_str);
    LogLevel::ALL.into_iter().find(|level| level.as_str() == written).ok_or_else(|| match nearest(written, names) {
        Some(near) => flaw!("unknown level `{written}`: did you mean `{near}`?"),
        None => flaw!("unknown level `{written}`: the levels are `{}`", names.join("`, `")),
    })
}

/// All unless said otherwise.
fn share(written: Option<f64>) -> Result<f64, Flaw> {
    let share = written.unwrap_or(1.0);
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err("a share is from 0 to 1: 0.01 for one of a hundred".into())
    }
}
