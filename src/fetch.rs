//! A request for the host to send, as JavaScript sees it: `FetchRequest` of `types.d.ts`.

use edge_authorizer_core::Fetch;
use js_sys::Object;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/boundary.js")]
extern "C" {
    #[wasm_bindgen(js_name = fetchRequest)]
    fn fetch_request(method: &str, url: &str, headers: Vec<String>, body: &str) -> Object;
}

pub(crate) fn request(fetch: Fetch) -> Object {
    let headers = fetch.headers.into_iter().flat_map(|(name, value)| [name, value]);
    fetch_request(fetch.method, &fetch.url, headers.collect(), &fetch.body)
}
