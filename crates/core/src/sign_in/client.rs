//! Us, as a provider knows us: an OAuth 2.0 client (RFC 6749, section 2).

use crate::secrets::SecretId;

use super::endpoints::EndpointSource;

/// A provider that people can sign in with.
#[derive(Debug)]
pub(crate) struct Client {
    /// Which of the configuration's providers it is.
    pub(crate) provider: usize,
    /// The provider's name in the configuration.
    pub(crate) name: String,
    /// What people are told it is called.
    pub(crate) title: String,
    pub(crate) client_id: String,
    pub(crate) authentication: ClientAuthentication,
    /// The client secret, where it has one.
    pub(crate) secret: Option<SecretId>,
    /// With spaces between them (RFC 6749, section 3.3).
    pub(crate) scopes: String,
    /// What else to send to the authorization endpoint.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) endpoints: EndpointSource,
    /// The token that requests are authorized by.
    pub(crate) token: SessionToken,
    pub(crate) keep: Keep,
}

/// How a client proves to be itself (OpenID Connect Core 1.0, section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientAuthentication {
    Basic,
    Post,
    /// A public client: it has no secret, PKCE has to do.
    None,
}

/// Which of a session's tokens stands for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionToken {
    Id,
    Access,
}

/// Which tokens stay in the session beside the one that requests are authorized by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Keep {
    pub(crate) id: bool,
    pub(crate) access: bool,
    pub(crate) refresh: bool,
}
