//! The cookies of AWS Amplify and of cloudfront-authorization-at-edge: a site that moves over keeps its sessions.
//!
//! They are read, and cleared when somebody signs out, but never set. What they hold is verified like any other token.

use crate::cookie;
use crate::percent;
use crate::request::Request;

use super::client::{Client, SessionToken};
use super::session::{Session, Tokens};
use super::visit::Visit;

pub(crate) const COGNITO_PREFIX: &str = "CognitoIdentityServiceProvider.";

/// That software sets seven for a user.
const MAX_CLEARED: usize = 14;

/// The token that requests are authorized by, of the user who has signed in last.
pub(super) fn token(client: &Client, request: &Request) -> Option<String> {
    let kind = match client.token {
        SessionToken::Id => ".idToken",
        SessionToken::Access => ".accessToken",
    };
    value(client, request, kind).map(str::to_owned)
}

/// `CognitoIdentityServiceProvider.<client id>.<user><kind>` of the user that `….LastAuthUser` names. `None` where one of them
/// is not there exactly once.
///
/// An e-mail address as the user's name is percent-encoded by some in the cookie's name, by some in the value of
/// `LastAuthUser`, and by some in neither: the names are compared decoded.
fn value<'r>(client: &Client, request: &'r Request, kind: &str) -> Option<&'r str> {
    let prefix = prefix(client);
    let user = decoded(cookie::one(request, &[&prefix, "LastAuthUser"].concat())?);
    let mut found = None;
    for (name, value) in cookie::all(request) {
        let of = name.strip_prefix(prefix.as_str()).and_then(|name| name.strip_suffix(kind));
        if of.is_some_and(|of| decoded(of) == user) && found.replace(value).is_some() {
            return None;
        }
    }
    found
}

fn prefix(client: &Client) -> String {
    [COGNITO_PREFIX, &client.client_id, "."].concat()
}

fn decoded(text: &str) -> Vec<u8> {
    percent::decode(text).unwrap_or_else(|| text.into())
}

impl Visit<'_> {
    /// What is to be ended where somebody without a session of ours signs out.
    pub(super) fn compatible_session(&self) -> Option<(Session, &Client)> {
        let mut clients = self.sign_in.clients.iter().filter(|_| self.sign_in.reads_cognito_cookies);
        clients.find_map(|client| {
            let token = |kind| value(client, self.request, kind).map(str::to_owned);
            let tokens = Tokens {
                id: token(".idToken")?,
                refresh: token(".refreshToken").unwrap_or_default(),
                ..Tokens::default()
            };
            let (provider, client_id) = (client.name.clone(), client.client_id.clone());
            let session =
                Session { provider, client_id, subject: String::new(), signed_in_at: 0.0, tokens_at: 0.0, tokens };
            Some((session, client))
        })
    }

    /// Clears these cookies, which would still be good: for this host alone, and for all below a domain. Which of the two
    /// they were set for is not to be seen.
    pub(super) fn clear_compatible(&self, cookies: &mut Vec<String>) {
        if !self.sign_in.reads_cognito_cookies {
            return;
        }
        let host = self.request.header_values("host").next().filter(|host| host.bytes().all(is_plain));
        let domain = self.sign_in.cookies.domain.as_deref().or(host).unwrap_or_default();
        let ours = cookie::all(self.request).into_iter().map(|(name, _)| name);
        let ours = ours.filter(|name| name.starts_with(COGNITO_PREFIX) && name.bytes().all(is_plain));
        for name in ours.take(MAX_CLEARED) {
            let cleared = [name, "=; Max-Age=0; Path=/; Secure"].concat();
            cookies.push([&cleared, "; Domain=", domain].concat());
            cookies.push(cleared);
        }
    }
}

/// What viewers write must not get into a `Set-Cookie` header but for this.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~@".contains(&byte)
}
