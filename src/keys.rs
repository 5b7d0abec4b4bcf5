//! What the host has to know of providers and their keys.

use edge_authorizer_core::{Authorizer, KeySetReport, KeyTimes, ProviderKeys};
use wasm_bindgen::JsValue;

use crate::plain::Plain;

/// `ProviderKeys[]` of `types.d.ts`.
pub(crate) fn providers(authorizer: &Authorizer) -> JsValue {
    let providers = authorizer.providers().map(|provider| {
        let ProviderKeys { name, jwks_uri, discovery_uri, key_times, has_keys } = provider;
        let KeyTimes { max_age_seconds, stale_if_error_seconds } = key_times;
        Plain::Object(vec![
            ("name", Plain::Text(name)),
            ("jwksUri", Plain::text(jwks_uri)),
            ("discoveryUri", Plain::text(discovery_uri)),
            ("jwksMaxAgeSeconds", Plain::Number(max_age_seconds.into())),
            ("jwksStaleIfErrorSeconds", Plain::Number(stale_if_error_seconds.into())),
            ("hasKeys", Plain::Flag(has_keys)),
        ])
    });
    Plain::list(providers).to_js()
}

/// `KeySetReport` of `types.d.ts`.
pub(crate) fn key_set_report(report: &KeySetReport) -> JsValue {
    let skipped = report
        .skipped
        .iter()
        .map(|key| Plain::Object(vec![("kid", Plain::text(key.kid.as_deref())), ("reason", Plain::Text(&key.reason))]));
    Plain::Object(vec![("keys", Plain::Number(report.keys as u64)), ("skipped", Plain::list(skipped))]).to_js()
}
