//! The policy: ordered rules. The first one that matches host, path and method decides; where none does, nobody passes.

mod client_ip;
mod comparison;
#[cfg(feature = "tooling")]
mod coverage;
mod email;
mod host;
mod method;
mod record;
mod requirement;
mod routes;
mod template;
mod time_window;
mod transform;
mod verdict;

pub(crate) use client_ip::IpRange;
pub(crate) use comparison::{Expected, Test};
pub(crate) use host::{Host, HostPattern};
pub(crate) use method::{Method, Methods};
pub(crate) use requirement::{Facts, Requirement, TokenFacts};
pub(crate) use template::Template;
pub(crate) use time_window::{Moment, TimeWindow};
pub(crate) use transform::Transforms;
pub(crate) use verdict::Verdict;

use std::rc::Rc;

use crate::credentials::TokenSource;
use crate::endpoint::Endpoint;
use crate::path::CanonicalPath;
use crate::path_pattern::{Captures, PathPattern};
use crate::provider::Provider;
use crate::refusal::{Code, Refusal};
use crate::trace::Trace;
use routes::Routes;

/// One rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) name: Rc<str>,
    /// For any host if empty.
    pub(crate) hosts: Vec<HostPattern>,
    pub(crate) path: PathPattern,
    pub(crate) methods: Methods,
    pub(crate) access: Access,
    pub(crate) requirement: Option<Requirement>,
    /// The names of the providers whose tokens it takes, if not those of all.
    pub(crate) providers: Option<Vec<String>>,
    /// Where its tokens are, if not where those of the others are.
    pub(crate) token_sources: Option<Vec<TokenSource>>,
    /// Whom it refuses is told that there is nothing.
    pub(crate) answers_not_found: bool,
    /// What it answers itself to whom it lets pass. `None`: the request goes on.
    pub(crate) endpoint: Option<Endpoint>,
    /// What becomes of a browser without a token.
    pub(crate) sign_in: SignInChoice,
}

/// Whom a rule lets pass, if its requirement is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// No token is looked for.
    Anyone,
    /// Whoever has a valid token.
    Authenticated,
}

/// What a rule says about requests without a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInChoice {
    /// 401, whoever asks.
    Never,
    /// With the one client there is, or one that the person chooses.
    Any,
    /// With this one of [`SignIn::clients`](crate::sign_in::SignIn::clients).
    With(usize),
}

/// The rules, in order, with an index over their paths.
#[derive(Debug)]
pub(crate) struct Policy {
    rules: Vec<Rule>,
    routes: Routes,
    /// Asked for each request, so not of each rule.
    reads_host: bool,
}

/// The rule that a request comes under, and what its captures stand for.
pub(crate) struct RuleMatch<'p> {
    pub(crate) rule: &'p Rule,
    pub(crate) captures: Captures<'p>,
}

impl Policy {
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        let routes = Routes::new(&rules);
        let reads_host = rules.iter().any(|rule| !rule.hosts.is_empty());
        Self { rules, routes, reads_host }
    }

    /// What rules answer themselves.
    pub(crate) fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.rules.iter().filter_map(|rule| rule.endpoint.as_ref())
    }

    #[cfg(feature = "tooling")]
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether a rule is for some hosts only.
    pub(crate) fn reads_host(&self) -> bool {
        self.reads_host
    }

    /// Whether a rule asks for the viewer's address.
    pub(crate) fn reads_client_ip(&self) -> bool {
        self.rules.iter().any(|rule| rule.requirement.as_ref().is_some_and(Requirement::reads_client_ip))
    }

    /// The token sources that rules have of their own.
    pub(crate) fn token_sources(&self) -> impl Iterator<Item = &TokenSource> {
        self.rules.iter().filter_map(|rule| rule.token_sources.as_ref()).flatten()
    }

    /// The first rule whose hosts, pattern and methods match. `host` is `None` where no rule reads it.
    ///
    /// [`Code::NoRule`] where no pattern matches, [`Code::MethodNotAllowed`] where only the methods of those that do
    /// leave this one out.
    pub(crate) fn rule_for(
        &self,
        method: &str,
        host: Option<&Host>,
        path: &CanonicalPath,
        trace: &mut Trace,
    ) -> Result<RuleMatch<'_>, Refusal> {
        let method = Method::by_name(method);
        trace.record(|trace| self.note_rules(method, host, path, trace));
        let mut allowed = Methods::NONE;
        for rule in self.routes.candidates(path.as_str()).filter_map(|index| self.rules.get(index)) {
            let Some(captures) = rule.path.captures(path.text()) else {
                continue;
            };
            if !rule.is_for(host) {
                continue;
            }
            if method.is_some_and(|method| rule.methods.contain(method)) {
                return Ok(RuleMatch { rule, captures });
            }
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
    fn is_for(&self, host: Option<&Host>) -> bool {
        self.hosts.is_empty() || host.is_some_and(|host| self.hosts.iter().any(|pattern| pattern.matches(host)))
    }

    /// Whether the rule takes tokens of this provider.
    pub(crate) fn takes(&self, provider: &Provider) -> bool {
        self.providers.as_ref().is_none_or(|names| names.iter().any(|name| **name == *provider.name))
    }

    /// What it asks for, in words.
    pub(crate) fn demand(&self) -> String {
        let access = match self.access {
            Access::Anyone => "lets anyone pass",
            Access::Authenticated => "lets pass who has a valid token",
        };
        let condition = if self.requirement.is_some() { ", if" } else { "" };
        format!("rule `{}` {access}{condition}", self.name)
    }

    /// Whether what is known of the request meets the rule.
    pub(crate) fn check(&self, facts: &Facts<'_>, trace: &mut Trace) -> Result<(), Refusal> {
        let verdict = self.requirement.as_ref().map_or(Verdict::Met, |requirement| requirement.judge(facts, trace));
        match verdict {
            Verdict::Met => Ok(()),
            Verdict::Unmet { scopes } if !scopes.is_empty() => {
                let detail = format!("the token lacks the scope `{}`", scopes.join(" "));
                Err(Refusal::new(Code::InsufficientScope, detail).wanting(scopes))
            }
            Verdict::Unmet { .. } => Err(Refusal::new(Code::PolicyDenied, "the rule's requirements are not met")),
            Verdict::Undecidable => {
                let detail = "what the rule compares is there, but of a kind that cannot be compared";
                Err(Refusal::new(Code::PolicyDenied, detail))
            }
        }
    }
}
