//! The pages that people see: which provider, what went wrong, signed out.
//!
//! One template for all of them, ours or the configuration's. Nothing in it comes from elsewhere, and what is filled in is
//! ours or the configuration's, never the viewer's, but for the page to go back to, which is encoded.

use std::borrow::Cow;

use crate::answer::{Answer, Content, STYLE_HASH, TEMPLATE, filled, link, policy};
use crate::base64url;
use crate::percent;
use crate::refusal::Code;
use crate::stop::{OrStop, Stop};

use super::reply::Reply;
use super::return_to::ReturnTo;
use super::visit::Visit;

impl Visit<'_> {
    /// What went wrong, and how to try again.
    pub(super) fn error_page(
        &self,
        code: Code,
        detail: impl Into<Cow<'static, str>>,
        cookies: Vec<String>,
        to: &ReturnTo,
    ) -> Box<Reply> {
        let links = link(&self.sign_in_link(&self.sign_in.paths.sign_in, to), "Try again");
        self.page(code, detail, &links, cookies)
    }

    /// The same where the provider is down, or keys or secrets are; whatever else stops a step, stops it.
    pub(super) fn page_of_outage(&self, stop: Stop, to: &ReturnTo) -> OrStop<Box<Reply>> {
        match stop {
            Stop::Refused(refusal) if refusal.code.status() == Some(503) => {
                Ok(self.error_page(refusal.code, refusal.detail, Vec::new(), to))
            }
            other => Err(Box::new(other)),
        }
    }

    /// The providers to sign in with.
    pub(super) fn choice_page(&self, to: &ReturnTo) -> Box<Reply> {
        let clients = self.sign_in.clients.iter();
        let links: String =
            clients.map(|client| link(&self.sign_in_link(&self.sign_in_path_of(client), to), &client.title)).collect();
        let detail = "there are several providers to sign in with";
        self.page(Code::SignInChoice, detail, &links, Vec::new())
    }

    pub(super) fn sign_out_question(&self) -> Box<Reply> {
        let links = link(&self.sign_in.paths.sign_out, "Sign out");
        let detail = "another site leads to the sign-out: the person is asked";
        self.page(Code::SignOutAsked, detail, &links, Vec::new())
    }

    pub(super) fn signed_out_page(&self) -> Box<Reply> {
        let links = link(&self.sign_in.paths.sign_in, "Sign in");
        self.page(Code::SignedOut, "signed out", &links, Vec::new())
    }

    fn sign_in_link(&self, path: &str, to: &ReturnTo) -> String {
        [path, "?to=", &percent::encode(to.as_str())].concat()
    }

    fn page(&self, code: Code, detail: impl Into<Cow<'static, str>>, links: &str, cookies: Vec<String>) -> Box<Reply> {
        let (title, text) = words(code);
        let own = self.sign_in.page.and_then(|id| self.means.secrets.get(id, self.means.now));
        let own = own.and_then(|page| std::str::from_utf8(page).ok());
        // Without randomness a page of the user's own has no style, and nothing else could get one either.
        let nonce = self.random.take::<12>().map(|bytes| base64url::encode(bytes)).unwrap_or_default();
        let body = filled(own.unwrap_or(TEMPLATE), Content { code: code.as_str(), title, text, links, nonce: &nonce });
        let style = if own.is_some() { ["'nonce-", &nonce, "'"].concat() } else { STYLE_HASH.to_owned() };
        let mut headers =
            vec![("content-type", "text/html; charset=utf-8".to_owned()), ("content-security-policy", policy(&style))];
        let status = code.status().unwrap_or(200);
        if status == 401 {
            headers.push(("www-authenticate", "Bearer".to_owned()));
        }
        let mut answer = Answer::plain(status, headers, cookies);
        answer.body = body;
        Box::new(Reply { code, detail: detail.into(), answer })
    }
}

/// The title, and one sentence.
fn words(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::SignInChoice => ("Sign in", "How do you want to sign in?"),
        Code::SignedOut => ("Signed out", "You are signed out."),
        Code::SignOutAsked => ("Sign out?", "A link on another site brought you here."),
        Code::SignInDenied => ("Not signed in", "You declined, or you may not use this site."),
        Code::SignInLoop => (
            "Signing in does not hold",
            "You were signed in several times, but this site did not know you afterwards. Allow its cookies; if that does not help, tell whoever runs it.",
        ),
        Code::SignInFailed => {
            ("Signing in did not work", "It took too long, was already finished, or began in another browser.")
        }
        _ => ("Not available now", "Please try again in a moment."),
    }
}
