//! User pools of Amazon Cognito that are written as any other issuer is.

use crate::config::problem::{Problem, child};
use crate::provider::{Issuer, Provider};

/// Access tokens of a user pool have `client_id` in the place of `aud`, and only `token_use` tells them from ID tokens ("Verifying
/// JSON web tokens" in the Amazon Cognito Developer Guide).
pub(super) fn about_user_pools(providers: &[Provider]) -> Vec<Problem> {
    let problems = providers.iter().filter_map(|provider| {
        let Issuer::OneOf(issuers) = &provider.issuer else {
            return None;
        };
        // With `userPoolId` there are two.
        let [issuer] = &issuers[..] else {
            return None;
        };
        let pool = user_pool(issuer)?;
        let message = format!(
            "this is a user pool, whose access tokens have no `aud`: write `\"userPoolId\": \"{pool}\"`, with `tokenUse` and \
             `clientId`, for `issuer` and `audience`"
        );
        Some(Problem::new(child(&child("providers", &provider.name), "issuer"), message))
    });
    problems.collect()
}

/// The id of the user pool that has this issuer, in one of the two forms that `userPoolId` stands for.
fn user_pool(issuer: &str) -> Option<&str> {
    let (host, pool) = issuer.strip_prefix("https://")?.split_once('/')?;
    let region =
        host.strip_prefix("issuer-").unwrap_or(host).strip_prefix("cognito-idp.")?.strip_suffix(".amazonaws.com")?;
    (pool.split_once('_')?.0 == region && !pool.contains('/')).then_some(pool)
}
