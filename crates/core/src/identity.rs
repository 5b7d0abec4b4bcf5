//! Who sends a request: by a token that it carries, or by a session.

use std::cell::RefCell;
use std::rc::Rc;

use crate::config::Configuration;
use crate::credentials::{self, NoToken, TokenSource};
use crate::means::Means;
use crate::notes::Notes;
use crate::policy::{Access, RuleMatch, SignInChoice};
use crate::provider::Provider;
use crate::refusal::{Code, Refusal};
use crate::request::Request;
use crate::sign_in::{self, Sealed, SignIn};
use crate::stop::{Need, OrStop, Stop};
use crate::time::UnixTime;
use crate::verdict_cache::{Verdict, VerdictCache};
use crate::verification::{self, refuse_other_providers};

/// Whose token it is, and what is known of it.
pub(crate) struct Bearer<'a> {
    pub(crate) provider: &'a Provider,
    pub(crate) verdict: Rc<Verdict>,
    /// Whether the token came out of a session of ours.
    pub(crate) is_session: bool,
}

impl Bearer<'_> {
    /// Whether it is a session that should be refreshed before its token is good no more.
    pub(crate) fn ends_soon(&self, sign_in: Option<&SignIn>, now: UnixTime) -> bool {
        let sign_in = sign_in.filter(|_| self.is_session);
        sign_in.is_some_and(|sign_in| self.verdict.claims.expire_within(sign_in.refresh_before_seconds, now))
    }
}

/// A request whose sender is to be found out.
pub(crate) struct Identification<'a> {
    pub(crate) configuration: &'a Configuration,
    /// What was found out about tokens before.
    pub(crate) verdicts: &'a RefCell<VerdictCache>,
    pub(crate) request: &'a Request,
    /// The rules that it has to be identified for.
    pub(crate) matches: &'a [RuleMatch<'a>],
    pub(crate) means: &'a Means<'a>,
}

impl<'a> Identification<'a> {
    /// The request's token, verified. Where a browser that has none, or a session that is no good, may sign in instead, it is
    /// for the sign-in to go on.
    pub(crate) fn bearer(&self, notes: &mut Notes<'_>) -> OrStop<Bearer<'a>> {
        let rules = self.matches.iter().map(|matched| matched.rule).filter(|rule| rule.access != Access::Anyone);
        let sources =
            rules.clone().map(|rule| rule.token_sources.as_ref().unwrap_or(&self.configuration.token_sources));
        let found = credentials::find_token(sources, self.request);
        // A rule that says where its tokens are means these places only.
        let has_own_sources = rules.clone().any(|rule| rule.token_sources.is_some());
        let Some(sign_in) = self.configuration.sign_in.as_ref().filter(|_| !has_own_sources) else {
            let (token, _) = found.map_err(NoToken::into_refusal)?;
            return self.by_token(&token, notes);
        };
        let missing = match found {
            Ok((token, source)) => {
                refuse_beside_session(source, sign_in, self.request)?;
                return self.by_token(&token, notes);
            }
            Err(NoToken::Refused(refusal)) => return Err(refusal.into()),
            Err(missing) => missing,
        };
        let bearer = match Sealed::of(self.request, &sign_in.cookies) {
            Sealed::Text(text) => self.by_session(sign_in, &text, notes),
            Sealed::Broken => Err(sign_in::invalid("the session's cookies are not all there once")),
            Sealed::None => match sign_in.compatible_token(self.request) {
                Some(token) => self.by_token(&token, notes),
                None => Err(missing.into_refusal().into()),
            },
        };
        let choice = rules.map(|rule| rule.sign_in).next().unwrap_or(SignInChoice::Never);
        bearer.map_err(|stop| match *stop {
            Stop::Refused(refusal) if refusal.code.status() == Some(401) && choice != SignInChoice::Never => {
                Box::new(Stop::SignIn(Need::Instead { refusal, choice }))
            }
            other => Box::new(other),
        })
    }

    fn by_token(&self, token: &str, notes: &mut Notes<'_>) -> OrStop<Bearer<'a>> {
        // Sessions are remembered by what was sealed, which has no dot in it; a JWS has two. None passes for the other.
        if token.contains('.')
            && let Some((provider, verdict)) = self.remembered(token)
        {
            refuse_other_providers(provider, self.matches)?;
            return Ok(Bearer { provider, verdict, is_session: false });
        }
        let verdict = verification::verify(token, self.matches, None, self.means, notes)?;
        self.remember(token.into(), verdict, false)
    }

    /// What is remembered is the sealed session as a whole: it need not be opened again.
    fn by_session(&self, sign_in: &SignIn, sealed: &str, notes: &mut Notes<'_>) -> OrStop<Bearer<'a>> {
        if let Some((provider, verdict)) = self.remembered(sealed) {
            refuse_other_providers(provider, self.matches)?;
            return Ok(Bearer { provider, verdict, is_session: true });
        }
        let credential = sign_in.credential(sealed, self.means)?;
        let mut verdict = verification::verify(&credential.token, self.matches, None, self.means, notes)?;
        verdict.until = Some(credential.until);
        self.remember(sealed.into(), verdict, true)
    }

    /// What was found out about this token before, if its provider's keys are still trusted, and its times still hold.
    ///
    /// Otherwise it is forgotten, and goes the long way again, which knows why it is refused.
    fn remembered(&self, token: &str) -> Option<(&'a Provider, Rc<Verdict>)> {
        let now = self.means.now;
        let verdict = self.verdicts.borrow_mut().find(token)?;
        let provider = self.means.providers.get(verdict.provider)?;
        if provider.keys_at(now).is_some()
            && verdict.claims.hold_at(now, &provider.expectations)
            && verdict.until.is_none_or(|until| now < until)
        {
            return Some((provider, verdict));
        }
        self.verdicts.borrow_mut().remove(token);
        None
    }

    fn remember(&self, token: Box<str>, verdict: Verdict, is_session: bool) -> OrStop<Bearer<'a>> {
        let provider = self.means.providers.get(verdict.provider);
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
