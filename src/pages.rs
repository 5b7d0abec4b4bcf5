//! What the host has to know of HTML pages: plain data, by serde.

use edge_authorizer_core::{Authorizer, NamedPage};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::outcome::to_js;

/// `NamedPage[]` of `types.d.ts`.
pub(crate) fn named(authorizer: &Authorizer) -> Result<JsValue, JsError> {
    #[derive(Serialize)]
    struct Named<'a> {
        status: u16,
        file: &'a str,
    }
    let pages = authorizer.pages().map(|NamedPage { status, file }| Named { status, file });
    to_js(&pages.collect::<Vec<_>>())
}
