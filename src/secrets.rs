//! What the host has to know of secrets.

use edge_authorizer_core::{Authorizer, NamedSecret, SecretReference};
use wasm_bindgen::JsValue;

use crate::plain::Plain;

/// `NamedSecret[]` of `types.d.ts`.
pub(crate) fn named(authorizer: &Authorizer) -> JsValue {
    let secrets = authorizer.secrets().map(|NamedSecret { name, reference, is_for_host }| {
        let (file, remote) = match reference {
            SecretReference::File(file) => (Plain::Text(file), Plain::Null),
            SecretReference::Remote(remote) => {
                let remote = vec![
                    ("key", Plain::text(remote.key.as_deref())),
                    ("maxAgeSeconds", Plain::Number(remote.times.max_age_seconds.into())),
                    ("staleIfErrorSeconds", Plain::Number(remote.times.stale_if_error_seconds.into())),
                ];
                (Plain::Null, Plain::Object(remote))
            }
            _ => (Plain::Null, Plain::Null),
        };
        let is_for_host = Plain::Flag(is_for_host);
        Plain::Object(vec![("name", Plain::Text(name)), ("isForHost", is_for_host), ("file", file), ("remote", remote)])
    });
    Plain::list(secrets).to_js()
}
