//! Tests of the exports, in WebAssembly under Node.js: `wasm-pack test --node`.
//!
//! They are part of the crate (`src/lib.rs` names this folder), since a `cdylib` cannot be linked by tests outside.

mod boundary;
mod origin;
mod rfc7515;

use js_sys::{JSON, Reflect};
use wasm_bindgen::prelude::*;

use crate::Authorizer;
use crate::cloudfront::CloudFrontRequest;

/// A value, written as JSON.
fn value(json: &str) -> JsValue {
    JSON::parse(json).unwrap()
}

/// A request, written as JSON.
fn request(json: &str) -> CloudFrontRequest {
    value(json).unchecked_into()
}

/// A property of an object, as a string.
fn text(object: &JsValue, name: &str) -> Option<String> {
    Reflect::get(object, &name.into()).unwrap().as_string()
}

/// An object as JSON.
fn json(object: &JsValue) -> String {
    JSON::stringify(object).unwrap().into()
}

fn authorizer(configuration: &str) -> Authorizer {
    Authorizer::new(configuration).map_err(JsValue::from).unwrap()
}

/// The message of the error that should have come.
fn message<T>(result: Result<T, impl Into<JsValue>>) -> String {
    let error: JsValue = result.err().unwrap().into();
    text(&error, "message").unwrap()
}
