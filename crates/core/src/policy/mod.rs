//! The policy: ordered rules. The first one that matches path and method decides; where none does, nobody passes.

#[cfg(feature = "tooling")]
mod coverage;
mod method;
mod pattern;
mod requirement;
mod routes;
mod template;

pub(crate) use method::{Method, Methods};
pub(crate) use pattern::{Captures, PathPattern};
pub(crate) use requirement::{Expected, Facts, Requirement, Test, Verdict};
pub(crate) use template::Template;

use crate::path::CanonicalPath;
use crate::refusal::{Code, Refusal};
use crate::trace::{StepOutcome, Trace};
use routes::Routes;

/// One rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) path: PathPattern,
    pub(crate) methods: Methods,
    pub(crate) access: Access,
}

/// Whom a rule lets pass.
#[derive(Debug, Clone)]
pub(crate) enum Access {
    Anyone,
    /// Whoever has a valid token.
    Authenticated,
    /// Whoever has a valid token that meets the requirement.
    Requires(Requirement),
}

/// The rules, in order, with an index over their paths.
#[derive(Debug)]
pub(crate) struct Policy {
    rules: Vec<Rule>,
    routes: Routes,
}

/// The rule that a request comes under, and what its captures stand for.
pub(crate) struct RuleMatch<'p> {
    pub(crate) rule: &'p Rule,
    pub(crate) captures: Captures,
}

impl Policy {
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        let routes = Routes::new(&rules);
        Self { rules, routes }
    }

    #[cfg(feature = "tooling")]
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The first rule whose pattern and methods match.
    ///
    /// [`Code::NoRule`] where no pattern matches, [`Code::MethodNotAllowed`] where only the methods of those that do
    /// leave this one out.
    pub(crate) fn rule_for(
        &self,
        method: &str,
        path: &CanonicalPath,
        trace: &mut Trace,
    ) -> Result<RuleMatch<'_>, Refusal> {
        let method = Method::by_name(method);
        let mut allowed = Methods::NONE;
        for rule in self.routes.candidates(path.as_str()).filter_map(|index| self.rules.get(index)) {
            let Some(captures) = rule.path.captures(path.as_str()) else {
                continue;
            };
            if method.is_some_and(|method| rule.methods.contain(method)) {
                trace.note(StepOutcome::Info, || format!("rule `{}` matches: path `{}`", rule.name, rule.path));
                return Ok(RuleMatch { rule, captures });
            }
            trace.note(StepOutcome::Skipped, || format!("rule `{}` is for {} only", rule.name, rule.methods));
            allowed = allowed.and(rule.methods);
        }
        if allowed == Methods::NONE {
            return Err(Refusal::new(Code::NoRule, "no rule matches the path"));
        }
        let detail = format!("rules match the path, but for {allowed} only");
        Err(Refusal::new(Code::MethodNotAllowed, detail).wanting(allowed.names().map(str::to_owned).collect()))
    }
}

impl Rule {
    /// Whether the validated claims meet the rule.
    pub(crate) fn check(&self, facts: &Facts<'_>, trace: &mut Trace) -> Result<(), Refusal> {
        let Access::Requires(requirement) = &self.access else {
            return Ok(());
        };
        match requirement.judge(facts, trace) {
            Verdict::Met => Ok(()),
            Verdict::Unmet { scopes } if !scopes.is_empty() => {
                let detail = format!("the token lacks the scope `{}`", scopes.join(" "));
                Err(Refusal::new(Code::InsufficientScope, detail).wanting(scopes))
            }
            Verdict::Unmet { .. } => {
                Err(Refusal::new(Code::PolicyDenied, "the token does not meet the rule's requirements"))
            }
            Verdict::Undecidable => {
                let detail = "a claim that the rule compares is of a type that cannot be compared";
                Err(Refusal::new(Code::PolicyDenied, detail))
            }
        }
    }
}
