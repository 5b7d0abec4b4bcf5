//! The cookies of AWS Amplify and of cloudfront-authorization-at-edge: a site that moves over keeps its sessions.
//!
//! Only read: what they hold is verified like any other token, and no such cookie is ever set.

use crate::cookie;
use crate::request::Request;

use super::client::{Client, SessionToken};

pub(crate) const COGNITO_PREFIX: &str = "CognitoIdentityServiceProvider.";

/// `CognitoIdentityServiceProvider.<client id>.<user>.accessToken` of the user that `….LastAuthUser` names. `None` where one of
/// them is not there exactly once.
pub(super) fn token(client: &Client, request: &Request) -> Option<String> {
    let prefix = [COGNITO_PREFIX, &client.client_id, "."].concat();
    let user = cookie::one(request, &[&prefix, "LastAuthUser"].concat())?;
    let kind = match client.token {
        SessionToken::Id => ".idToken",
        SessionToken::Access => ".accessToken",
    };
    cookie::one(request, &[&prefix, user, kind].concat()).map(str::to_owned)
}
