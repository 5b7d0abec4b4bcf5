//! Who sends a request: by a token that it carries, or by a session.

use std::rc::Rc;

use crate::authorizer::Authorizer;
use crate::credentials::{self, TokenSource};
use crate::decision::Context;
use crate::policy::{Access, RuleMatch};
use crate::provider::Provider;
use crate::refusal::{Code, Refusal};
use crate::request::Request;
use crate::sign_in::{self, Choice, Need, Sealed, SignIn};
use crate::stop::{OrStop, Stop};
use crate::time::UnixTime;
use crate::trace::Trace;
use crate::verdict_cache::Verdict;
use crate::verification::{self, Keys, refuse_other_providers};

/// Whose token it is, and what is known of it.
pub(crate) struct Bearer<'a> {
    pub(crate) provider: &'a Provider,
    pub(crate) verdict: Rc<Verdict>,
    /// Whether the token came out of a session of ours.
    pub(crate) is_session: bool,
}

/// For which rules, when, and whether keys can be fetched.
struct Asked<'a> {
    matches: &'a [RuleMatch<'a>],
    now: UnixTime,
    keys: Keys,
}

impl Authorizer {
    /// The request's token, verified. Where a browser that has none, or a session that is no good, may sign in instead, it is
    /// for the sign-in to go on.
    pub(crate) fn identify(
        &self,
        request: &Request,
        matches: &[RuleMatch<'_>],
        now: UnixTime,
        keys: Keys,
        context: &mut Context,
        trace: &mut Trace,
    ) -> OrStop<Bearer<'_>> {
        let asked = Asked { matches, now, keys };
        let rules = matches.iter().map(|matched| matched.rule).filter(|rule| rule.access != Access::Anyone);
        let sources =
            rules.clone().map(|rule| rule.token_sources.as_ref().unwrap_or(&self.configuration.token_sources));
        let found = credentials::find_token(sources, request);
        // A rule that says where its tokens are means these places only.
        let has_own_sources = rules.clone().any(|rule| rule.token_sources.is_some());
        let Some(sign_in) = self.configuration.sign_in.as_ref().filter(|_| !has_own_sources) else {
            let (token, _) = found?;
            return self.by_token(&token, &asked, context, trace);
        };
        let missing = match found {
            Ok((token, source)) => {
                refuse_beside_session(source, sign_in, request)?;
                return self.by_token(&token, &asked, context, trace);
            }
            Err(refusal) if refusal.code == Code::CredentialsMissing => refusal,
            Err(refusal) => return Err(refusal.into()),
        };
        let identity = match Sealed::of(request, &sign_in.cookies) {
            Sealed::Text(text) => self.by_session(sign_in, &text, &asked, context, trace),
            Sealed::Broken => Err(sign_in::invalid("the session's cookies are not all there once")),
            Sealed::None => match sign_in.compatible_token(request) {
                Some(token) => self.by_token(&token, &asked, context, trace),
                None => Err(missing.into()),
            },
        };
        let choice = rules.map(|rule| rule.sign_in).next().unwrap_or(Choice::Never);
        identity.map_err(|stop| match *stop {
            Stop::Refused(refusal) if refusal.code.status() == Some(401) && choice != Choice::Never => {
                Box::new(Stop::SignIn(Need::Instead { refusal, choice }))
            }
            other => Box::new(other),
        })
    }

    /// Whether it is a session that should be refreshed before its token is good no more.
    pub(crate) fn ends_soon(&self, bearer: &Bearer<'_>, now: UnixTime) -> bool {
        let sign_in = self.configuration.sign_in.as_ref().filter(|_| bearer.is_session);
        sign_in.is_some_and(|sign_in| bearer.verdict.claims.expire_within(sign_in.refresh_before_seconds, now))
    }

    fn by_token(&self, token: &str, asked: &Asked<'_>, context: &mut Context, trace: &mut Trace) -> OrStop<Bearer<'_>> {
        // Sessions are remembered by what was sealed, which has no dot in it; a JWS has two. None passes for the other.
        if token.contains('.')
            && let Some((provider, verdict)) = self.remembered(token, asked.now)
        {
            refuse_other_providers(provider, asked.matches)?;
            return Ok(Bearer { provider, verdict, is_session: false });
        }
        let verdict = self.verify(token, asked, context, trace)?;
        self.remember(token.into(), verdict, false)
    }

    /// What is remembered is the sealed session as a whole: it need not be opened again.
    fn by_session(
        &self,
        sign_in: &SignIn,
        sealed: &str,
        asked: &Asked<'_>,
        context: &mut Context,
        trace: &mut Trace,
    ) -> OrStop<Bearer<'_>> {
        if let Some((provider, verdict)) = self.remembered(sealed, asked.now) {
            refuse_other_providers(provider, asked.matches)?;
            return Ok(Bearer { provider, verdict, is_session: true });
        }
        let credential = sign_in.credential(sealed, &self.configuration.secrets, asked.now, asked.keys)?;
        let mut verdict = self.verify(&credential.token, asked, context, trace)?;
        verdict.until = Some(credential.until);
        self.remember(sealed.into(), verdict, true)
    }

    fn verify(&self, token: &str, asked: &Asked<'_>, context: &mut Context, trace: &mut Trace) -> OrStop<Verdict> {
        let Asked { matches, now, keys } = *asked;
        verification::verify(
            &self.configuration.providers,
            &self.configuration.secrets,
            token,
            matches,
            None,
            now,
            keys,
            context,
            trace,
        )
    }

    /// What was found out about this token before, if its provider's keys are still trusted, and its times still hold.
    ///
    /// Otherwise it is forgotten, and goes the long way again, which knows why it is refused.
    fn remembered(&self, token: &str, now: UnixTime) -> Option<(&Provider, Rc<Verdict>)> {
        let verdict = self.verdicts.borrow_mut().find(token)?;
        let provider = self.configuration.providers.get(verdict.provider)?;
        if provider.keys_at(now).is_some()
            && verdict.claims.hold_at(now, &provider.expectations)
            && verdict.until.is_none_or(|until| now < until)
        {
            return Some((provider, verdict));
        }
        self.verdicts.borrow_mut().remove(token);
        None
    }

    fn remember(&self, token: Box<str>, verdict: Verdict, is_session: bool) -> OrStop<Bearer<'_>> {
        let provider = self.configuration.providers.get(verdict.provider);
        let provider = provider.ok_or_else(|| Refusal::new(Code::Internal, "no such provider"))?;
        let verdict = Rc::new(verdict);
        self.verdicts.borrow_mut().insert(token, Rc::clone(&verdict));
        Ok(Bearer { provider, verdict, is_session })
    }
}

/// A token in a header was put there by a script of this very site, and counts. One in the query or in a cookie can be
/// anybody's: beside a session it is one of two different tokens (threat 42).
fn refuse_beside_session(source: &TokenSource, sign_in: &SignIn, request: &Request) -> Result<(), Refusal> {
    let is_header = matches!(source, TokenSource::Header { .. });
    if is_header || Sealed::of(request, &sign_in.cookies) == Sealed::None {
        return Ok(());
    }
    Err(Refusal::new(Code::CredentialsAmbiguous, "a token beside a session"))
}
