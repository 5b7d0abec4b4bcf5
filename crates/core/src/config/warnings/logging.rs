//! What is said about the log, but has no effect.

use crate::config::problem::Problem;
use crate::config::{LogLevel, Logging};

pub(super) fn about_logging(logging: Logging) -> Vec<Problem> {
    let Logging { level, info_share, debug_share, .. } = logging;
    let mut problems = Vec::new();
    if info_share < 1.0 && level == LogLevel::Error {
        problems.push(unheard("logSample.info", level));
    }
    if debug_share < 1.0 && level != LogLevel::Debug {
        problems.push(unheard("logSample.debug", level));
    }
    problems
}

fn unheard(place: &str, level: LogLevel) -> Problem {
    Problem::new(place, format!("nothing is logged at this level, since `logLevel` is `{}`", level.as_str()))
}
