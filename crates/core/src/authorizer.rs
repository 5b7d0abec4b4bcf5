//! The way of one request.

use std::cell::{Cell, RefCell};

use crate::answer::Answer;
use crate::claims::ValidatedClaims;
use crate::config::{Authorization, Configuration, Problem};
use crate::decision::{Answered, Context, Decision, Forward, Refused, SecretNeeded, UnsignedAnswer};
use crate::edits::Edits;
use crate::endpoint::{Asking, Unsigned};
use crate::fetch::Fetched;
use crate::identity::{Bearer, Identification};
use crate::json;
use crate::means::{Keys, Means};
use crate::notes::Notes;
use crate::origin::{self, OriginDecision, OriginRequest};
use crate::path::CanonicalPath;
use crate::policy::{Access, Facts, Host, RuleMatch, TokenFacts};
use crate::random::Random;
use crate::refusal::{Code, Refusal};
use crate::request::Request;
use crate::role::RoleCredentials;
use crate::sign_in::{Outcome, ProviderAnswer, Reply, Visit};
use crate::stop::{Need, OrStop, Stop, refused};
use crate::time::UnixTime;
use crate::trace::{StepOutcome, Trace};
use crate::verdict_cache::VerdictCache;
use crate::verification::note_signature;

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
        let (means, mut context) = (self.means(now, keys), Context::default());
        let decided = self.decide(request, &means, &mut Notes { context: &mut context, trace });
        self.settled(decided, &means, context)
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
        let (means, mut context) = (self.means(now, keys), Context::default());
        let decided = self.decide(request, &means, &mut Notes { context: &mut context, trace });
        let need = match decided.map_err(|stop| *stop) {
            Err(Stop::SignIn(need)) => need,
            decided => return self.settled(decided.map_err(Box::new), &means, context),
        };
        match self.sign_in_step(request, &means, random, fetched, need, &mut context) {
            Ok(Outcome::Forward(code, edits)) => self.settled(Ok((code, edits)), &means, context),
            Ok(Outcome::Reply(reply)) => {
                let Reply { code, detail, answer } = *reply;
                Decision::Answer(Answered { code, detail, answer, context })
            }
            Err(stop) => self.settled(Err(stop), &means, context),
        }
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

    /// The answer to a request that was refused. `accept` is its `Accept` header, empty where it has none.
    pub fn answer_to(&self, refusal: &Refusal, request: &Request, accept: &str) -> Answer {
        let Configuration { answers, sign_in, .. } = &self.configuration;
        let links = sign_in.as_ref().and_then(|sign_in| sign_in.way_out(refusal, request));
        answers.to_refusal(refusal, request, accept, &links.unwrap_or_default())
    }

    /// Makes an answer of ours the answer to this request: scripts of other origins may read it, if the configuration allows
    /// theirs, and HEAD gets no content.
    pub fn complete(&self, request: &Request, answer: &mut Answer) {
        self.configuration.answers.complete(request, answer);
    }

    fn means(&self, now: UnixTime, keys: Keys) -> Means<'_> {
        let Configuration { providers, secrets, .. } = &self.configuration;
        Means { providers, secrets, now, keys }
    }

    /// What was decided, as the host sees it.
    fn settled(&self, decided: OrStop<(Code, Edits)>, means: &Means<'_>, context: Context) -> Decision {
        match decided.map_err(|stop| *stop) {
            Ok((code, edits)) => Decision::Forward(Forward { code, edits, context }),
            Err(Stop::Refused(refusal)) => Decision::Refuse(Refused { refusal, context }),
            Err(Stop::KeysNeeded(needed)) => Decision::KeysNeeded(needed),
            Err(Stop::SecretNeeded(needed)) => Decision::SecretNeeded(needed),
            Err(Stop::Answered(code, answer)) => {
                Decision::Answer(Answered { code, detail: "answered here".into(), answer, context })
            }
            Err(Stop::Unsigned(unsigned)) => self.to_be_signed(unsigned, means, context),
            Err(Stop::SignIn(_)) => Decision::SignIn,
            Err(Stop::FetchNeeded(needed)) => Decision::FetchNeeded(needed),
        }
    }

    /// An answer that the host has to sign: with a private key, it may have to fetch that first.
    fn to_be_signed(&self, unsigned: Unsigned, means: &Means<'_>, context: Context) -> Decision {
        match &unsigned {
            Unsigned::Access(access) if means.secrets.lacks(access.key(), means.now) => match means.keys {
                Keys::MayBeFetched => Decision::SecretNeeded(SecretNeeded { name: access.key().to_owned() }),
                Keys::AreFinal => Decision::Refuse(Refused { refusal: unsigned.not_signed(), context }),
            },
            _ => Decision::Unsigned(UnsignedAnswer { unsigned, context }),
        }
    }

    /// The step of the sign-in that is due.
    fn sign_in_step(
        &self,
        request: &Request,
        means: &Means<'_>,
        random: &[u8],
        fetched: Option<(&str, &ProviderAnswer)>,
        need: Need,
        context: &mut Context,
    ) -> OrStop<Outcome> {
        let sign_in = self.configuration.sign_in.as_deref();
        let sign_in = sign_in.ok_or_else(|| refused(Code::Internal, "there is no sign-in"))?;
        let random = Random::new(random, &self.random_before);
        let random = random.ok_or_else(|| refused(Code::Internal, "the source of randomness is broken"))?;
        Visit::new(sign_in, request, means, &random, fetched)?.answer(need, context)
    }

    /// The way of a request: path, rule, token, what is known of the token or found out now, policy. Each step takes what
    /// only the step before can make.
    fn decide(&self, request: &Request, means: &Means<'_>, notes: &mut Notes<'_>) -> OrStop<(Code, Edits)> {
        let Configuration { authorization, forwarding, answers, sign_in, .. } = &self.configuration;
        if let Some(answer) = answers.to_preflight(request) {
            notes.trace.note(StepOutcome::Info, || "a CORS preflight of an origin in `cors.allowOrigins`".to_owned());
            return Err(Box::new(Stop::Answered(Code::CorsPreflight, answer)));
        }
        if *authorization == Authorization::Off {
            notes.trace.note(StepOutcome::Info, || "authorization is off".to_owned());
            return Ok((Code::AuthorizationOff, forwarding.edits(request, None, means)?));
        }
        // These paths are plain: in no other spelling do they lead there.
        if sign_in.as_ref().is_some_and(|sign_in| sign_in.owns(&request.path)) {
            return Err(Box::new(Stop::SignIn(Need::OwnPath)));
        }
        let matches = part(notes, || "the rules, in order".to_owned(), |notes| self.matching_rules(request, notes))?;
        self.pass(request, &matches, means, notes).map_err(|stop| match *stop {
            Stop::Refused(refusal) if matches.iter().any(|matched| matched.rule.answers_not_found) => {
                refusal.answered_as_not_found().into()
            }
            stop => Box::new(stop),
        })
    }

    /// The rule for the request; two, where its path has two readings.
    fn matching_rules(&self, request: &Request, notes: &mut Notes<'_>) -> OrStop<Vec<RuleMatch<'_>>> {
        let Notes { context, trace } = notes;
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
        means: &Means<'_>,
        notes: &mut Notes<'_>,
    ) -> OrStop<(Code, Edits)> {
        let Configuration { forwarding, sign_in, .. } = &self.configuration;
        let for_anyone = matches.iter().all(|matched| matched.rule.access == Access::Anyone);
        let bearer = match for_anyone {
            true => None,
            false => {
                Some(part(notes, || "the token".to_owned(), |notes| self.identify(request, matches, means, notes))?)
            }
        };
        let token = bearer.as_ref().map(|Bearer { provider, verdict, .. }| {
            notes.context.kid.clone_from(&verdict.kid);
            notes.context.provider = Some(provider.name.clone());
            TokenFacts { claims: &verdict.claims, provider }
        });
        for RuleMatch { rule, captures } in matches {
            let facts = Facts { token, captures, client_ip: &request.client_ip, now: means.now };
            part(notes, || rule.demand(), |notes| Ok(rule.check(&facts, notes.trace)?))?;
        }
        let claims = token.map(|token| token.claims);
        answer_here(matches, request, claims, means.now)?;
        let code = if for_anyone { Code::Public } else { Code::Allowed };
        if let (Some(_), Some(name)) = (claims, forwarding.missing_secret(means)) {
            return Err(Box::new(Stop::SecretNeeded(SecretNeeded { name: name.to_owned() })));
        }
        let edits = forwarding.edits(request, claims, means)?;
        match bearer {
            Some(bearer) if bearer.ends_soon(sign_in.as_deref(), means.now) => {
                Err(Box::new(Stop::SignIn(Need::Refresh { code, edits })))
            }
            _ => Ok((code, edits)),
        }
    }

    /// Whose request it is.
    fn identify<'a>(
        &'a self,
        request: &'a Request,
        matches: &'a [RuleMatch<'a>],
        means: &'a Means<'a>,
        notes: &mut Notes<'_>,
    ) -> OrStop<Bearer<'a>> {
        let (configuration, verdicts) = (&self.configuration, &self.verdicts);
        let bearer = Identification { configuration, verdicts, request, matches, means }.bearer(notes)?;
        note_signature(bearer.provider, bearer.verdict.algorithm, notes.trace);
        notes.trace.note(StepOutcome::Met, || "the token is for us, and valid now".to_owned());
        Ok(bearer)
    }
}

/// A part of the way. In the record it has below it what happened, and what the request was refused for.
fn part<T>(
    notes: &mut Notes<'_>,
    name: impl FnOnce() -> String,
    inner: impl FnOnce(&mut Notes<'_>) -> OrStop<T>,
) -> OrStop<T> {
    let noted = |notes: &mut Notes<'_>| {
        inner(notes).inspect_err(|stop| {
            // A browser that is sent to sign in instead is refused for the same reason.
            if let Stop::Refused(refusal) | Stop::SignIn(Need::Instead { refusal, .. }) = &**stop {
                let Refusal { code, detail, .. } = refusal;
                notes.trace.note(StepOutcome::Unmet, || format!("{}: {detail}", code.as_str()));
            }
        })
    };
    notes.within(name, noted, |result| if result.is_ok() { StepOutcome::Met } else { StepOutcome::Unmet })
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
