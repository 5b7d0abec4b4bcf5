//! The beginning: off to the provider.

use crate::decision::Context;
use crate::refusal::Code;
use crate::stop::{OrStop, refused};

use super::again;
use super::attempt::Attempt;
use super::authorize_url::authorize_url;
use super::client::Client;
use super::reply::Reply;
use super::return_to::ReturnTo;
use super::visit::Visit;
use crate::policy::SignInChoice;

impl Visit<'_> {
    /// For a page that needs a session: back to it afterwards.
    pub(super) fn start_for(&self, choice: SignInChoice, context: &mut Context) -> OrStop<Box<Reply>> {
        let page = ReturnTo::of(self.request);
        let client = match (choice, &self.sign_in.clients[..]) {
            (SignInChoice::With(index), clients) => clients.get(index),
            (_, [client]) => Some(client),
            _ if self.sign_ins_just_now(&page) >= again::MAX_COUNT => return Ok(self.loop_page(&page)),
            _ => return Ok(self.choice_page(&page)),
        };
        let client = client.ok_or_else(|| refused(Code::Internal, "no such client"))?;
        context.provider = Some(client.name.as_str().into());
        self.start(client, page)
    }

    /// For this page, which may be one that a link or a script has named: it leads here again and again, too, where the session
    /// does not hold.
    pub(super) fn start(&self, client: &Client, page: ReturnTo) -> OrStop<Box<Reply>> {
        let count = self.sign_ins_just_now(&page);
        if count >= again::MAX_COUNT {
            return Ok(self.loop_page(&page));
        }
        let endpoints = match self.endpoints(client) {
            Ok(endpoints) => endpoints,
            Err(stop) => return self.page_of_outage(*stop, &page),
        };
        let redirect_uri = self.redirect_uri(client)?;
        let settings = &self.sign_in.cookies;
        let begun = || {
            let attempt = Attempt::new(&client.name, page, count, self.means.now.seconds(), self.random)?;
            let cookie =
                attempt.cookie(settings, &self.cookie_keys, self.random.take()?, self.sign_in.attempt_seconds)?;
            Some((attempt, cookie))
        };
        let (attempt, cookie) = begun().ok_or_else(|| refused(Code::Internal, "no attempt could be sealed"))?;
        let mut cookies = Attempt::make_room(self.request, settings);
        cookies.push(cookie);
        let location = authorize_url(&endpoints, client, &attempt, &redirect_uri);
        // RFC 9110, section 15.4.4: after a POST the next request is to be a GET.
        let status = if self.request.method == "POST" { 303 } else { 302 };
        Ok(Reply::redirect(Code::SignInRequired, status, location, cookies, "sent to the provider to sign in"))
    }

    /// Says why it does not go on; whoever tries again then begins anew.
    fn loop_page(&self, page: &ReturnTo) -> Box<Reply> {
        self.error_page(Code::SignInLoop, "the session does not hold", vec![self.no_sign_ins()], page)
    }
}
