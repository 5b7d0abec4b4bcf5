//! What the host has and the module has not: private keys, and the credentials of its role.

use edge_authorizer_core::{Answer, Answered, Decision, Refusal, Refused, Unsigned, UnsignedAnswer};
use js_sys::{Object, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::role::{self, JsRoleCredentials};

#[wasm_bindgen]
extern "C" {
    /// `Host` of `types.d.ts`.
    #[wasm_bindgen(extends = Object, typescript_type = "Host")]
    pub type Host;
    #[wasm_bindgen(method, structural, catch)]
    fn sign(this: &Host, key: &str, hash: &str, text: &str) -> Result<Uint8Array, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = roleCredentials)]
    fn role_credentials(this: &Host) -> Result<JsRoleCredentials, JsValue>;
}

/// The decision with the signature that it lacks. Without what that takes it is a refusal.
pub(crate) fn complete(host: Option<&Host>, UnsignedAnswer { unsigned, context }: UnsignedAnswer) -> Decision {
    match signed(host, &unsigned).unwrap_or_else(|| Err(unsigned.not_signed())) {
        Ok(answer) => {
            Decision::Answer(Answered { code: unsigned.code(), detail: "answered here".into(), answer, context })
        }
        Err(refusal) => Decision::Refuse(Refused { refusal, context }),
    }
}

/// `None` where the host has not what it takes.
fn signed(host: Option<&Host>, unsigned: &Unsigned) -> Option<Result<Answer, Refusal>> {
    match unsigned {
        Unsigned::Access(access) => {
            let signature = host?.sign(access.key(), access.hash().name(), &access.text()).ok()?;
            Some(Ok(access.with_signature(&signature.to_vec())))
        }
        Unsigned::Upload(upload) => {
            let role = host?.role_credentials().ok()?;
            Some(role::with(&role, |role| upload.signed_by(role)))
        }
    }
}
