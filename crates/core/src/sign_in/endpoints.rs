//! Where a provider's endpoints are: at the domain of an Amazon Cognito user pool, or as the provider's metadata has them.

use std::cell::RefCell;

use crate::discovery;
use crate::fetch::Fetch;
use crate::json::{Json, Object};
use crate::provider::Issuer;
use crate::time::UnixTime;
use crate::url;

use super::token_response::ProviderAnswer;

/// How long metadata is good: endpoints do not move often.
const MAX_AGE_SECONDS: f64 = 3_600.0;

/// The endpoints of one provider.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Endpoints {
    pub(crate) authorization: String,
    pub(crate) token: String,
    /// RFC 7009.
    pub(crate) revocation: Option<String>,
    /// Where a person signs out of the provider (OpenID Connect RP-Initiated Logout 1.0).
    pub(crate) end_session: Option<String>,
    /// Whether answers have to have `iss` (RFC 9207, section 3).
    pub(crate) answers_with_issuer: bool,
    /// Until when they are known.
    pub(crate) until: Option<UnixTime>,
}

/// Where a provider's endpoints are known from.
#[derive(Debug)]
pub(crate) enum EndpointSource {
    /// The domain is configured.
    Cognito(Endpoints),
    /// Fetched from this URL (OpenID Connect Discovery 1.0, section 4), and known for a while.
    Discovery { uri: String, known: RefCell<Option<Endpoints>> },
}

/// Why there are no endpoints now.
pub(super) enum Lack {
    Fetch(Fetch),
    /// What was fetched is no metadata of this provider.
    Unavailable(&'static str),
}

impl Endpoints {
    /// "User pool endpoints and managed login reference" in the Amazon Cognito Developer Guide.
    pub(crate) fn of_cognito(domain: &str) -> Self {
        let at = |path: &str| [domain, path].concat();
        Self {
            authorization: at("/oauth2/authorize"),
            token: at("/oauth2/token"),
            revocation: Some(at("/oauth2/revoke")),
            end_session: Some(at("/logout")),
            answers_with_issuer: false,
            until: None,
        }
    }

    /// Those that are known from there now, or with this answer.
    pub(super) fn of(
        source: &EndpointSource,
        issuer: &Issuer,
        now: UnixTime,
        answer: Option<&ProviderAnswer>,
    ) -> Result<Self, Lack> {
        let (uri, known) = match source {
            EndpointSource::Cognito(endpoints) => return Ok(endpoints.clone()),
            EndpointSource::Discovery { uri, known } => (uri, known),
        };
        let still_known = |endpoints: &&Self| endpoints.until.is_none_or(|until| now < until);
        if let Some(endpoints) = known.borrow().as_ref().filter(still_known) {
            return Ok(endpoints.clone());
        }
        let Some(answer) = answer else {
            let headers = vec![("accept".to_owned(), "application/json".to_owned())];
            return Err(Lack::Fetch(Fetch { method: "GET", url: uri.clone(), headers, body: String::new() }));
        };
        if answer.status != 200 {
            return Err(Lack::Unavailable("the provider's metadata cannot be fetched"));
        }
        let mut endpoints = Self::discovered(issuer, &answer.body)
            .ok_or(Lack::Unavailable("the provider's metadata is not its own, or lacks an endpoint"))?;
        endpoints.until = Some(now.plus(MAX_AGE_SECONDS));
        *known.borrow_mut() = Some(endpoints.clone());
        Ok(endpoints)
    }

    /// RFC 8414, section 2; OpenID Connect Discovery 1.0, section 3.
    fn discovered(issuer: &Issuer, document: &str) -> Option<Self> {
        let (document, issuers) = discovery::of_issuer(issuer, document).ok()?;
        let endpoint = |name: &str| endpoint(&document, name, issuers);
        Some(Self {
            authorization: endpoint("authorization_endpoint")?,
            token: endpoint("token_endpoint")?,
            revocation: endpoint("revocation_endpoint"),
            end_session: endpoint("end_session_endpoint"),
            answers_with_issuer: document.get("authorization_response_iss_parameter_supported").and_then(Json::as_bool)
                == Some(true),
            until: None,
        })
    }
}

fn endpoint(document: &Object, name: &str, issuers: &[String]) -> Option<String> {
    let uri = document.get(name)?.as_str()?;
    url::check_discovered(uri, issuers).ok()?;
    Some(uri.to_owned())
}
