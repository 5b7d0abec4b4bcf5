//! The way of one request.

use std::cell::{Cell, RefCell};

use crate::answer::Answer;
use crate::claims::ValidatedClaims;
use crate::config::{Authorization, Configuration, LogLevel, Problem};
use crate::cors;
use crate::credentials::TokenSource;
use crate::decision::{Answered, Context, Decision, Forward, Refused, SecretNeeded, UnsignedAnswer};
use crate::edits::Edits;
use crate::endpoint::{Asking, Endpoint, Unsigned};
use crate::fetch::Fetched;
use crate::forward::Identity;
use crate::identity::Bearer;
use crate::json;
use crate::origin::{self, OriginDecision, OriginRequest};
use crate::path::CanonicalPath;
use crate::policy::{Access, Facts, Host, RuleMatch, TokenFacts};
use crate::random::Random;
use crate::refusal::{Code, Refusal};
use crate::request::Request;
use crate::role::RoleCredentials;
use crate::sign_in::{self, Need, Outcome, ProviderAnswer, Reply, Visit};
use crate::stop::{OrStop, Stop};
use crate::time::UnixTime;
use crate::trace::{StepOutcome, Trace};
use crate::verdict_cache::VerdictCache;
use crate::verification::{Keys, note_signature};

/// A configuration, ready to decide, and the keys it has so far.
#[derive(Debug)]
pub struct Authorizer {
    pub(crate) configuration: Configuration,
    /// No decision depends on what is in it, so deciding changes nothing that could be seen.
    pub(crate) verdicts: RefCell<VerdictCache>,
    /// The beginning of the random bytes of the call before.
    random_before: Cell<[u8; 16]>,
}

impl Authorizer {
    /// Reads the text of an `authorizer.json`. An error lists everything that is wrong with it.
    pub fn new(configuration: &str) -> Result<Self, Vec<Problem>> {
        let configuration = Configuration::parse(configuration)?;
        Ok(Self { configuration, verdicts: RefCell::default(), random_before: Cell::default() })
    }

    /// Decides whether `request` may pass at the time `now`.
    pub fn authorize(&self, request: &Request, now: UnixTime, keys: Keys, trace: &mut Trace) -> Decision {
        let mut context = Context::default();
        let decided = self.decide(request, now, keys, &mut context, trace);
        self.settled(decided, now, keys, context)
    }

    /// What was decided, as the host sees it.
    fn settled(&self, decided: OrStop<(Code, Edits)>, now: UnixTime, keys: Keys, context: Context) -> Decision {
        match decided.map_err(|stop| *stop) {
            Ok((code, edits)) => Decision::Forward(Forward { code, edits, context }),
            Err(Stop::Refused(refusal)) => Decision::Refuse(Refused { refusal, context }),
            Err(Stop::KeysNeeded(needed)) => Decision::KeysNeeded(needed),
            Err(Stop::SecretNeeded(needed)) => Decision::SecretNeeded(needed),
            Err(Stop::Answered(code, answer)) => {
                Decision::Answer(Answered { code, detail: "answered here".into(), answer, context })
            }
            Err(Stop::Unsigned(unsigned)) => self.to_be_signed(unsigned, now, keys, context),
            Err(Stop::SignIn(_)) => Decision::SignIn,
            Err(Stop::FetchNeeded(needed)) => Decision::FetchNeeded(needed),
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

    /// Goes on with a request that [`authorize`](Self::authorize) has left to the sign-in ([`Decision::SignIn`]).
    ///
    /// `random` are [`RANDOM_BYTES`](crate::RANDOM_BYTES) from a cryptographic source, new ones for each call. `fetched` is what
    /// came of the [`FetchNeeded`](crate::FetchNeeded) that this call has answered before, with its purpose.
    pub fn sign_in(
        &self,
        request: &Request,
        now: UnixTime,
        keys: Keys,
        random: &[u8],
        fetched: Option<(&str, &ProviderAnswer)>,
        trace: &mut Trace,
    ) -> Decision {
        let mut context = Context::default();
        let need = match self.decide(request, now, keys, &mut context, trace).map_err(|stop| *stop) {
            Err(Stop::SignIn(need)) => need,
            decided => return self.settled(decided.map_err(Box::new), now, keys, context),
        };
        match self.visit(request, now, keys, random, fetched, need, &mut context) {
            Ok(Outcome::Forward(code, edits)) => self.settled(Ok((code, edits)), now, keys, context),
            Ok(Outcome::Reply(reply)) => {
                let Reply { code, detail, answer } = *reply;
                Decision::Answer(Answered { code, detail, answer, context })
            }
            Err(stop) => self.settled(Err(stop), now, keys, context),
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

    #[allow(clippy::too_many_arguments, reason = "what `sign_in` was given, and what it found")]
    fn visit(
        &self,
        request: &Request,
        now: UnixTime,
        keys: Keys,
        random: &[u8],
        fetched: Option<(&str, &ProviderAnswer)>,
        need: Need,
        context: &mut Context,
    ) -> OrStop<Outcome> {
        let Configuration { sign_in: Some(sign_in), providers, secrets, .. } = &self.configuration else {
            return Err(Refusal::new(Code::Internal, "there is no sign-in").into());
        };
        let random = Random::new(random, &self.random_before)
            .ok_or_else(|| Refusal::new(Code::Internal, "the source of randomness is broken"))?;
        Visit::new(sign_in, providers, secrets, request, now, keys, &random, fetched)?.answer(need, context)
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
    ) -> OrStop<(Code, Edits)> {
        let Configuration { authorization, forwarding, answers, sign_in, .. } = &self.configuration;
        if let Some(answer) = answers.cors.as_ref().and_then(|cors| cors.preflight(request)) {
            trace.note(StepOutcome::Info, || "a CORS preflight of an origin in `cors.allowOrigins`".to_owned());
            return Err(Box::new(Stop::Answered(Code::CorsPreflight, answer)));
        }
        if *authorization == Authorization::Off {
            trace.note(StepOutcome::Info, || "authorization is off".to_owned());
            return Ok((Code::AuthorizationOff, forwarding.edits(request, None)?));
        }
        // These paths are plain: in no other spelling do they lead there.
        if sign_in.as_ref().is_some_and(|sign_in| sign_in.owns(&request.path)) {
            return Err(Box::new(Stop::SignIn(Need::OwnPath)));
        }
        let matches =
            part(trace, || "the rules, in order".to_owned(), |trace| self.matching_rules(request, context, trace))?;
        self.pass(request, &matches, now, keys, context, trace).map_err(|stop| match *stop {
            Stop::Refused(refusal) if matches.iter().any(|matched| matched.rule.answers_not_found) => {
                refusal.answered_as_not_found().into()
            }
            stop => Box::new(stop),
        })
    }

    /// The rule for the request; two, where its path has two readings.
    fn matching_rules(
        &self,
        request: &Request,
        context: &mut Context,
        trace: &mut Trace,
    ) -> OrStop<Vec<RuleMatch<'_>>> {
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
    ) -> OrStop<(Code, Edits)> {
        let for_anyone = matches.iter().all(|matched| matched.rule.access == Access::Anyone);
        let bearer = match for_anyone {
            true => None,
            false => Some(part(
                trace,
                || "the token".to_owned(),
                |trace| {
                    let bearer = self.identify(request, matches, now, keys, context, trace)?;
                    note_signature(bearer.provider, bearer.verdict.algorithm, trace);
                    trace.note(StepOutcome::Met, || "the token is for us, and valid now".to_owned());
                    Ok(bearer)
                },
            )?),
        };
        let token = bearer.as_ref().map(|Bearer { provider, verdict, .. }| {
            context.kid.clone_from(&verdict.kid);
            context.provider = Some(provider.name.clone());
            TokenFacts { claims: &verdict.claims, provider }
        });
        for RuleMatch { rule, captures } in matches {
            let facts = Facts { token, captures, client_ip: &request.client_ip, now };
            part(trace, || rule.demand(), |trace| Ok(rule.check(&facts, trace)?))?;
        }
        let claims = token.map(|token| token.claims);
        answer_here(matches, request, claims, now)?;
        let code = if for_anyone { Code::Public } else { Code::Allowed };
        let Configuration { forwarding, secrets, .. } = &self.configuration;
        if let (Some(_), Keys::MayBeFetched, Some(name)) = (claims, keys, forwarding.missing_secret(secrets, now)) {
            return Err(Box::new(Stop::SecretNeeded(SecretNeeded { name: name.to_owned() })));
        }
        let identity = claims.map(|claims| Identity { claims, secrets, now });
        let edits = forwarding.edits(request, identity)?;
        match bearer {
            Some(bearer) if self.ends_soon(&bearer, now) => Err(Box::new(Stop::SignIn(Need::Refresh { code, edits }))),
            _ => Ok((code, edits)),
        }
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
        let cookie = self.configuration.sign_in.as_ref().map(|_| "cookie");
        let read = self.configuration.all_token_sources().filter_map(TokenSource::header);
        for name in read.chain(host).chain(cors).chain(cookie) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The names of the headers that [`sign_in`](Self::sign_in) reads beside these.
    pub fn sign_in_headers(&self) -> impl Iterator<Item = &'static str> {
        let names = sign_in::HEADERS.into_iter().chain(["host"]);
        names.filter(|_| self.configuration.sign_in.is_some())
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
fn part<T>(trace: &mut Trace, name: impl FnOnce() -> String, inner: impl FnOnce(&mut Trace) -> OrStop<T>) -> OrStop<T> {
    let noted = |trace: &mut Trace| {
        inner(trace).inspect_err(|stop| {
            // A browser that is sent to sign in instead is refused for the same reason.
            if let Stop::Refused(refusal) | Stop::SignIn(Need::Instead { refusal, .. }) = &**stop {
                let Refusal { code, detail, .. } = refusal;
                trace.note(StepOutcome::Unmet, || format!("{}: {detail}", code.as_str()));
            }
        })
    };
    trace.within(name, noted, |result| if result.is_ok() { StepOutcome::Met } else { StepOutcome::Unmet })
}

/// Stops with the answer of the rule that has let the request pass, if it answers itself.
fn answer_here(
    matches: &[RuleMatch<'_>],
    request: &Request,
    claims: Option<&ValidatedClaims>,
    now: UnixTime,
) -> OrStop<()> {
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
