//! The way back from the provider (RFC 6749, section 4.1.2; OpenID Connect Core 1.0, section 3.1.2.5).

use crate::provider::Issuer;
use crate::refusal::Code;
use crate::stop::{OrStop, Stop, refused};

use super::attempt::Attempt;
use super::client::{Client, SessionToken};
use super::endpoints::Endpoints;
use super::reply::Reply;
use super::return_to::ReturnTo;
use super::session::{Session, Tokens};
use super::token_request;
use super::token_response::{self, NoTokens};
use super::visit::{TokenKind, Visit};

impl Visit<'_> {
    /// The answer to an attempt that began in this browser, and was not answered yet.
    pub(super) fn callback(&self, client: &Client, state: &str) -> OrStop<Box<Reply>> {
        let Some(attempt) = Attempt::of(state, self.request, &self.sign_in.cookies, &self.cookie_keys) else {
            return Ok(self.error_page(
                Code::SignInFailed,
                "no attempt of this browser has this `state`",
                Vec::new(),
                &ReturnTo::home(),
            ));
        };
        let (cleared, to) = (attempt.cleared(&self.sign_in.cookies), attempt.return_to.clone());
        self.finish(client, attempt).or_else(|stop| match *stop {
            Stop::Refused(refusal) if refusal.code.status() != Some(503) => {
                let code = if refusal.code == Code::SignInDenied { refusal.code } else { Code::SignInFailed };
                Ok(self.error_page(code, refusal.detail, vec![cleared], &to))
            }
            // The answer may still be good later.
            other => self.page_of_outage(other, &to),
        })
    }

    fn finish(&self, client: &Client, attempt: Attempt) -> OrStop<Box<Reply>> {
        let age = self.means.now.seconds() - attempt.began_at;
        if !(0.0..self.sign_in.attempt_seconds).contains(&age) {
            return Err(failed("the attempt took too long"));
        }
        if attempt.provider != client.name {
            return Err(failed("the attempt was with another provider"));
        }
        let endpoints = self.endpoints(client)?;
        self.check_issuer(client, &endpoints)?;
        if let Some(error) = self.parameter("error") {
            return Err(provider_error(&error));
        }
        let code = self.parameter("code").ok_or_else(|| failed("the answer has neither `code` nor `error`"))?;
        let request = token_request::for_code(
            &self.credentials(client)?,
            &endpoints.token,
            &code,
            &self.redirect_uri(client)?,
            &attempt.code_verifier(),
        );
        let tokens = token_response::tokens(self.exchange("token", request)?).map_err(|reason| match reason {
            NoTokens::Outage => refused(Code::SignInUnavailable, "the token endpoint does not answer"),
            NoTokens::InvalidGrant => failed("the provider does not take the code (`invalid_grant`)"),
            NoTokens::Refused => failed("the token endpoint refuses us, or answers what is no token response"),
        })?;

        let nonce = attempt.nonce();
        let id = self.verify(client, &tokens.id, TokenKind::Id { nonce: Some(&nonce) })?;
        let subject = id.get("sub").and_then(crate::json::Json::as_str);
        let subject = subject.ok_or_else(|| failed("the ID token has no `sub`"))?.to_owned();
        let now = self.means.now.seconds();
        let (provider, client_id) = (client.name.clone(), client.client_id.clone());
        let session = Session { provider, client_id, subject, signed_in_at: now, tokens_at: now, tokens };
        let mut cookies = self.session_cookies(client, session)?;
        cookies.push(attempt.cleared(&self.sign_in.cookies));
        cookies.extend(self.one_more_sign_in(&attempt));
        let location = attempt.return_to.as_str().to_owned();
        Ok(Reply::redirect(Code::SignedIn, 303, location, cookies, "signed in"))
    }

    /// RFC 9207, section 2.4: the answer is this provider's (threat 52).
    fn check_issuer(&self, client: &Client, endpoints: &Endpoints) -> OrStop<()> {
        let is_issuer = |given: &String| match &self.provider_of(client).map(|provider| &provider.issuer) {
            Ok(Issuer::OneOf(issuers)) => issuers.contains(given),
            _ => false,
        };
        let has_parameter = crate::query::values(&self.request.query, "iss").map_or(true, |values| !values.is_empty());
        match self.parameter("iss") {
            Some(issuer) if is_issuer(&issuer) => Ok(()),
            None if !has_parameter && !endpoints.answers_with_issuer => Ok(()),
            _ => Err(failed("the answer's `iss` is not the provider's")),
        }
    }

    /// The cookies of a session that will be taken, with the tokens in it that are to be kept.
    pub(super) fn session_cookies(&self, client: &Client, session: Session) -> OrStop<Vec<String>> {
        let token = match client.token {
            SessionToken::Id => &session.tokens.id,
            SessionToken::Access => &session.tokens.access,
        };
        let claims = self.verify(client, token, TokenKind::Session)?;
        if claims.get("sub").is_some_and(|subject| subject.as_str() != Some(&session.subject)) {
            return Err(failed("the tokens are of two people"));
        }
        let Tokens { id, access, refresh } = &session.tokens;
        let kept = |keep: bool, token: &String| if keep { token.clone() } else { String::new() };
        let tokens = Tokens {
            id: kept(client.keep.id || client.token == SessionToken::Id, id),
            access: kept(client.keep.access || client.token == SessionToken::Access, access),
            refresh: kept(client.keep.refresh, refresh),
        };
        let session = Session { tokens, ..session };
        let age = self.means.now.seconds() - session.signed_in_at;
        let left = self.sign_in.session_seconds - age;
        let nonce = self.random.take().ok_or_else(|| failed("randomness is used up"))?;
        let cookies = session.cookies(&self.sign_in.cookies, &self.cookie_keys, nonce, left);
        cookies.ok_or_else(|| failed("the session is too large for cookies: keep fewer tokens, or make them smaller"))
    }
}

/// RFC 6749, section 4.1.2.1. What the provider wrote came through the viewer: only known words are repeated.
fn provider_error(error: &str) -> Box<Stop> {
    match error {
        "access_denied" => refused(Code::SignInDenied, "the provider answers `access_denied`"),
        "temporarily_unavailable" | "server_error" => {
            refused(Code::SignInUnavailable, "the provider says that it is out of order")
        }
        "invalid_scope" => failed("the provider answers `invalid_scope`"),
        "unauthorized_client" => failed("the provider answers `unauthorized_client`"),
        "invalid_request" => failed("the provider answers `invalid_request`"),
        "login_required" | "interaction_required" | "consent_required" | "account_selection_required" => {
            failed("the provider wants to ask the person, which `prompt=none` forbids")
        }
        _ => failed("the provider answers with an error"),
    }
}

pub(super) fn failed(detail: &'static str) -> Box<Stop> {
    refused(Code::SignInFailed, detail)
}
