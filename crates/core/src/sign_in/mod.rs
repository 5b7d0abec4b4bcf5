//! Signing in at the edge: the authorization code flow of OpenID Connect, and the session that comes of it.
//!
//! A browser without a session is sent to the provider ([`attempt`], [`authorize_url`]), comes back with a code ([`callback`]),
//! and gets a session in cookies ([`session`]), which is refreshed ([`refresh`]) until the person signs out ([`sign_out`]).
//! Whose turn it is says [`Visit`]; read `visit.rs` first.

mod again;
mod attempt;
mod authorize_url;
mod callback;
mod client;
mod client_kind;
mod compatible;
mod cookies;
mod endpoints;
mod fields;
mod page;
mod refresh;
mod reply;
mod return_to;
mod seal;
mod session;
mod sign_out;
mod start;
mod token_request;
mod token_response;
mod token_text;
mod visit;

pub(crate) use authorize_url::OWN_PARAMETERS;
pub(crate) use client::{Client, ClientAuthentication, Keep, SessionToken};
pub(crate) use client_kind::HEADERS;
pub(crate) use compatible::COGNITO_PREFIX;
pub(crate) use cookies::CookieSettings;
pub(crate) use endpoints::{EndpointSource, Endpoints};
pub(crate) use reply::Reply;
pub(crate) use seal::{MAX_KEYS, check_secret};
pub(crate) use session::Sealed;
pub use token_response::ProviderAnswer;
pub(crate) use visit::{Outcome, Visit};

use crate::answer::link;
use crate::decision::SecretNeeded;
use crate::means::Means;
use crate::refusal::{Code, Refusal};
use crate::request::Request;
use crate::secrets::SecretId;
use crate::stop::{OrStop, Stop, refused};
use crate::time::UnixTime;

use seal::CookieKeys;
use session::Session;

/// What the configuration says about signing in.
#[derive(Debug)]
pub(crate) struct SignIn {
    pub(crate) paths: Paths,
    pub(crate) cookies: CookieSettings,
    /// The first seals cookies.
    pub(crate) keys: Vec<SecretId>,
    /// Never empty.
    pub(crate) clients: Vec<Client>,
    pub(crate) attempt_seconds: f64,
    pub(crate) session_seconds: f64,
    pub(crate) refresh_before_seconds: f64,
    /// Whether the cookies of Amplify and cloudfront-authorization-at-edge are read, too.
    pub(crate) reads_cognito_cookies: bool,
    /// The page that is shown instead of ours.
    pub(crate) page: Option<SecretId>,
}

/// Paths that are the sign-in's own; no rule is for them.
#[derive(Debug)]
pub(crate) struct Paths {
    /// Where providers send browsers back to; with several of them, `/` and the provider's name follow.
    pub(crate) sign_in: String,
    pub(crate) refresh: String,
    pub(crate) sign_out: String,
    /// Where browsers come after they have signed out; `None` for a page of our own.
    pub(crate) after_sign_out: Option<String>,
}

/// A session's token, which is still to be verified.
pub(crate) struct SessionCredential {
    pub(crate) token: String,
    /// When the session ends, whatever its token says.
    pub(crate) until: UnixTime,
}

impl SignIn {
    /// Whether a path is one of the sign-in's own.
    pub(crate) fn owns(&self, path: &str) -> bool {
        let Paths { sign_in, refresh, sign_out, .. } = &self.paths;
        [sign_in, refresh, sign_out]
            .iter()
            .any(|own| path.strip_prefix(own.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    /// The session's token, from what [`Sealed::of`] found. An error says why there is none.
    pub(crate) fn credential(&self, sealed: &str, means: &Means<'_>) -> OrStop<SessionCredential> {
        let cookie_keys = self.cookie_keys(means)?;
        let session = Session::open(sealed, &cookie_keys);
        let session = session.ok_or_else(|| invalid("the session is not one that we have sealed"))?;
        let client = self.client_of(&session).ok_or_else(|| invalid("the session is of a client that is no more"))?;
        let token = match client.token {
            SessionToken::Id => session.tokens.id,
            SessionToken::Access => session.tokens.access,
        };
        let until = UnixTime::from_seconds(session.signed_in_at).unwrap_or(means.now).plus(self.session_seconds);
        if means.now >= until {
            return Err(invalid("the session has come to its end"));
        }
        Ok(SessionCredential { token, until })
    }

    /// The link for somebody who has signed in, and may not see a page: as another person, perhaps.
    pub(crate) fn way_out(&self, refusal: &Refusal, request: &Request) -> Option<String> {
        let is_way = refusal.status() == 403 && Sealed::of(request, &self.cookies) != Sealed::None;
        is_way.then(|| link(&self.paths.sign_out, "Sign out"))
    }

    fn client_of(&self, session: &Session) -> Option<&Client> {
        self.clients.iter().find(|client| client.name == session.provider && client.client_id == session.client_id)
    }

    fn cookie_keys<'a>(&self, means: &Means<'a>) -> OrStop<CookieKeys<'a>> {
        let mut found = Vec::new();
        for id in &self.keys {
            found.push(secret(*id, means)?);
        }
        Ok(CookieKeys(found))
    }

    /// The token in the cookies of other software that has signed the person in.
    pub(crate) fn compatible_token(&self, request: &Request) -> Option<String> {
        let clients = self.clients.iter().filter(|_| self.reads_cognito_cookies);
        clients.into_iter().find_map(|client| compatible::token(client, request))
    }

    /// What the names of cookies begin with that the origin does not get.
    pub(crate) fn cookie_prefixes(&self) -> Vec<&'static str> {
        let prefixes = [Some(self.cookies.prefix()), self.reads_cognito_cookies.then_some(COGNITO_PREFIX)];
        prefixes.into_iter().flatten().collect()
    }
}

/// A secret, or that it is to be had first.
fn secret<'a>(id: SecretId, means: &Means<'a>) -> OrStop<&'a [u8]> {
    if let Some(secret) = means.secret(id) {
        return Ok(secret);
    }
    match means.fetchable_secret(id) {
        Some(name) => Err(Box::new(Stop::SecretNeeded(SecretNeeded { name: name.to_owned() }))),
        None => Err(refused(Code::SecretsUnavailable, "a cookie key or the client secret is not there")),
    }
}

/// The session is none, or none any more.
pub(crate) fn invalid(detail: &'static str) -> Box<Stop> {
    refused(Code::SessionInvalid, detail)
}
