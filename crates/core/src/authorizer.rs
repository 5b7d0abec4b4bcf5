//! The way of one request.

use std::cell::RefCell;
use std::rc::Rc;

use crate::algorithm::Algorithm;
use crate::answer::{Answer, NamedPage};
use crate::claims::ValidatedClaims;
use crate::config::{Authorization, Configuration, LogLevel, Problem};
use crate::cors;
use crate::credentials::{self, TokenSource};
use crate::decision::{Answered, Context, Decision, Forward, KeysNeeded, Refused, SecretNeeded, UnsignedAnswer};
use crate::discovery;
use crate::edits::Edits;
use crate::endpoint::{Asking, Endpoint, Reply, Unsigned};
use crate::fetch::{Fetch, Fetched};
use crate::forward::Identity;
use crate::json;
use crate::jwk::{Key, KeyLookupError, KeySet, KeySetReport};
use crate::jws::UnverifiedJws;
use crate::origin::{self, OriginDecision, OriginRequest};
use crate::path::CanonicalPath;
use crate::policy::{Access, Facts, Host, RuleMatch, TokenFacts};
use crate::provider::{self, KeySource, KeyTimes, Provider, TrustedKeys};
use crate::refusal::{Code, Refusal};
use crate::request::Request;
use crate::role::RoleCredentials;
use crate::secrets::{NamedSecret, SecretUse, Secrets};
use crate::time::UnixTime;
use crate::trace::{StepOutcome, Trace};
use crate::verdict_cache::{Verdict, VerdictCache};

/// A configuration, ready to decide, and the keys it has so far.
#[derive(Debug)]
pub struct Authorizer {
    configuration: Configuration,
    /// No decision depends on what is in it, so deciding changes nothing that could be seen.
    verdicts: RefCell<VerdictCache>,
}

/// Whether asking for keys may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// The host can fetch keys and secrets that are missing: answer [`Decision::KeysNeeded`] or [`Decision::SecretNeeded`].
    MayBeFetched,
    /// The host has tried, or cannot: decide with what there is.
    AreFinal,
}

/// A provider, as its host sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderKeys<'a> {
    /// Its name in the configuration.
    pub name: &'a str,
    /// Where to fetch its key set.
    pub jwks_uri: Option<&'a str>,
    /// Where to fetch the document that names its key set, for [`Authorizer::discovered_jwks_uri`].
    pub discovery_uri: Option<&'a str>,
    /// How long a fetched key set is good.
    pub key_times: KeyTimes,
    /// Whether it has keys already.
    pub has_keys: bool,
}

/// Why a request does not pass: a refusal, keys or a secret to be fetched first, or an answer that is ours to give.
enum Stop {
    Refused(Refusal),
    KeysNeeded(KeysNeeded),
    SecretNeeded(SecretNeeded),
    Answered(Code, Answer),
    Unsigned(Box<Unsigned>),
}

impl From<Reply> for Stop {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Answer(code, answer) => Self::Answered(code, answer),
            Reply::Unsigned(unsigned) => Self::Unsigned(Box::new(unsigned)),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Authorizer {
    /// Reads the text of an `authorizer.json`. An error lists everything that is wrong with it.
    pub fn new(configuration: &str) -> Result<Self, Vec<Problem>> {
        let configuration = Configuration::parse(configuration)?;
        Ok(Self { configuration, verdicts: RefCell::default() })
    }

    /// Decides whether `request` may pass at the time `now`.
    pub fn authorize(&self, request: &Request, now: UnixTime, keys: Keys, trace: &mut Trace) -> Decision {
        let mut context = Context::default();
        match self.decide(request, now, keys, &mut context, trace) {
            Ok((code, edits)) => Decision::Forward(Forward { code, edits, context }),
            Err(Stop::Refused(refusal)) => Decision::Refuse(Refused { refusal, context }),
            Err(Stop::KeysNeeded(needed)) => Decision::KeysNeeded(needed),
            Err(Stop::SecretNeeded(needed)) => Decision::SecretNeeded(needed),
            Err(Stop::Answered(code, answer)) => Decision::Answer(Answered { code, answer, context }),
            Err(Stop::Unsigned(unsigned)) => self.to_be_signed(*unsigned, now, keys, context),
        }
    }

    /// An answer that the host has to sign: with a private key, it may have to fetch that first.
    fn to_be_signed(&self, unsigned: Unsigned, now: UnixTime, keys: Keys, context: Context) -> Decision {
        match &unsigned {
            Unsigned::Access(access) if self.configuration.secrets.lacks(access.key(), now) => match keys {
                Keys::MayBeFetched => Decision::SecretNeeded(SecretNeeded { name: access.key().to_owned() }),
                Keys::AreFinal => Decision::Refuse(Refused { refusal: unsigned.not_signed(), context }),
            },
            _ => Decision::Unsigned(UnsignedAnswer { unsigned, context }),
        }
    }

    /// The answer to a request that was refused. `accept` is its `Accept` header, empty where it has none.
    pub fn answer_to(&self, refusal: &Refusal, request: &Request, accept: &str) -> Answer {
        self.configuration.answers.to_refusal(refusal, request, accept)
    }

    /// Lets scripts of other origins read the answer to their request, if the configuration allows theirs.
    pub fn share(&self, request: &Request, answer: &mut Answer) {
        self.configuration.answers.share(request, answer);
    }

    /// The way of a request: path, rule, token, what is known of the token or found out now, policy. Each step takes what
    /// only the step before can make.
    fn decide(
        &self,
        request: &Request,
        now: UnixTime,
        keys: Keys,
        context: &mut Context,
        trace: &mut Trace,
    ) -> Result<(Code, Edits), Stop> {
        let Configuration { authorization, forwarding, answers, .. } = &self.configuration;
        if let Some(answer) = answers.cors.as_ref().and_then(|cors| cors.preflight(request)) {
            trace.note(StepOutcome::Info, || "a CORS preflight of an origin in `cors.allowOrigins`".to_owned());
            return Err(Stop::Answered(Code::CorsPreflight, answer));
        }
        if *authorization == Authorization::Off {
            trace.note(StepOutcome::Info, || "authorization is off".to_owned());
            return Ok((Code::AuthorizationOff, forwarding.edits(request, None)?));
        }
        let matches =
            part(trace, || "the rules, in order".to_owned(), |trace| self.matching_rules(request, context, trace))?;
        self.pass(request, &matches, now, keys, context, trace).map_err(|stop| match stop {
            Stop::Refused(refusal) if matches.iter().any(|matched| matched.rule.answers_not_found) => {
                Stop::Refused(refusal.answered_as_not_found())
            }
            stop => stop,
        })
    }

    /// The rule for the request; two, where its path has two readings.
    fn matching_rules(
        &self,
        request: &Request,
        context: &mut Context,
        trace: &mut Trace,
    ) -> Result<Vec<RuleMatch<'_>>, Stop> {
        let policy = &self.configuration.policy;
        let path = CanonicalPath::parse(&request.path)?;
        trace.note(StepOutcome::Info, || format!("{} {}", json::quoted(&request.method), json::quoted(path.as_str())));
        let host = policy.reads_host().then(|| Host::of(request)).transpose()?;
        let rule_for =
            |path: &CanonicalPath, trace: &mut Trace| policy.rule_for(&request.method, host.as_ref(), path, trace);
        let first = rule_for(&path, trace)?;
        context.rule = Some(first.rule.name.clone());
        // Where S3 would read the path differently, what it reads must be allowed as well.
        let other = path.with_plus_as_space(&request.path).map(|path| {
            trace.note(StepOutcome::Info, || format!("as Amazon S3 reads it: {}", json::quoted(path.as_str())));
            rule_for(&path, trace)
        });
        let other = other.transpose()?;
        Ok([first].into_iter().chain(other).collect())
    }

    /// Whether the request passes its rules.
    fn pass(
        &self,
        request: &Request,
        matches: &[RuleMatch<'_>],
        now: UnixTime,
        keys: Keys,
        context: &mut Context,
        trace: &mut Trace,
    ) -> Result<(Code, Edits), Stop> {
        let for_anyone = matches.iter().all(|matched| matched.rule.access == Access::Anyone);
        let token = match for_anyone {
            true => None,
            false => Some(part(
                trace,
                || "the token".to_owned(),
                |trace| self.token(request, matches, now, keys, context, trace),
            )?),
        };
        let token = token.as_ref().map(|(provider, verdict)| TokenFacts { claims: &verdict.claims, provider });
        for RuleMatch { rule, captures } in matches {
            let facts = Facts { token, captures, client_ip: &request.client_ip, now };
            part(trace, || rule.demand(), |trace| Ok(rule.check(&facts, trace)?))?;
        }
        let claims = token.map(|token| token.claims);
        answer_here(matches, request, claims, now)?;
        let code = if for_anyone { Code::Public } else { Code::Allowed };
        let Configuration { forwarding, secrets, .. } = &self.configuration;
        if let (Some(_), Keys::MayBeFetched, Some(name)) = (claims, keys, forwarding.missing_secret(secrets, now)) {
            return Err(Stop::SecretNeeded(SecretNeeded { name: name.to_owned() }));
        }
        let identity = claims.map(|claims| Identity { claims, secrets, now });
        Ok((code, forwarding.edits(request, identity)?))
    }

    /// The one token of the request, valid, and of a provider whose tokens the rules take.
    fn token(
        &self,
        request: &Request,
        matches: &[RuleMatch<'_>],
        now: UnixTime,
        keys: Keys,
        context: &mut Context,
        trace: &mut Trace,
    ) -> Result<(&Provider, Rc<Verdict>), Stop> {
        let rules = matches.iter().map(|matched| matched.rule).filter(|rule| rule.access != Access::Anyone);
        let sources = rules.map(|rule| rule.token_sources.as_ref().unwrap_or(&self.configuration.token_sources));
        let token = credentials::find_token(sources, request)?;
        let (provider, verdict) = match self.remembered(&token, now) {
            Some(remembered) => remembered,
            None => self.verify(&token, matches, now, keys, context, trace)?,
        };
        let Verdict { kid, algorithm, .. } = &*verdict;
        context.kid.clone_from(kid);
        context.provider = Some(provider.name.clone());
        refuse_other_providers(provider, matches)?;
        note_signature(provider, *algorithm, trace);
        trace.note(StepOutcome::Met, || "the token is for us, and valid now".to_owned());
        Ok((provider, verdict))
    }

    /// What was found out about this token before, if its provider's keys are still trusted, and its times still hold.
    ///
    /// Otherwise it is forgotten, and goes the long way again, which knows why it is refused.
    fn remembered(&self, token: &str, now: UnixTime) -> Option<(&Provider, Rc<Verdict>)> {
        let verdict = self.verdicts.borrow_mut().find(token)?;
        let provider = self.configuration.providers.get(verdict.provider)?;
        if provider.keys_at(now).is_some() && verdict.claims.hold_at(now, &provider.expectations) {
            return Some((provider, verdict));
        }
        self.verdicts.borrow_mut().remove(token);
        None
    }

    /// The long way of a token: provider, key, signature, claims. What has come as far as the end is remembered.
    fn verify(
        &self,
        token: &str,
        matches: &[RuleMatch<'_>],
        now: UnixTime,
        keys: Keys,
        context: &mut Context,
        trace: &mut Trace,
    ) -> Result<(&Provider, Rc<Verdict>), Stop> {
        let jws = UnverifiedJws::parse(token)?;
        let kid = jws.kid().map(str::to_owned);
        context.kid.clone_from(&kid);
        let (index, provider) = provider::of_token(&self.configuration.providers, &jws)?;
        context.provider = Some(provider.name.clone());
        refuse_other_providers(provider, matches)?;
        let algorithm = provider.algorithm_of(&jws)?;
        let key = find_key(provider, &self.configuration.secrets, &jws, algorithm, now, keys)?;
        let jws = jws.verify(algorithm, key)?;
        let claims = ValidatedClaims::validate(jws, &provider.expectations, now)
            .inspect_err(|_| note_signature(provider, algorithm, trace))?;
        let verdict = Rc::new(Verdict { provider: index, algorithm, kid, claims });
        self.verdicts.borrow_mut().insert(token.into(), Rc::clone(&verdict));
        Ok((provider, verdict))
    }

    /// Whether requests to the origin are signed, so that the function is for origin-request as well.
    pub fn signs_origin_requests(&self) -> bool {
        self.configuration.signing.is_some()
    }

    /// What becomes of a request on its way to the origin, at the time `now`. `fetched` is the answer to what an
    /// [`OriginDecision::FetchNeeded`] for the same request asked for.
    ///
    /// Whether the request may pass was decided at viewer-request, by [`Authorizer::authorize`].
    pub fn sign_origin_request(
        &self,
        request: &OriginRequest,
        role: &RoleCredentials<'_>,
        now: UnixTime,
        fetched: Option<&Fetched>,
    ) -> OriginDecision {
        match &self.configuration.signing {
            Some(signing) => origin::decide(signing, request, role, now, fetched),
            None => OriginDecision::Refuse(Refusal::new(
                Code::Internal,
                "the configuration has no `forward.sign`: this function is for viewer-request",
            )),
        }
    }

    /// The names, in lower case, of the headers that a decision reads: an adapter need not read others.
    pub fn headers_read(&self) -> Vec<String> {
        let mut names = vec!["authorization".to_owned()];
        let host = self.configuration.policy.reads_host().then_some("host");
        let cors = self.configuration.answers.cors.is_some().then_some(cors::HEADERS_READ).into_iter().flatten();
        for name in self.configuration.all_token_sources().filter_map(TokenSource::header).chain(host).chain(cors) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The names, in lower case, of the headers that tell the origin who the viewer is. A decision reads the names of all
    /// headers that are as long as one of these.
    pub fn identity_headers(&self) -> impl Iterator<Item = &str> {
        self.configuration.forwarding.identity_headers()
    }

    /// Whether a decision reads the viewer's address.
    pub fn reads_client_ip(&self) -> bool {
        self.configuration.policy.reads_client_ip()
            || self.configuration.policy.endpoints().any(Endpoint::reads_client_ip)
    }

    /// The providers and what they need.
    pub fn providers(&self) -> impl Iterator<Item = ProviderKeys<'_>> {
        self.configuration.providers.iter().map(|provider| ProviderKeys {
            name: &provider.name,
            jwks_uri: match &provider.key_source {
                KeySource::Uri(uri) => Some(uri),
                _ => None,
            },
            discovery_uri: match &provider.key_source {
                KeySource::Discovery(uri) => Some(uri),
                _ => None,
            },
            key_times: provider.key_times,
            has_keys: provider.keys.is_some(),
        })
    }

    /// Replaces a provider's keys by those of a JWK Set (RFC 7517, section 5), to be trusted until the time given.
    ///
    /// The error says what is wrong with the set; the keys there were stay then.
    pub fn set_key_set(
        &mut self,
        provider: &str,
        jwks: &str,
        trusted_until: Option<UnixTime>,
    ) -> Result<KeySetReport, String> {
        let (index, provider) = self.provider_mut(provider)?;
        let (set, report) = KeySet::parse(jwks, &provider.algorithms)?;
        self.replace_keys(index, TrustedKeys { set, until: trusted_until });
        Ok(report)
    }

    /// Trusts the keys of a provider until another time: longer where it cannot be reached. Without keys it does nothing.
    pub fn trust_keys_until(&mut self, provider: &str, until: UnixTime) -> Result<(), String> {
        if let Some(keys) = &mut self.provider_mut(provider)?.1.keys {
            keys.until = Some(until);
        }
        Ok(())
    }

    /// The URL of a provider's key set, from the document at its `discovery_uri`.
    ///
    /// An error where the document is not this issuer's: its `issuer` has to be the configured one, exactly (OpenID
    /// Connect Discovery 1.0, section 4.3).
    pub fn discovered_jwks_uri(&self, provider: &str, document: &str) -> Result<String, String> {
        let mut providers = self.configuration.providers.iter();
        let provider = providers.find(|candidate| candidate.name == provider).ok_or("no such provider")?;
        discovery::jwks_uri(&provider.issuer, document)
    }

    /// The secrets that the configuration names, and where they are.
    pub fn secrets(&self) -> impl Iterator<Item = NamedSecret<'_>> {
        self.configuration.secrets.named()
    }

    /// The request for a secret that lies with a service, signed by the role of the function at the time `now`.
    pub fn secret_request(&self, name: &str, role: &RoleCredentials<'_>, now: UnixTime) -> Result<Fetch, String> {
        self.configuration.secrets.request(name, role, now)
    }

    /// Notes that the host has a secret that it keeps to itself, a private key, and may use it until the time given.
    pub fn host_has_secret(&mut self, name: &str, until: Option<UnixTime>) -> Result<(), String> {
        self.configuration.secrets.host_has(name, until)
    }

    /// Takes the secret that the configuration names at the place `name` (`providers.partner.secret`), to be used until the
    /// time given.
    ///
    /// The error says what is wrong with it, and nothing of it; what was there stays then.
    pub fn set_secret(&mut self, name: &str, secret: &[u8], until: Option<UnixTime>) -> Result<(), String> {
        match self.configuration.secrets.used_for(name)? {
            SecretUse::ProviderKey(index) => {
                let provider = self.configuration.providers.get(index).ok_or("no such provider")?;
                let set = KeySet::from_secret(secret, &provider.algorithms)?;
                self.replace_keys(index, TrustedKeys { set, until });
                Ok(())
            }
            SecretUse::Kept { .. } => self.configuration.secrets.keep(name, secret, until),
            SecretUse::Host => Err("the host keeps this secret to itself".to_owned()),
        }
    }

    /// The HTML pages of the configuration, for the host to read and hand over by [`set_page`](Self::set_page).
    pub fn pages(&self) -> impl Iterator<Item = NamedPage<'_>> {
        self.configuration.answers.pages.iter().map(|page| NamedPage { status: page.status, file: &page.file })
    }

    /// Takes the content of the page for this status. The error says what is wrong with it.
    pub fn set_page(&mut self, status: u16, content: &[u8]) -> Result<(), String> {
        self.configuration.answers.set_page(status, content)
    }

    /// The only way in for keys: what was verified with those that were there before is verified again.
    fn replace_keys(&mut self, provider: usize, keys: TrustedKeys) {
        self.verdicts.get_mut().remove_all_of(provider);
        if let Some(provider) = self.configuration.providers.get_mut(provider) {
            provider.keys = Some(keys);
        }
    }

    fn provider_mut(&mut self, name: &str) -> Result<(usize, &mut Provider), String> {
        (0..)
            .zip(&mut self.configuration.providers)
            .find(|(_, provider)| provider.name == name)
            .ok_or_else(|| format!("no provider is called `{}`", name.escape_default()))
    }

    /// What the configuration deliberately leaves unchecked, to be said aloud at start.
    pub fn opt_outs(&self) -> Vec<Problem> {
        self.configuration.opt_outs()
    }

    /// Looks at a configuration more closely than deciding needs: what is allowed, but doubtful; or, as an error, what is
    /// wrong.
    #[cfg(feature = "tooling")]
    pub fn check(configuration: &str) -> Result<Vec<Problem>, Vec<Problem>> {
        Configuration::parse(configuration).map(|parsed| parsed.warnings(configuration))
    }

    /// The ARN of the role that AWS HealthImaging acts as where a token passes its DICOMweb authorizer.
    pub fn dicom_web_role_arn(&self) -> Option<&str> {
        self.configuration.dicom_web_role.as_deref()
    }

    /// Whether a decision reads the body of a request.
    pub fn reads_body(&self) -> bool {
        self.configuration.policy.endpoints().any(Endpoint::reads_body)
    }

    /// Whether the configuration says `"authorization": "off"`: every request passes, whoever sends it.
    pub fn is_authorization_off(&self) -> bool {
        self.configuration.authorization == Authorization::Off
    }

    /// What the host should log.
    pub fn log_level(&self) -> LogLevel {
        self.configuration.log_level
    }
}

/// A part of the way. In the record it has below it what happened, and what the request was refused for.
fn part<T>(
    trace: &mut Trace,
    name: impl FnOnce() -> String,
    inner: impl FnOnce(&mut Trace) -> Result<T, Stop>,
) -> Result<T, Stop> {
    let noted = |trace: &mut Trace| {
        inner(trace).inspect_err(|stop| {
            if let Stop::Refused(Refusal { code, detail, .. }) = stop {
                trace.note(StepOutcome::Unmet, || format!("{}: {detail}", code.as_str()));
            }
        })
    };
    trace.within(name, noted, |result| if result.is_ok() { StepOutcome::Met } else { StepOutcome::Unmet })
}

fn note_signature(provider: &Provider, algorithm: Algorithm, trace: &mut Trace) {
    trace.note(StepOutcome::Met, || format!("the token is signed by `{}` with {algorithm}", provider.name));
}

/// Before its keys are fetched: a rule for one provider is no reason to ask another.
fn refuse_other_providers(provider: &Provider, matches: &[RuleMatch<'_>]) -> Result<(), Refusal> {
    match matches.iter().find(|matched| !matched.rule.takes(provider)) {
        None => Ok(()),
        Some(RuleMatch { rule, .. }) => {
            let detail = format!("the rule `{}` takes no tokens of `{}`", rule.name, provider.name);
            Err(Refusal::new(Code::IssuerUnknown, detail))
        }
    }
}

/// Stops with the answer of the rule that has let the request pass, if it answers itself.
fn answer_here(
    matches: &[RuleMatch<'_>],
    request: &Request,
    claims: Option<&ValidatedClaims>,
    now: UnixTime,
) -> Result<(), Stop> {
    let mut endpoints = matches.iter().filter_map(|matched| Some((matched, matched.rule.endpoint.as_ref()?)));
    let Some((RuleMatch { captures, .. }, endpoint)) = endpoints.next() else {
        return Ok(());
    };
    if matches.len() > 1 {
        // Whose answer would it be?
        let detail = "the path has two readings, and an answer of our own in one of them";
        return Err(Refusal::new(Code::RequestMalformed, detail).into());
    }
    Err(endpoint.reply(&Asking { request, captures, claims, now })?.into())
}

/// The provider's one key for this token, or what is missing.
fn find_key<'p>(
    provider: &'p Provider,
    secrets: &Secrets,
    jws: &UnverifiedJws<'_>,
    algorithm: Algorithm,
    now: UnixTime,
    keys: Keys,
) -> Result<&'p Key, Stop> {
    let may_fetch = keys == Keys::MayBeFetched && provider.can_fetch_keys();
    let needed = |kid: Option<&str>| {
        Stop::KeysNeeded(KeysNeeded { provider: provider.name.clone(), kid: kid.map(str::to_owned) })
    };
    let Some(key_set) = provider.keys_at(now) else {
        if may_fetch {
            return Err(needed(None));
        }
        if let (KeySource::Secret(secret), Keys::MayBeFetched) = (&provider.key_source, keys)
            && let Some(name) = secrets.fetchable(*secret)
        {
            return Err(Stop::SecretNeeded(SecretNeeded { name: name.to_owned() }));
        }
        let detail = format!("there are no keys of `{}` that may be trusted", provider.name);
        return Err(Refusal::new(provider.code_without_keys(), detail).into());
    };
    key_set.find(algorithm, jws.kid()).map_err(|error| match error {
        KeyLookupError::UnknownKid if may_fetch => needed(jws.kid()),
        KeyLookupError::UnknownKid => {
            Refusal::new(Code::KeyNotFound, "no key of the provider has the token's `kid`").into()
        }
        KeyLookupError::NotExactlyOne => {
            Refusal::new(Code::KeyNotFound, "not exactly one key of the provider fits the token's `kid` and `alg`")
                .into()
        }
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use hmac::{Hmac, Mac};
    use serde_json::{Value, json};

    use super::*;

    const SECRET: [u8; 32] = [7; 32];

    fn token(secret: &[u8], claims: Value) -> String {
        let [header, payload] =
            [json!({ "alg": "HS256" }), claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
        let signing_input = format!("{header}.{payload}");
        let mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap().chain_update(&signing_input);
        format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    fn remembered_after(token: &str, path: &str) -> usize {
        let configuration = json!({
            "providers": { "p": { "issuer": "i", "audience": "a", "algorithms": ["HS256"] } },
            "rules": [
                { "match": { "path": "/public" }, "allow": "anyone" },
                { "match": { "path": "/alice" }, "requires": { "claim": "sub", "equals": "alice" } },
            ],
        });
        let mut authorizer = Authorizer::new(&configuration.to_string()).unwrap();
        authorizer.set_secret("providers.p.secret", &SECRET, None).unwrap();
        let headers = vec![("authorization".to_owned(), format!("Bearer {token}"))];
        let request = Request { method: "GET".to_owned(), path: path.to_owned(), headers, ..Request::default() };
        let now = UnixTime::from_seconds(1000.0).unwrap();
        for _ in 0..2 {
            authorizer.authorize(&request, now, Keys::AreFinal, &mut Trace::off());
        }
        authorizer.verdicts.borrow().len()
    }

    /// Threat 64: whatever is wrong with a token, it takes no room. What the policy says of it is another matter.
    #[test]
    fn threat_64_only_good_tokens_are_remembered() {
        let claims =
            |sub: &str, audience: &str, expiry: u32| json!({ "iss": "i", "aud": audience, "exp": expiry, "sub": sub });
        for (token, path, expected) in [
            (token(&SECRET, claims("alice", "a", 2000)), "/alice", 1),
            (token(&SECRET, claims("bob", "a", 2000)), "/alice", 1),
            (token(&SECRET, claims("alice", "a", 2000)), "/public", 0),
            (token(&SECRET, claims("alice", "a", 1000)), "/alice", 0),
            (token(&SECRET, claims("alice", "b", 2000)), "/alice", 0),
            (token(&[8; 32], claims("alice", "a", 2000)), "/alice", 0),
            ("a.b.c".to_owned(), "/alice", 0),
        ] {
            assert_eq!(remembered_after(&token, path), expected, "{token} {path}");
        }
    }
}
