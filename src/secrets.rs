//! What the host has to know of secrets: plain data, by serde.

use edge_authorizer_core::{Authorizer, NamedSecret, SecretReference};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::outcome::to_js;

/// `NamedSecret[]` of `types.d.ts`.
pub(crate) fn named(authorizer: &Authorizer) -> Result<JsValue, JsError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Named<'a> {
        name: &'a str,
        is_for_host: bool,
        file: Option<&'a str>,
        remote: Option<Remote<'a>>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Remote<'a> {
        key: Option<&'a str>,
        max_age_seconds: u32,
        stale_if_error_seconds: u32,
    }
    let secrets = authorizer.secrets().map(|NamedSecret { name, reference, is_for_host }| {
        let (file, remote) = match reference {
            SecretReference::File(file) => (Some(file.as_str()), None),
            SecretReference::Remote(remote) => {
                let key = remote.key.as_deref();
                let (max_age_seconds, stale_if_error_seconds) =
                    (remote.times.max_age_seconds, remote.times.stale_if_error_seconds);
                (None, Some(Remote { key, max_age_seconds, stale_if_error_seconds }))
            }
            _ => (None, None),
        };
        Named { name, is_for_host, file, remote }
    });
    to_js(&secrets.collect::<Vec<_>>())
}
