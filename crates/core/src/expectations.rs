//! What a provider's tokens have to say, so that they are for us.

/// What the claims of a provider's tokens have to say.
#[derive(Debug, Clone)]
pub(crate) struct Expectations {
    /// What `typ` has to be one of; `None`: whatever it says.
    pub(crate) media_types: Option<Vec<String>>,
    pub(crate) audience: Audience,
    /// How far the clocks of issuer and edge may differ, in seconds.
    pub(crate) grace_seconds: f64,
    pub(crate) allow_missing_expiry: bool,
    /// How long ago `iat` may be. `None`: as long as `exp` lets it.
    pub(crate) max_age_seconds: Option<u32>,
}

/// Whom a token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Audience {
    /// `aud` names one of these (RFC 7519, section 4.1.3); `None` (`"audience": null`): whatever it says.
    Claim(Option<Vec<String>>),
    /// Amazon Cognito ("Verifying JSON web tokens" in its Developer Guide): `token_use`, and the app client in `aud` of
    /// an ID token or in `client_id` of an access token; `None`: whatever it says.
    Cognito { token_use: Option<TokenUse>, client_ids: Option<Vec<String>> },
}

/// Cognito's `token_use`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenUse {
    Id,
    Access,
}
