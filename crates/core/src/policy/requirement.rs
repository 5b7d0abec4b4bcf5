//! Requirements: what has to be so before a rule lets a request pass.

use super::client_ip::{self, IpRange};
use super::comparison::{Test, has_text};
use super::email::EmailDomain;
use super::template::Template;
use super::time_window::TimeWindow;
use super::transform::Transforms;
use super::verdict::Verdict;
use crate::claims::{ClaimName, ValidatedClaims};
use crate::json::{self, Json};
use crate::path_pattern::Captures;
use crate::provider::Provider;
use crate::time::UnixTime;
use crate::trace::{StepOutcome, Trace};

/// A condition on a token's claims, or on the request itself.
#[derive(Debug, Clone)]
pub(crate) enum Requirement {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Claim {
        name: ClaimName,
        transforms: Transforms,
        test: Test,
    },
    /// The provider's groups claim is an array that has this group in it.
    Group(Template),
    Scope(String),
    /// The token is by one of these providers.
    Provider(Vec<String>),
    /// The token's subject has a verified e-mail address in one of these domains.
    EmailDomain(Vec<Template>),
    /// The viewer's address is in one of these ranges.
    ClientIp(Vec<IpRange>),
    Time(TimeWindow),
}

/// What a requirement is judged by.
pub(crate) struct Facts<'r> {
    /// `None` where the rule asks for no token.
    pub(crate) token: Option<TokenFacts<'r>>,
    pub(crate) captures: &'r Captures<'r>,
    pub(crate) client_ip: &'r str,
    pub(crate) now: UnixTime,
}

/// A valid token, as a requirement sees it.
#[derive(Clone, Copy)]
pub(crate) struct TokenFacts<'r> {
    pub(crate) claims: &'r ValidatedClaims,
    pub(crate) provider: &'r Provider,
}

impl Requirement {
    pub(crate) fn judge(&self, facts: &Facts<'_>, trace: &mut Trace) -> Verdict {
        match self {
            Self::All(parts) => within(trace, "all of these", |trace| all(parts, facts, trace)),
            Self::Any(parts) => within(trace, "any of these", |trace| any(parts, facts, trace)),
            Self::Not(part) => within(trace, "not this", |trace| match part.judge(facts, trace) {
                Verdict::Met => Verdict::of(false),
                Verdict::Unmet { .. } => Verdict::Met,
                Verdict::Undecidable => Verdict::Undecidable,
            }),
            Self::ClientIp(ranges) => client_ip(ranges, facts, trace),
            Self::Time(window) => {
                let verdict = Verdict::of(window.contains(facts.now));
                trace.note(step_outcome(&verdict), || format!("the time is {window}"));
                verdict
            }
            _ => match facts.token {
                Some(token) => self.judge_token(token, facts.captures, trace),
                None => Verdict::Undecidable,
            },
        }
    }

    fn judge_token(&self, token: TokenFacts<'_>, captures: &Captures<'_>, trace: &mut Trace) -> Verdict {
        let TokenFacts { claims, provider } = token;
        match self {
            Self::Claim { name, transforms, test } => {
                let claim = claims.find(name);
                let verdict = match claim {
                    Ok(Some(claim)) => test.judge(claim, transforms, captures),
                    Ok(None) => Verdict::of(false),
                    Err(_) => Verdict::Undecidable,
                };
                trace.note(step_outcome(&verdict), || {
                    let compared = format!("claim {name}{} {}", transformed(transforms), test.describe(captures));
                    format!("{compared}: it is {}", describe(claim.ok().flatten()))
                });
                verdict
            }
            Self::Group(group) => {
                let groups = claims.find(&provider.groups_claim);
                let verdict = match groups {
                    Ok(Some(Json::Array(items))) => has_text(items, &group.fill(captures).unwrap_or_default()),
                    Ok(None) => Verdict::of(false),
                    Ok(Some(_)) | Err(_) => Verdict::Undecidable,
                };
                trace.note(step_outcome(&verdict), || {
                    let group = json::quoted(&group.fill(captures).unwrap_or_default());
                    let actual = describe(groups.ok().flatten());
                    format!("groups in {} contains {group}: it is {actual}", provider.groups_claim)
                });
                verdict
            }
            Self::Scope(scope) => has_scope(scope, claims, trace),
            Self::Provider(names) => {
                let verdict = Verdict::of(names.iter().any(|name| **name == *provider.name));
                trace.note(step_outcome(&verdict), || {
                    format!("provider is one of `{}`: it is `{}`", names.join("`, `"), provider.name)
                });
                verdict
            }
            Self::EmailDomain(domains) => email_domain(domains, claims, captures, trace),
            // Not of the token.
            Self::All(_) | Self::Any(_) | Self::Not(_) | Self::ClientIp(_) | Self::Time(_) => Verdict::Undecidable,
        }
    }

    /// Whether it is on the request alone, so that it can be judged without a token.
    pub(crate) fn needs_no_token(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::needs_no_token),
            Self::Not(part) => part.needs_no_token(),
            Self::ClientIp(_) | Self::Time(_) => true,
            _ => false,
        }
    }

    /// Whether it reads the viewer's address.
    pub(crate) fn reads_client_ip(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::reads_client_ip),
            Self::Not(part) => part.reads_client_ip(),
            Self::ClientIp(_) => true,
            _ => false,
        }
    }
}

fn client_ip(ranges: &[IpRange], facts: &Facts<'_>, trace: &mut Trace) -> Verdict {
    let verdict = match client_ip::address(facts.client_ip) {
        Some(address) => Verdict::of(ranges.iter().any(|range| range.contains(address))),
        None => Verdict::Undecidable,
    };
    trace.note(step_outcome(&verdict), || {
        let ranges: Vec<_> = ranges.iter().map(ToString::to_string).collect();
        format!("client IP is in {}: it is {}", ranges.join(", "), json::quoted(facts.client_ip))
    });
    verdict
}

fn has_scope(scope: &str, claims: &ValidatedClaims, trace: &mut Trace) -> Verdict {
    let scopes = claims.scopes();
    let verdict = match &scopes {
        None => Verdict::Undecidable,
        Some(scopes) if scopes.contains(&scope) => Verdict::Met,
        Some(_) => Verdict::Unmet { scopes: vec![scope.to_owned()] },
    };
    trace.note(step_outcome(&verdict), || match scopes {
        Some(scopes) => format!("scope `{scope}`: the token has {scopes:?}"),
        None => format!("scope `{scope}`: the token's scopes are no list"),
    });
    verdict
}

/// Domains are compared without regard to the case of ASCII letters (RFC 4343).
fn email_domain(domains: &[Template], claims: &ValidatedClaims, captures: &Captures<'_>, trace: &mut Trace) -> Verdict {
    let actual = EmailDomain::of(claims);
    let verdict = match actual {
        EmailDomain::Absent => Verdict::of(false),
        EmailDomain::Unproven => Verdict::Undecidable,
        EmailDomain::Proven(actual) => {
            let domains = domains.iter().filter_map(|domain| domain.fill(captures));
            Verdict::of(domains.into_iter().any(|domain| domain.eq_ignore_ascii_case(actual)))
        }
    };
    trace.note(step_outcome(&verdict), || {
        let domains: Vec<_> = domains.iter().filter_map(|domain| domain.fill(captures)).collect();
        let actual = match actual {
            EmailDomain::Absent => "there is no `email`".to_owned(),
            EmailDomain::Unproven => "`email` is not verified, or not one address".to_owned(),
            EmailDomain::Proven(actual) => format!("it is {}", json::quoted(actual)),
        };
        format!("e-mail domain is one of {domains:?}: {actual}")
    });
    verdict
}

/// Met if each part is; the scopes that all the unmet parts ask for, if they ask for nothing else.
fn all(parts: &[Requirement], facts: &Facts<'_>, trace: &mut Trace) -> Verdict {
    let verdicts: Vec<_> = parts.iter().map(|part| part.judge(facts, trace)).collect();
    let unmet: Vec<_> = verdicts.iter().filter_map(missing_scopes).collect();
    if verdicts.iter().all(|verdict| *verdict == Verdict::Met) {
        Verdict::Met
    } else if unmet.is_empty() {
        Verdict::Undecidable
    } else if verdicts.contains(&Verdict::Undecidable) || unmet.iter().any(|scopes| scopes.is_empty()) {
        Verdict::of(false)
    } else {
        let mut scopes: Vec<String> = Vec::new();
        for scope in unmet.into_iter().flatten() {
            if !scopes.contains(scope) {
                scopes.push(scope.clone());
            }
        }
        Verdict::Unmet { scopes }
    }
}

/// Met if one part is; the scopes of the first part, if scopes alone would be enough.
fn any(parts: &[Requirement], facts: &Facts<'_>, trace: &mut Trace) -> Verdict {
    let verdicts: Vec<_> = parts.iter().map(|part| part.judge(facts, trace)).collect();
    if verdicts.contains(&Verdict::Met) {
        Verdict::Met
    } else if verdicts.contains(&Verdict::Undecidable) {
        Verdict::Undecidable
    } else {
        let scopes = verdicts.iter().filter_map(missing_scopes).find(|scopes| !scopes.is_empty());
        Verdict::Unmet { scopes: scopes.map(<[String]>::to_vec).unwrap_or_default() }
    }
}

fn missing_scopes(verdict: &Verdict) -> Option<&[String]> {
    match verdict {
        Verdict::Unmet { scopes } => Some(scopes),
        Verdict::Met | Verdict::Undecidable => None,
    }
}

fn within(trace: &mut Trace, text: &str, judge: impl FnOnce(&mut Trace) -> Verdict) -> Verdict {
    trace.within(|| text.to_owned(), judge, step_outcome)
}

fn step_outcome(verdict: &Verdict) -> StepOutcome {
    match verdict {
        Verdict::Met => StepOutcome::Met,
        Verdict::Unmet { .. } | Verdict::Undecidable => StepOutcome::Unmet,
    }
}

/// ` as md5`, for a record.
#[cfg(feature = "tooling")]
fn transformed(transforms: &Transforms) -> String {
    if transforms.is_empty() { String::new() } else { format!(" as {}", transforms.names()) }
}

/// There is no record.
#[cfg(not(feature = "tooling"))]
fn transformed(_transforms: &Transforms) -> &'static str {
    ""
}

/// A claim for `explain`.
fn describe(claim: Option<Json<'_>>) -> String {
    claim.map_or_else(|| "not there".to_owned(), json::display)
}
