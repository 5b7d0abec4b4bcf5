//! Requests to the token endpoint (RFC 6749, sections 4.1.3 and 6) and to the revocation endpoint (RFC 7009, section 2.1).

use crate::base64url;
use crate::fetch::Fetch;
use crate::percent;

use super::client::ClientAuthentication;

/// Who asks.
pub(super) struct Credentials<'c> {
    pub(super) client_id: &'c str,
    pub(super) authentication: ClientAuthentication,
    pub(super) secret: &'c str,
}

/// Exchanges a code for tokens.
pub(super) fn for_code(client: &Credentials<'_>, url: &str, code: &str, redirect_uri: &str, verifier: &str) -> Fetch {
    let parameters = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", verifier),
    ];
    post(client, url, &parameters)
}

/// Exchanges a refresh token for new tokens.
pub(super) fn for_refresh_token(client: &Credentials<'_>, url: &str, token: &str) -> Fetch {
    post(client, url, &[("grant_type", "refresh_token"), ("refresh_token", token)])
}

/// Makes the provider forget a refresh token, and what was issued with it.
pub(super) fn for_revocation(client: &Credentials<'_>, url: &str, token: &str) -> Fetch {
    post(client, url, &[("token", token), ("token_type_hint", "refresh_token")])
}

fn post(client: &Credentials<'_>, url: &str, parameters: &[(&str, &str)]) -> Fetch {
    let mut headers = vec![
        ("accept".to_owned(), "application/json".to_owned()),
        ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
    ];
    let mut parameters = parameters.to_vec();
    match client.authentication {
        ClientAuthentication::Basic => {
            // Encoded as in a form before (RFC 6749, section 2.3.1).
            let credentials = [&percent::encode(client.client_id), ":", &percent::encode(client.secret)].concat();
            headers.push(("authorization".to_owned(), ["Basic ", &base64(credentials.as_bytes())].concat()));
        }
        ClientAuthentication::Post => {
            parameters.extend([("client_id", client.client_id), ("client_secret", client.secret)]);
        }
        ClientAuthentication::None => parameters.push(("client_id", client.client_id)),
    }
    Fetch { method: "POST", url: url.to_owned(), headers, body: percent::form(&parameters) }
}

/// With the other alphabet and with padding (RFC 4648, section 4), as RFC 7617, section 2 has it.
fn base64(bytes: &[u8]) -> String {
    let mut text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}
