//! For `explain`: why each rule did or did not decide. It asks the rules in order, without the index that decisions use.

use super::{Host, Method, Policy, Rule};
use crate::json;
use crate::path::CanonicalPath;
use crate::path_pattern::{Captures, PathPattern};
use crate::trace::{StepOutcome, Trace};

impl Policy {
    /// Notes what is true of each rule, as far as the one that decides.
    pub(super) fn note_rules(
        &self,
        method: Option<Method>,
        host: Option<&Host>,
        path: &CanonicalPath,
        trace: &mut Trace,
    ) {
        for (rule, after) in self.rules.iter().zip((0..self.rules.len()).rev()) {
            let name = &rule.name;
            match rule.mismatch(method, host, path) {
                Ok(captures) => {
                    let captures = described(&captures);
                    trace.note(StepOutcome::Met, || format!("rule `{name}` decides: path `{}`{captures}", rule.path));
                    if after > 0 {
                        trace.note(StepOutcome::Skipped, || format!("rules after it: {after}, not looked at"));
                    }
                    return;
                }
                Err(why) => trace.note(StepOutcome::Skipped, || format!("rule `{name}`: {why}")),
            }
        }
    }
}

impl Rule {
    /// What the captures stand for, or why the rule does not match.
    fn mismatch(
        &self,
        method: Option<Method>,
        host: Option<&Host>,
        path: &CanonicalPath,
    ) -> Result<Captures<'_>, String> {
        let elsewhere = || format!("not of path `{}`{}", self.path, beside(&self.path, path));
        let captures = self.path.captures(path.as_str()).ok_or_else(elsewhere)?;
        if !self.is_for(host) {
            let hosts: Vec<_> = self.hosts.iter().map(ToString::to_string).collect();
            return Err(format!("path `{}`, but for {} only", self.path, hosts.join(", ")));
        }
        if method.is_none_or(|method| !self.methods.contain(method)) {
            return Err(format!("path `{}`, but for {} only", self.path, self.methods));
        }
        Ok(captures)
    }
}

/// Why a pattern does not match a path that it seems to match.
#[cfg(feature = "tooling")]
fn beside(pattern: &PathPattern, path: &CanonicalPath) -> String {
    let Some(beside) = pattern.beside().find(|beside| beside.captures(path.as_str()).is_some()) else {
        return String::new();
    };
    match pattern.to_string().rsplit_once('/') {
        Some((_, rest)) if !rest.is_empty() => format!(": `{rest}` is never empty, `{beside}` needs a rule of its own"),
        _ => format!(", which is this one path only: below it is `{beside}`"),
    }
}

/// There is no record.
#[cfg(not(feature = "tooling"))]
fn beside(_pattern: &PathPattern, _path: &CanonicalPath) -> &'static str {
    ""
}

/// `, {user} is "alice"`
fn described(captures: &Captures<'_>) -> String {
    captures.all().into_iter().map(|(name, value)| format!(", {{{name}}} is {}", json::quoted(value))).collect()
}
