//! What the token endpoint answers (RFC 6749, sections 5.1 and 5.2; OpenID Connect Core 1.0, section 3.1.3.3).

use crate::json::{self, Json, Object};

use super::session::Tokens;

/// What a provider answers to a request of the sign-in.
#[derive(Debug, Clone, Default)]
pub struct ProviderAnswer {
    /// The status; 0 where there was no answer in time, or one too long.
    pub status: u16,
    /// The content.
    pub body: String,
}

/// Why there are no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTokens {
    /// Nobody answered, or the server is broken: later it may work.
    Outage,
    /// The code or the refresh token is not good, or not any more (`invalid_grant`).
    InvalidGrant,
    /// Anything else: most likely we are configured otherwise than the provider.
    Refused,
}

/// The tokens; those that were not sent are empty.
pub(super) fn tokens(answer: &ProviderAnswer) -> Result<Tokens, NoTokens> {
    // RFC 9110, section 15.6; 429: RFC 6585, section 4.
    if answer.status == 0 || answer.status == 429 || answer.status >= 500 {
        return Err(NoTokens::Outage);
    }
    let members = json::parse_object(answer.body.as_bytes().to_vec()).map_err(|_| NoTokens::Refused)?;
    if answer.status != 200 {
        let is_invalid_grant = members.get("error").and_then(Json::as_str) == Some("invalid_grant");
        return Err(if is_invalid_grant { NoTokens::InvalidGrant } else { NoTokens::Refused });
    }
    let token = |name| text(&members, name).ok_or(NoTokens::Refused);
    // RFC 6749, section 5.1: required, and case-insensitive.
    if !token("token_type")?.eq_ignore_ascii_case("bearer") {
        return Err(NoTokens::Refused);
    }
    Ok(Tokens { id: token("id_token")?, access: token("access_token")?, refresh: token("refresh_token")? })
}

/// Empty if it is not there; `None` for what is no text.
fn text(members: &Object, name: &str) -> Option<String> {
    match members.get(name) {
        None | Some(Json::Null) => Some(String::new()),
        Some(Json::String(text)) => Some(text.to_owned()),
        Some(_) => None,
    }
}
