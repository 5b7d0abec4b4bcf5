//! Refreshing a session (RFC 6749, section 6; OpenID Connect Core 1.0, section 12).
//!
//! An answer with `Set-Cookie` cannot be a request that goes on, too. So a page is sent to itself again, with new cookies;
//! images and scripts pass as long as the old token is good, and get 401 after it: they are never redirected (threat 53).

use crate::decision::Context;
use crate::refusal::Code;
use crate::stop::{OrStop, Stop, refused};

use super::client::Client;
use super::client_kind::ClientKind;
use super::invalid;
use super::reply::Reply;
use super::return_to::ReturnTo;
use super::session::{Session, Tokens};
use super::token_request;
use super::token_response::{self, NoTokens};
use super::visit::{TokenKind, Visit};

/// A session that was refreshed so shortly ago is not refreshed again: tokens that live shorter than we refresh ahead would make
/// a loop of it, and tabs that refresh at once would go on for ever.
const PAUSE_SECONDS: f64 = 30.0;

/// What came of trying.
enum Refreshed {
    /// The `Set-Cookie` values of the session as it is now.
    Cookies(Vec<String>),
    /// There is nothing to refresh, or the provider does not take the refresh token any more.
    Gone,
    /// The provider does not answer: later it may.
    Outage,
}

impl Visit<'_> {
    /// For a page whose token is still good: to itself with new cookies, or `None` where it just goes on.
    pub(super) fn refreshed_page(&self, context: &mut Context) -> OrStop<Option<Box<Reply>>> {
        if !self.is_page_to_read() {
            return Ok(None);
        }
        match self.refresh(context)? {
            Refreshed::Cookies(cookies) => Ok(Some(self.same_page(cookies))),
            // Another tab may have been first, with the same refresh token: the token that we have is still good.
            Refreshed::Gone | Refreshed::Outage => Ok(None),
        }
    }

    /// For a page whose token is not good any more: to itself with new cookies, or `None` where only a sign-in helps.
    pub(super) fn refreshed_or_unavailable(&self, context: &mut Context) -> OrStop<Option<Box<Reply>>> {
        if !self.is_page_to_read() {
            return Ok(None);
        }
        match self.refresh(context)? {
            Refreshed::Cookies(cookies) => Ok(Some(self.same_page(cookies))),
            Refreshed::Gone => Ok(None),
            Refreshed::Outage => {
                let detail = "the session cannot be refreshed: the token endpoint does not answer";
                Ok(Some(self.error_page(Code::SignInUnavailable, detail, Vec::new(), &ReturnTo::of(self.request))))
            }
        }
    }

    /// What scripts of a page ask so that the session does not end under them: 204 with new cookies.
    pub(super) fn refresh_endpoint(&self, context: &mut Context) -> OrStop<Box<Reply>> {
        let (session, _) = self.session()?;
        let cookies = if self.is_fresh(&session) {
            Vec::new()
        } else {
            match self.refresh(context)? {
                Refreshed::Cookies(cookies) => cookies,
                Refreshed::Gone => return Err(invalid("the session cannot be refreshed")),
                Refreshed::Outage => {
                    return Err(refused(Code::SignInUnavailable, "the token endpoint does not answer"));
                }
            }
        };
        let code = Code::SessionRefreshed;
        if self.kind == ClientKind::Other {
            let answer = crate::answer::Answer::plain(204, Vec::new(), cookies);
            return Ok(Box::new(Reply { code, detail: "the session was refreshed".into(), answer }));
        }
        Ok(Reply::redirect(code, 303, self.wanted_page().as_str().to_owned(), cookies, "the session was refreshed"))
    }

    fn refresh(&self, context: &mut Context) -> OrStop<Refreshed> {
        let Ok((session, client)) = self.session() else {
            return Ok(Refreshed::Gone);
        };
        let is_over = self.means.now.seconds() - session.signed_in_at >= self.sign_in.session_seconds;
        if session.tokens.refresh.is_empty() || is_over || self.is_fresh(&session) {
            return Ok(Refreshed::Gone);
        }
        context.provider = Some(client.name.as_str().into());
        self.refreshed_cookies(&session, client).or_else(|stop| match *stop {
            Stop::Refused(refusal) if refusal.code.status() == Some(503) => Ok(Refreshed::Outage),
            // What the provider has sent would not be taken.
            Stop::Refused(_) => Ok(Refreshed::Gone),
            other => Err(Box::new(other)),
        })
    }

    fn refreshed_cookies(&self, session: &Session, client: &Client) -> OrStop<Refreshed> {
        let endpoints = self.endpoints(client)?;
        let request =
            token_request::for_refresh_token(&self.credentials(client)?, &endpoints.token, &session.tokens.refresh);
        let new = match token_response::tokens(self.exchange("refresh", request)?) {
            Ok(tokens) => tokens,
            Err(NoTokens::Outage) => return Ok(Refreshed::Outage),
            Err(NoTokens::InvalidGrant | NoTokens::Refused) => return Ok(Refreshed::Gone),
        };
        // OpenID Connect Core 1.0, section 12.2: where there is an ID token, it is the same person's.
        if !new.id.is_empty() {
            let claims = self.verify(client, &new.id, TokenKind::Id { nonce: None })?;
            if claims.get("sub").is_none_or(|subject| subject.as_str() != Some(&session.subject)) {
                return Ok(Refreshed::Gone);
            }
        }
        let or_old = |new: String, old: &String| if new.is_empty() { old.clone() } else { new };
        let tokens = Tokens {
            id: or_old(new.id, &session.tokens.id),
            access: or_old(new.access, &session.tokens.access),
            // Where refresh tokens are rotated, the old one is worth nothing now (RFC 9700, section 4.14.2).
            refresh: or_old(new.refresh, &session.tokens.refresh),
        };
        let session = Session { tokens, tokens_at: self.means.now.seconds(), ..session.clone() };
        self.session_cookies(client, session).map(Refreshed::Cookies)
    }

    fn is_page_to_read(&self) -> bool {
        self.kind != ClientKind::Other && self.request.method == "GET"
    }

    fn is_fresh(&self, session: &Session) -> bool {
        (0.0..PAUSE_SECONDS).contains(&(self.means.now.seconds() - session.tokens_at))
    }

    fn same_page(&self, cookies: Vec<String>) -> Box<Reply> {
        let location = ReturnTo::whole(self.request).as_str().to_owned();
        Reply::redirect(Code::SessionRefreshed, 307, location, cookies, "the session was refreshed")
    }
}
