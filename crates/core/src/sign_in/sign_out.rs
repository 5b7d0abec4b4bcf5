//! Signing out: here, at the provider, and of what was issued (threat 55).

use crate::answer::Answer;
use crate::decision::Context;
use crate::refusal::Code;
use crate::stop::{OrStop, Stop};

use super::attempt::Attempt;
use super::authorize_url::with_query;
use super::client::Client;
use super::client_kind::{ClientKind, is_unasked};
use super::reply::Reply;
use super::session::Session;
use super::token_request;
use super::visit::{SIGNED_OUT, Visit};

impl Visit<'_> {
    /// Ends the session in this browser, has the refresh token revoked, and leads to where the provider ends its own.
    pub(super) fn sign_out(&self, context: &mut Context) -> OrStop<Box<Reply>> {
        // Neither a link on another site, nor one that a browser only fetches ahead, signs anybody out: people are asked first.
        if is_unasked(self.request) {
            return Ok(self.sign_out_question());
        }
        let session = self.session().ok().or_else(|| self.compatible_session());
        let mut location = None;
        if let Some((session, client)) = &session {
            context.provider = Some(client.name.as_str().into());
            location = self.sign_out_of_provider(session, client).or_else(|stop| match *stop {
                // What the provider has to do with it can fail: the session here ends anyway.
                Stop::Refused(_) => Ok(None),
                other => Err(Box::new(other)),
            })?;
        }
        let settings = &self.sign_in.cookies;
        let mut cookies: Vec<String> = Session::cleared(settings).collect();
        Attempt::clear_all(self.request, settings, &mut cookies);
        cookies.push(self.no_sign_ins());
        self.clear_compatible(&mut cookies);
        // What the browser has kept of this site's pages and pictures, its history included (W3C Clear Site Data, section 3.1).
        let mut headers = vec![("clear-site-data", "\"cache\"".to_owned())];
        let status = if self.kind == ClientKind::Other {
            204
        } else {
            headers.push(("location", location.unwrap_or_else(|| self.path_after_sign_out())));
            303
        };
        let answer = Answer::plain(status, headers, cookies);
        Ok(Box::new(Reply { code: Code::SignedOut, detail: "signed out".into(), answer }))
    }

    /// Revokes the refresh token, and answers the URL at which the provider's own session ends.
    fn sign_out_of_provider(&self, session: &Session, client: &Client) -> OrStop<Option<String>> {
        let endpoints = self.endpoints(client)?;
        if let (Some(url), false) = (&endpoints.revocation, session.tokens.refresh.is_empty()) {
            let credentials = self.credentials(client)?;
            // Whatever comes of it: there is nothing else to be done.
            self.exchange("revoke", token_request::for_revocation(&credentials, url, &session.tokens.refresh))?;
        }
        let after = self.absolute(&self.path_after_sign_out())?;
        let client_id = client.client_id.as_str();
        let Some(url) = &endpoints.end_session else {
            return Ok(None);
        };
        // OpenID Connect RP-Initiated Logout 1.0, section 2; "Logout endpoint" in the Amazon Cognito Developer Guide. Each
        // passes over what the other one calls it.
        let mut parameters =
            vec![("client_id", client_id), ("post_logout_redirect_uri", &after), ("logout_uri", &after)];
        if !session.tokens.id.is_empty() {
            parameters.push(("id_token_hint", &session.tokens.id));
        }
        Ok(Some(with_query(url, &parameters)))
    }

    fn path_after_sign_out(&self) -> String {
        let paths = &self.sign_in.paths;
        paths.after_sign_out.clone().unwrap_or_else(|| [&paths.sign_out, SIGNED_OUT].concat())
    }
}
