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
        file: Option<&'a str>,
        is_for_host: bool,
    }
    let secrets = authorizer.secrets().map(|NamedSecret { name, reference, is_for_host }| {
        let file = match reference {
            SecretReference::File(file) => Some(file.as_str()),
            _ => None,
        };
        Named { name, file, is_for_host }
    });
    to_js(&secrets.collect::<Vec<_>>())
}
