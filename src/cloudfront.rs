//! CloudFront's viewer-request event: reading the request out of it, and writing edits and answers into its form.
//!
//! The shapes are those of "Lambda@Edge event structure" in the CloudFront Developer Guide. What touches the event itself
//! is in boundary.js; nothing crosses the boundary that a decision does not read.

use std::cell::Cell;

use edge_authorizer_core::{Answer, Authorizer, Edits, Request};
use js_sys::{Array, JsString, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `event.Records[0].cf.request`.
    #[wasm_bindgen(extends = Object, typescript_type = "CloudFrontRequest")]
    pub type CloudFrontRequest;
}

#[wasm_bindgen(module = "/src/boundary.js")]
extern "C" {
    #[wasm_bindgen(js_name = viewOf)]
    fn view_of(memory: &JsValue) -> Object;
    fn read(
        request: &CloudFrontRequest,
        read: &Array,
        identity: &Array,
        client_ip: bool,
        view: &Object,
        start: usize,
        room: usize,
    ) -> i32;
    fn fault() -> JsValue;
    #[wasm_bindgen(js_name = accept)]
    fn accept_of(request: &CloudFrontRequest) -> String;

    #[wasm_bindgen(js_name = propertyName)]
    fn property_name(name: &str) -> JsString;
    #[wasm_bindgen(js_name = removeHeader)]
    fn remove_header(request: &Object, name: &JsString);
    #[wasm_bindgen(js_name = setHeader)]
    fn set_header(request: &Object, name: &JsString, view: &Object, start: usize, length: usize);
    #[wasm_bindgen(js_name = setCookies)]
    fn set_cookies(request: &Object, values: Vec<String>);
    #[wasm_bindgen(js_name = setPath)]
    fn set_path(request: &Object, path: &str);
    #[wasm_bindgen(js_name = setQuery)]
    fn set_query(request: &Object, query: &str);

    #[wasm_bindgen(js_name = addHeader)]
    fn add_header(response: &Object, name: &JsString, value: &str);

    #[wasm_bindgen(catch)]
    fn body(request: &CloudFrontRequest) -> Result<Option<String>, JsValue>;

    #[wasm_bindgen(js_name = response)]
    fn new_response(status: &str, reason: &str, body: Option<&str>, is_base64: bool) -> Object;
}

/// In place of a length, after the last value of a header.
const NO_MORE_VALUES: u32 = u32::MAX;

/// Reads requests and edits them, as far as a configuration needs it.
pub(crate) struct Adapter {
    /// The names of headers that decisions read.
    read: Names,
    /// These, and what the sign-in reads beside them.
    read_for_sign_in: Names,
    /// The names of headers that tell the origin who the viewer is: what viewers send under similar ones is looked for.
    identity: Names,
    /// Whether decisions read the viewer's address.
    client_ip: bool,
    /// Whether decisions read the body.
    body: bool,
    /// The memory of the module, as JavaScript sees it.
    view: Object,
    /// What JavaScript writes requests into. It is as large as the largest one was.
    bytes: Cell<Vec<u8>>,
    /// The request before, to be written over: to allocate each of its texts anew would take as long as a part of the
    /// decision.
    spare: Cell<Request>,
}

impl Adapter {
    pub(crate) fn new(authorizer: &Authorizer) -> Self {
        let mut names = authorizer.headers_read();
        let read = Names::new(names.clone());
        names.extend(authorizer.sign_in_headers().map(str::to_owned));
        let read_for_sign_in = Names::new(names);
        let identity = Names::new(authorizer.identity_headers().map(str::to_owned).collect());
        let (client_ip, body) = (authorizer.reads_client_ip(), authorizer.reads_body());
        let view = view_of(&wasm_bindgen::memory());
        let (bytes, spare) = (Cell::default(), Cell::default());
        Self { read, read_for_sign_in, identity, client_ip, body, view, bytes, spare }
    }

    /// Reads what a decision needs. An error says what CloudFront would have sent.
    pub(crate) fn read(&self, viewer: &CloudFrontRequest) -> Result<Request, JsValue> {
        self.read_with(&self.read, viewer)
    }

    /// Reads what the sign-in needs.
    pub(crate) fn read_for_sign_in(&self, viewer: &CloudFrontRequest) -> Result<Request, JsValue> {
        self.read_with(&self.read_for_sign_in, viewer)
    }

    fn read_with(&self, names: &Names, viewer: &CloudFrontRequest) -> Result<Request, JsValue> {
        let mut bytes = self.bytes.take();
        // What is no length stands for an exception.
        let write = |bytes: &mut [u8]| {
            let (start, room) = (bytes.as_mut_ptr() as usize, bytes.len());
            let written = read(viewer, &names.array, &self.identity.array, self.client_ip, &self.view, start, room);
            usize::try_from(written).ok()
        };
        let mut length = write(&mut bytes);
        if let Some(needed) = length.filter(|length| *length > bytes.len()) {
            bytes.resize(needed, 0);
            length = write(&mut bytes);
        }
        let mut request = self.spare.take();
        let written = length.ok_or_else(fault)?;
        let is_read = bytes.get(..written).and_then(|parts| overwrite(&mut request, names, Parts(parts)));
        self.bytes.set(bytes);
        is_read.ok_or_else(|| JsError::new("the request cannot be read"))?;
        request.body = if self.body { body(viewer)? } else { None };
        Ok(request)
    }

    /// Takes back what [`read`](Self::read) gave.
    pub(crate) fn reuse(&self, request: Request) {
        self.spare.set(request);
    }

    /// Edits the request in place.
    pub(crate) fn apply(&self, edits: &Edits, viewer: &CloudFrontRequest) {
        for name in &edits.remove_headers {
            match self.read.find(name) {
                Some(known) => remove_header(viewer, known),
                None => remove_header(viewer, &JsString::from(name.as_str())),
            }
        }
        if let Some(cookies) = &edits.cookies {
            set_cookies(viewer, cookies.clone());
        }
        for (name, value) in &edits.set_headers {
            match self.identity.find(name) {
                Some(known) => self.set_header(viewer, known, value),
                None => self.set_header(viewer, &JsString::from(name.as_str()), value),
            }
        }
        if let Some(path) = &edits.path {
            set_path(viewer, path);
        }
        if let Some(query) = &edits.query {
            set_query(viewer, query);
        }
    }

    fn set_header(&self, viewer: &CloudFrontRequest, name: &JsString, value: &str) {
        set_header(viewer, name, &self.view, value.as_ptr() as usize, value.len());
    }
}

/// Writes what boundary.js has written over a request. `None` where it has not written that.
fn overwrite(request: &mut Request, names: &Names, mut parts: Parts<'_>) -> Option<()> {
    for text in [&mut request.method, &mut request.path, &mut request.query, &mut request.client_ip] {
        copy(parts.text()?, text);
    }
    let mut headers = 0;
    for (name, _) in &names.names {
        while let Some(value) = parts.value()? {
            match request.headers.get_mut(headers) {
                Some((old_name, old)) => {
                    copy(name, old_name);
                    copy(value, old);
                }
                None => request.headers.push((name.clone(), value.to_owned())),
            }
            headers += 1;
        }
    }
    request.headers.truncate(headers);
    let mut names = 0;
    while !parts.0.is_empty() {
        let name = parts.text()?;
        match request.header_names.get_mut(names) {
            Some(old) => copy(name, old),
            None => request.header_names.push(name.to_owned()),
        }
        names += 1;
    }
    request.header_names.truncate(names);
    Some(())
}

fn copy(text: &str, to: &mut String) {
    to.clear();
    to.push_str(text);
}

/// The request's `Accept`, for the form of an answer; empty where it has none.
pub(crate) fn accept(viewer: &CloudFrontRequest) -> String {
    accept_of(viewer)
}

/// A generated response.
pub(crate) fn response(answer: &Answer) -> Object {
    // CloudFront refuses any body with status 204.
    let body = (answer.status != 204).then_some(answer.body.as_str());
    let response = new_response(&answer.status.to_string(), answer.reason, body, answer.is_base64);
    for (name, value) in &answer.headers {
        add_header(&response, &JsString::from(*name), value);
    }
    response
}

/// Names of headers, with the same as JavaScript strings: each string that is made anew costs.
struct Names {
    names: Vec<(String, JsString)>,
    array: Array,
}

impl Names {
    fn new(names: Vec<String>) -> Self {
        let keys: Vec<_> = names.iter().map(|name| property_name(name)).collect();
        let array = keys.iter().collect();
        Self { names: names.into_iter().zip(keys).collect(), array }
    }

    fn find(&self, name: &str) -> Option<&JsString> {
        self.names.iter().find(|(known, _)| known == name).map(|(_, key)| key)
    }
}

/// What boundary.js has written: texts, each with its length before it.
struct Parts<'b>(&'b [u8]);

impl<'b> Parts<'b> {
    /// `None` where it is not what boundary.js writes.
    fn text(&mut self) -> Option<&'b str> {
        self.value()?
    }

    /// `Some(None)` after the last value of a header.
    fn value(&mut self) -> Option<Option<&'b str>> {
        let (length, rest) = self.0.split_first_chunk()?;
        let length = u32::from_le_bytes(*length);
        if length == NO_MORE_VALUES {
            self.0 = rest;
            return Some(None);
        }
        let (text, rest) = rest.split_at_checked(length as usize)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(Some)
    }
}
