//! CloudFront's viewer-request event: reading the request out of it, and writing edits and answers into its form.
//!
//! The shapes are those of "Lambda@Edge event structure" in the CloudFront Developer Guide. Properties are read one by
//! one: copying the whole event across the boundary would cost more than the decision.

use edge_authorizer_core::{Answer, Authorizer, Edits, Request};
use js_sys::{Array, JsString, Object, Reflect};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `event.Records[0].cf.request`.
    #[wasm_bindgen(extends = Object, typescript_type = "CloudFrontRequest")]
    pub type CloudFrontRequest;
}

/// Which headers a configuration reads, with their names as JavaScript strings, and whether it reads the viewer's address.
pub(crate) struct HeadersRead {
    names: Vec<(String, JsString)>,
    all_names: bool,
    client_ip: bool,
}

impl HeadersRead {
    pub(crate) fn of(authorizer: &Authorizer) -> Self {
        let names = authorizer.headers_read().into_iter().map(|name| {
            let key = JsString::from(name.as_str());
            (name, key)
        });
        Self {
            names: names.collect(),
            all_names: authorizer.reads_header_names(),
            client_ip: authorizer.reads_client_ip(),
        }
    }

    /// Reads what a decision needs. An error says what CloudFront would have sent.
    pub(crate) fn read(&self, viewer: &CloudFrontRequest) -> Result<Request, JsError> {
        let headers = headers_of(viewer)?;
        let mut request = Request {
            method: string(viewer, "method")?,
            path: string(viewer, "uri")?,
            query: query(viewer)?,
            ..Request::default()
        };
        for (name, key) in &self.names {
            for value in header_values(&headers, key)? {
                request.headers.push((name.clone(), value));
            }
        }
        if self.all_names {
            let names = Object::keys(&headers).into_iter();
            request.header_names = names.filter_map(|name| name.as_string()).collect();
        }
        if self.client_ip {
            // Without one, no condition on it is met.
            request.client_ip = get(viewer, &JsString::from("clientIp"))?.as_string().unwrap_or_default();
        }
        Ok(request)
    }
}

/// The request's `Accept`, for the form of an answer.
pub(crate) fn accept(viewer: &CloudFrontRequest) -> Option<String> {
    let headers = headers_of(viewer).ok()?;
    header_values(&headers, &JsString::from("accept")).ok()?.into_iter().next()
}

/// Edits the request in place.
pub(crate) fn apply(edits: &Edits, viewer: &CloudFrontRequest) -> Result<(), JsError> {
    let headers = headers_of(viewer)?;
    for name in &edits.remove_headers {
        delete(&headers, name)?;
    }
    match edits.cookies.as_deref() {
        None => {}
        Some([]) => delete(&headers, "cookie")?,
        Some(cookies) => set(&headers, "cookie", &entries("Cookie", cookies.iter().map(String::as_str))?)?,
    }
    for (name, value) in &edits.set_headers {
        set(&headers, name, &entries(name, [value.as_str()])?)?;
    }
    match &edits.query {
        None => Ok(()),
        Some(query) => set(viewer, "querystring", &JsValue::from_str(query)),
    }
}

/// A generated response.
pub(crate) fn response(answer: &Answer) -> Result<Object, JsError> {
    let headers = Object::new();
    for (name, value) in &answer.headers {
        set(&headers, name, &entries(name, [value.as_str()])?)?;
    }
    let response = Object::new();
    set(&response, "status", &JsValue::from_str(&answer.status.to_string()))?;
    set(&response, "statusDescription", &JsValue::from_str(answer.reason))?;
    set(&response, "headers", &headers)?;
    set(&response, "body", &JsValue::from_str(&answer.body))?;
    Ok(response)
}

/// `[{key, value}, …]`
fn entries<'v>(name: &str, values: impl IntoIterator<Item = &'v str>) -> Result<JsValue, JsError> {
    let entries = Array::new();
    for value in values {
        let entry = Object::new();
        set(&entry, "key", &JsValue::from_str(name))?;
        set(&entry, "value", &JsValue::from_str(value))?;
        entries.push(&entry);
    }
    Ok(entries.into())
}

fn headers_of(viewer: &CloudFrontRequest) -> Result<Object, JsError> {
    let headers = get(viewer, &JsString::from("headers"))?;
    match headers.dyn_into::<Object>() {
        Ok(headers) if !Array::is_array(&headers) => Ok(headers),
        _ => Err(JsError::new("`request.headers` is not an object")),
    }
}

/// The values of one header: each entry has to be `{value: string}`.
fn header_values(headers: &Object, name: &JsString) -> Result<Vec<String>, JsError> {
    let broken = || JsError::new(&format!("`request.headers.{name}` is not an array of {{key, value}}"));
    let entries = get(headers, name)?;
    if entries.is_undefined() {
        return Ok(Vec::new());
    }
    let entries = entries.dyn_into::<Array>().map_err(|_| broken())?;
    let value = JsString::from("value");
    entries.iter().map(|entry| get(&entry, &value)?.as_string().ok_or_else(broken)).collect()
}

/// The query; events written by hand often leave out an empty one.
fn query(viewer: &CloudFrontRequest) -> Result<String, JsError> {
    if get(viewer, &JsString::from("querystring"))?.is_undefined() {
        Ok(String::new())
    } else {
        string(viewer, "querystring")
    }
}

fn string(viewer: &CloudFrontRequest, name: &str) -> Result<String, JsError> {
    let value = get(viewer, &JsString::from(name))?;
    value.as_string().ok_or_else(|| JsError::new(&format!("`request.{name}` is not a string")))
}

/// A getter can throw, and a primitive has no properties: both are errors here.
fn get(object: &JsValue, name: &JsString) -> Result<JsValue, JsError> {
    Reflect::get(object, name).map_err(|_| JsError::new(&format!("`{name}` cannot be read")))
}

pub(crate) fn set(object: &JsValue, name: &str, value: &JsValue) -> Result<(), JsError> {
    match Reflect::set(object, &JsString::from(name), value) {
        Ok(true) => Ok(()),
        _ => Err(JsError::new(&format!("`{name}` cannot be set"))),
    }
}

fn delete(headers: &Object, name: &str) -> Result<(), JsError> {
    match Reflect::delete_property(headers, &JsString::from(name)) {
        Ok(true) => Ok(()),
        _ => Err(JsError::new("a header cannot be taken out")),
    }
}
