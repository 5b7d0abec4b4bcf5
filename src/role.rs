//! The credentials of the function's role, as JavaScript has them: `RoleCredentials` of `types.d.ts`.

use edge_authorizer_core::{RoleCredentials, UnixTime};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `RoleCredentials` of `types.d.ts`.
    #[wasm_bindgen(typescript_type = "RoleCredentials")]
    pub type JsRoleCredentials;
    #[wasm_bindgen(method, structural, getter, js_name = accessKeyId)]
    fn access_key_id(this: &JsRoleCredentials) -> Option<String>;
    #[wasm_bindgen(method, structural, getter, js_name = secretAccessKey)]
    fn secret_access_key(this: &JsRoleCredentials) -> Option<String>;
    #[wasm_bindgen(method, structural, getter, js_name = sessionToken)]
    fn session_token(this: &JsRoleCredentials) -> Option<String>;
    #[wasm_bindgen(method, structural, getter, js_name = expiresAt)]
    fn expires_at(this: &JsRoleCredentials) -> Option<f64>;
}

/// Lets `with` have the credentials, which are gone afterwards.
pub(crate) fn with<T>(role: &JsRoleCredentials, with: impl FnOnce(&RoleCredentials<'_>) -> T) -> T {
    let (id, secret, token) = (role.access_key_id(), role.secret_access_key(), role.session_token());
    with(&RoleCredentials {
        access_key_id: id.as_deref(),
        secret_access_key: secret.as_deref(),
        session_token: token.as_deref(),
        // What is no time has come.
        expires_at: role
            .expires_at()
            .and_then(|seconds| UnixTime::from_seconds(seconds).or(UnixTime::from_seconds(0.0))),
    })
}
