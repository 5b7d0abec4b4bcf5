//! From what is written to what it means. Everything that is wrong is found, not only the first thing.

use super::configuration::{Authorization, Configuration};
use super::document::Document;
use super::endpoint::Endpoints;
use super::problem::{Place, Problems};
use super::sign_in::ForRules;
use super::{answers, logging, policy, provider, sign, sign_in, token};
use crate::flaw::{Flaw, flaw};
use crate::json::Items;
use crate::policy::Policy;
use crate::secrets::Secrets;
use crate::sign_in::SignIn;

/// How far clocks may differ where people sign in, if nothing is said: a token is verified in the second in which it was issued.
const SIGN_IN_GRACE_SECONDS: i64 = 5;

/// What it means; nothing where a problem was noted, now or before.
pub(super) fn compile(document: Document<'_>, problems: &mut Problems) -> Option<Configuration> {
    let authorization = problems.take(&Place::top("authorization"), authorization(document.authorization.as_deref()));
    let logging = logging::logging(document.log_level.as_deref(), document.log_sample, document.metrics, problems);

    if document.providers.as_ref().is_none_or(Vec::is_empty) {
        problems.add(&absent(document.providers.is_none(), "providers"), "no provider: who issues the tokens? One needs `issuer` and `audience`, or Cognito's `userPoolId`, `tokenUse` and `clientId`");
    }
    let provider_names: Vec<String> = document.providers.iter().flatten().map(|(name, _)| name.clone()).collect();
    let mut secrets = Secrets::default();
    let mut written_providers = document.providers.unwrap_or_default();
    let clients = written_providers.iter_mut().filter_map(|(name, provider)| {
        let client = provider.sign_in.take()?;
        provider.grace_seconds.get_or_insert(SIGN_IN_GRACE_SECONDS);
        Some((name.clone(), client))
    });
    let clients: Vec<_> = clients.collect();
    let sign_in_is_written = document.sign_in.is_some() || !clients.is_empty();
    let providers = provider::providers(written_providers, &mut secrets, problems);
    let sign_in = sign_in::sign_in(document.sign_in, clients, &providers, &mut secrets, problems);
    let for_rules = match &sign_in {
        Some(sign_in) => ForRules::Right(sign_in),
        None if sign_in_is_written => ForRules::Wrong,
        None => ForRules::Absent,
    };
    let token_sources = match document.token {
        Some(token) => token::sources(token, &Place::top("token"), problems),
        None => token::default_sources(),
    };
    if document.rules.is_none_or(Items::is_empty) {
        problems.add(
            &absent(document.rules.is_none(), "rules"),
            "no rule: nobody would pass. One needs `match` with a `path`, and `requires` or `allow`",
        );
    }
    let endpoints = Endpoints::compile(
        document.signed_cookies.unwrap_or_default(),
        document.uploads.unwrap_or_default(),
        &mut secrets,
        problems,
    );
    let around = policy::Surroundings { providers: &provider_names, endpoints: &endpoints, sign_in: for_rules };
    let rules = policy::rules(document.rules, &around, problems);
    let policy = Policy::new(rules);
    let sources = token_sources.iter().chain(policy.token_sources());
    let mut forward = document.forward;
    let signing = sign::signing(forward.as_mut().and_then(|forward| forward.sign.take()), problems);
    let mut forwarding = token::forwarding(forward, sources, &mut secrets, problems);
    forwarding.cookie_prefixes = sign_in.as_deref().map(SignIn::cookie_prefixes).unwrap_or_default();
    let answers = answers::Written { cors: document.cors, pages: document.pages, realm: document.realm };
    let answers = answers::answers(answers, &token_sources, problems);
    let dicom_web_role = document.dicom_web.map(|written| role_arn(written.role_arn));
    let dicom_web_role = dicom_web_role.and_then(|role| problems.take(&Place::top("dicomWeb").member("roleArn"), role));

    let (authorization, logging) = (authorization?, logging?);
    problems.is_empty().then_some(Configuration {
        authorization,
        providers,
        secrets,
        token_sources,
        policy,
        forwarding,
        signing,
        answers,
        logging,
        dicom_web_role,
        sign_in,
        opt_outs: Vec::new(),
    })
}

/// What is not there has no place of its own.
fn absent(is_absent: bool, key: &str) -> Place {
    if is_absent { Place::root() } else { Place::top(key) }
}

fn authorization(written: Option<&str>) -> Result<Authorization, Flaw> {
    match written {
        None | Some("on") => Ok(Authorization::On),
        Some("off") => Ok(Authorization::Off),
        Some(other) => Err(flaw!("unknown value `{other}`: it is `on` or `off`")),
    }
}

/// "IAM identifiers" in the IAM User Guide.
fn role_arn(written: Option<String>) -> Result<String, Flaw> {
    let example = "`arn:aws:iam::111122223333:role/DicomWebReader`";
    let Some(arn) = written else {
        return Err(flaw!("`roleArn` is missing: what HealthImaging acts as for a valid token, {example}"));
    };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts[..] {
        ["arn", partition, "iam", "", account, role]
            if partition.starts_with("aws")
                && account.len() == 12
                && account.bytes().all(|byte| byte.is_ascii_digit())
                && role.strip_prefix("role/").is_some_and(|name| !name.is_empty()) =>
        {
            Ok(arn)
        }
        _ => Err(flaw!("`{arn}` is no ARN of a role, as {example} is one")),
    }
}
