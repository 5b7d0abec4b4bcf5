//! The role that the function runs with: whom AWS takes it for.

use edge_authorizer_aws::sigv4::Credentials;

use crate::time::UnixTime;

/// The credentials of the function's role, as they stand in its environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_SESSION_TOKEN` ("Defined runtime environment variables" in the AWS Lambda Developer Guide).
#[derive(Clone, Copy, Default)]
pub struct RoleCredentials<'a> {
    /// The access key.
    pub access_key_id: Option<&'a str>,
    /// The secret key.
    pub secret_access_key: Option<&'a str>,
    /// The session token.
    pub session_token: Option<&'a str>,
    /// When they expire, where that is known (`AWS_CREDENTIAL_EXPIRATION`, which Lambda does not set).
    pub expires_at: Option<UnixTime>,
}

impl RoleCredentials<'_> {
    /// What to sign with at the time `now`, if they are there and good.
    pub(crate) fn at(&self, now: UnixTime) -> Result<Credentials, &'static str> {
        let (Some(id), Some(secret)) = (self.access_key_id, self.secret_access_key) else {
            return Err("there are no credentials of the function's role in its environment");
        };
        if self.expires_at.is_some_and(|expiry| now >= expiry) {
            return Err("the credentials of the function's role have expired");
        }
        Credentials::new(id, secret, self.session_token)
            .map_err(|_| "the credentials of the function's role are empty or not printable ASCII")
    }
}
