//! The URL of the authorization request (RFC 6749, section 4.1.1; OpenID Connect Core 1.0, section 3.1.2.1; RFC 7636).

use crate::percent;

use super::attempt::Attempt;
use super::client::Client;
use super::endpoints::Endpoints;

/// Parameters that are ours, and that the configuration may not name.
pub(crate) const OWN_PARAMETERS: [&str; 9] = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];

pub(super) fn authorize_url(endpoints: &Endpoints, client: &Client, attempt: &Attempt, redirect_uri: &str) -> String {
    let (state, nonce, challenge) = (attempt.state(), attempt.nonce(), attempt.code_challenge());
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", client.client_id.as_str()),
        ("redirect_uri", redirect_uri),
        ("scope", &client.scopes),
        ("state", &state),
        ("nonce", &nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    parameters.extend(client.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    with_query(&endpoints.authorization, &parameters)
}

/// An endpoint's URL may have a query of its own (RFC 6749, section 3.1).
pub(super) fn with_query(url: &str, parameters: &[(&str, &str)]) -> String {
    [url, if url.contains('?') { "&" } else { "?" }, &percent::form(parameters)].concat()
}
