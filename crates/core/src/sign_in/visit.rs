//! One request that it is the sign-in's turn for: which step it is, and what the steps share.

use subtle::ConstantTimeEq;

use crate::claims::ValidatedClaims;
use crate::decision::{Context, FetchNeeded};
use crate::edits::Edits;
use crate::fetch::Fetch;
use crate::json::Json;
use crate::means::Means;
use crate::notes::Notes;
use crate::policy::SignInChoice;
use crate::provider::Provider;
use crate::random::Random;
use crate::refusal::{Code, Refusal};
use crate::request::Request;
use crate::stop::{Need, OrStop, Stop, refused};
use crate::trace::Trace;
use crate::verification;

use super::client::Client;
use super::client_kind::ClientKind;
use super::endpoints::{Endpoints, Lack};
use super::reply::Reply;
use super::return_to::ReturnTo;
use super::seal::CookieKeys;
use super::session::{Sealed, Session};
use super::token_request::Credentials;
use super::token_response::ProviderAnswer;
use super::{SignIn, invalid, secret};

/// A request, and all that a step may need to answer it.
pub(crate) struct Visit<'a> {
    pub(super) sign_in: &'a SignIn,
    pub(super) cookie_keys: CookieKeys<'a>,
    pub(super) request: &'a Request,
    pub(super) means: &'a Means<'a>,
    pub(super) random: &'a Random<'a>,
    /// What was fetched, and what for.
    pub(super) fetched: Option<(&'a str, &'a ProviderAnswer)>,
    pub(super) kind: ClientKind,
}

/// What a token is verified as.
#[derive(PartialEq, Eq)]
pub(super) enum TokenKind<'n> {
    Session,
    /// With the `nonce` that it has to answer to, if one was sent.
    Id {
        nonce: Option<&'n str>,
    },
}

/// What comes of it.
pub(crate) enum Outcome {
    Reply(Box<Reply>),
    Forward(Code, Edits),
}

impl<'a> Visit<'a> {
    pub(crate) fn new(
        sign_in: &'a SignIn,
        request: &'a Request,
        means: &'a Means<'a>,
        random: &'a Random<'a>,
        fetched: Option<(&'a str, &'a ProviderAnswer)>,
    ) -> OrStop<Self> {
        let cookie_keys = sign_in.cookie_keys(means)?;
        let kind = ClientKind::of(request);
        Ok(Self { sign_in, cookie_keys, request, means, random, fetched, kind })
    }

    /// Takes the step that is due.
    pub(crate) fn answer(&self, need: Need, context: &mut Context) -> OrStop<Outcome> {
        match need {
            Need::OwnPath => self.own_path(context).map(Outcome::Reply),
            Need::Instead { refusal, choice } => self.instead_of(refusal, choice, context).map(Outcome::Reply),
            Need::Refresh { code, edits } => Ok(match self.refreshed_page(context)? {
                Some(reply) => Outcome::Reply(reply),
                None => Outcome::Forward(code, edits),
            }),
        }
    }

    fn own_path(&self, context: &mut Context) -> OrStop<Box<Reply>> {
        let paths = &self.sign_in.paths;
        let is_post = match self.request.method.as_str() {
            "GET" | "HEAD" => false,
            "POST" => true,
            _ => return Err(not_allowed(&["GET", "POST"])),
        };
        let path = self.request.path.as_str();
        if path == paths.refresh {
            return self.refresh_endpoint(context);
        }
        if path == paths.sign_out {
            return self.sign_out(context);
        }
        if path.strip_prefix(&paths.sign_out) == Some(SIGNED_OUT) {
            return Ok(self.signed_out_page());
        }
        match path.strip_prefix(&paths.sign_in) {
            Some(_) if is_post => Err(not_allowed(&["GET"])),
            Some("") => self.sign_in_path(None, context),
            Some(rest) => self.sign_in_path(rest.strip_prefix('/'), context),
            None => Err(refused(Code::NoRule, "no page of the sign-in has this path")),
        }
    }

    /// Where providers send browsers back to, and links to the sign-in lead to.
    fn sign_in_path(&self, name: Option<&str>, context: &mut Context) -> OrStop<Box<Reply>> {
        let clients = &self.sign_in.clients;
        let client = match (name, &clients[..]) {
            (None, [client]) => Some(client),
            (None, _) => None,
            (Some(name), _) => Some(
                clients
                    .iter()
                    .find(|client| clients.len() > 1 && client.name == name)
                    .ok_or_else(|| refused(Code::NoRule, "no provider to sign in with has this name"))?,
            ),
        };
        match client {
            Some(client) => {
                context.provider = Some(client.name.as_str().into());
                match self.parameter("state") {
                    Some(state) => self.callback(client, &state),
                    None => self.start(client, self.wanted_page()),
                }
            }
            None => Ok(self.choice_page(&self.wanted_page())),
        }
    }

    /// A request without a good token: refresh, sign in, or the refusal as it is.
    fn instead_of(&self, refusal: Refusal, choice: SignInChoice, context: &mut Context) -> OrStop<Box<Reply>> {
        if self.kind == ClientKind::Other || choice == SignInChoice::Never {
            return Err(refusal.into());
        }
        if let Some(reply) = self.refreshed_or_unavailable(context)? {
            return Ok(reply);
        }
        if self.kind == ClientKind::Frame {
            return Err(refusal.into());
        }
        self.start_for(choice, context)
    }

    /// The session in the request's cookies, whether its token is good or not.
    pub(super) fn session(&self) -> OrStop<(Session, &'a Client)> {
        let Sealed::Text(text) = Sealed::of(self.request, &self.sign_in.cookies) else {
            return Err(invalid("there is no session"));
        };
        let session = Session::open(&text, &self.cookie_keys).ok_or_else(|| invalid("the session does not open"))?;
        let client = self.sign_in.client_of(&session).ok_or_else(|| invalid("the session is of no client"))?;
        Ok((session, client))
    }

    pub(super) fn provider_of(&self, client: &Client) -> OrStop<&'a Provider> {
        self.means.providers.get(client.provider).ok_or_else(|| refused(Code::Internal, "no such provider"))
    }

    /// The client as the provider wants it to show.
    pub(super) fn credentials<'c>(&'c self, client: &'c Client) -> OrStop<Credentials<'c>> {
        let secret = match client.secret {
            None => "",
            Some(id) => std::str::from_utf8(secret(id, self.means)?).unwrap_or_default(),
        };
        Ok(Credentials { client_id: &client.client_id, authentication: client.authentication, secret })
    }

    pub(super) fn endpoints(&self, client: &Client) -> OrStop<Endpoints> {
        const PURPOSE: &str = "discovery";
        let issuer = &self.provider_of(client)?.issuer;
        Endpoints::of(&client.endpoints, issuer, self.means.now, self.fetched_for(PURPOSE)).map_err(|lack| match lack {
            Lack::Fetch(fetch) => Box::new(Stop::FetchNeeded(FetchNeeded { purpose: PURPOSE, fetch })),
            Lack::Unavailable(detail) => Refusal::new(Code::SignInUnavailable, detail).into(),
        })
    }

    /// What came of a request, or that it has to be sent first.
    pub(super) fn exchange(&self, purpose: &'static str, fetch: Fetch) -> OrStop<&'a ProviderAnswer> {
        self.fetched_for(purpose).ok_or_else(|| Box::new(Stop::FetchNeeded(FetchNeeded { purpose, fetch })))
    }

    fn fetched_for(&self, purpose: &str) -> Option<&'a ProviderAnswer> {
        self.fetched.filter(|(fetched_for, _)| *fetched_for == purpose).map(|(_, fetched)| fetched)
    }

    /// Verifies a token of this client's provider: as a session's token, for which it has to be one that requests would be
    /// taken with; or, with a `nonce`, as the ID token that answers to it.
    pub(super) fn verify(&self, client: &Client, token: &str, kind: TokenKind<'_>) -> OrStop<ValidatedClaims> {
        let (mut context, mut trace) = (Context::default(), Trace::off());
        let mut notes = Notes { context: &mut context, trace: &mut trace };
        let id_token_for = (kind != TokenKind::Session).then_some(client.client_id.as_str());
        let verdict = verification::verify(token, &[], id_token_for, self.means, &mut notes)?;
        let text = |name: &str| verdict.claims.get(name).and_then(Json::as_str);
        if verdict.provider != client.provider {
            return Err(refused(Code::IssuerUnknown, "the token is another provider's"));
        }
        // An audience more does not make it another client's.
        if id_token_for.is_some() && verdict.claims.get("azp").is_some() && text("azp") != id_token_for {
            return Err(refused(Code::AudienceMismatch, "the ID token's `azp` is another client"));
        }
        if let TokenKind::Id { nonce: Some(nonce) } = kind
            && !bool::from(text("nonce").unwrap_or_default().as_bytes().ct_eq(nonce.as_bytes()))
        {
            return Err(refused(Code::SignInFailed, "the ID token's `nonce` is not the one that was sent"));
        }
        Ok(verdict.claims)
    }

    /// Where this client's provider sends browsers back to: another URL for each provider, so that none can answer in
    /// another's name (threat 52; RFC 9700, section 4.4.2).
    pub(super) fn redirect_uri(&self, client: &Client) -> OrStop<String> {
        self.absolute(&self.sign_in_path_of(client))
    }

    pub(super) fn sign_in_path_of(&self, client: &Client) -> String {
        let path = &self.sign_in.paths.sign_in;
        if self.sign_in.clients.len() > 1 { [path, "/", &client.name].concat() } else { path.clone() }
    }

    /// A URL of this site. The `Host` header is the name that CloudFront found the distribution by; what a viewer made up
    /// would not be among the redirect URIs that the provider knows.
    pub(super) fn absolute(&self, path: &str) -> OrStop<String> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
        let mut hosts = self.request.header_values("host");
        let host = hosts.next().filter(|host| !host.is_empty() && host.bytes().all(is_plain) && hosts.next().is_none());
        let host = host.ok_or_else(|| refused(Code::RequestMalformed, "the request has no plain `host`"))?;
        Ok([if self.sign_in.cookies.secure { "https://" } else { "http://" }, host, path].concat())
    }

    /// The value of a parameter of the query that is there once.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        crate::query::single(&self.request.query, name)
    }

    /// Where a link to the sign-in says that people want to go: never to the sign-in itself.
    pub(super) fn wanted_page(&self) -> ReturnTo {
        let wanted = self.parameter("to").and_then(|to| ReturnTo::parse(&to));
        wanted.filter(|to| !self.sign_in.owns(to.path())).unwrap_or_else(ReturnTo::home)
    }
}

/// What follows the path of the sign-out on the page after it.
pub(super) const SIGNED_OUT: &str = "/done";

fn not_allowed(methods: &[&str]) -> Box<Stop> {
    let wanted = methods.iter().map(|method| (*method).to_owned()).collect();
    Refusal::new(Code::MethodNotAllowed, "the sign-in is not asked with this method").wanting(wanted).into()
}
