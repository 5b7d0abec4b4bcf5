//! What the host has to know of HTML pages.

use edge_authorizer_core::{Authorizer, NamedPage};
use wasm_bindgen::JsValue;

use crate::plain::Plain;

/// `NamedPage[]` of `types.d.ts`.
pub(crate) fn named(authorizer: &Authorizer) -> JsValue {
    let pages = authorizer.pages().map(|NamedPage { status, file }| {
        Plain::Object(vec![("status", Plain::Number(status.into())), ("file", Plain::Text(file))])
    });
    Plain::list(pages).to_js()
}
