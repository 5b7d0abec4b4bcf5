//! What the host has to know of providers and their keys: plain data, by serde.

use edge_authorizer_core::{Authorizer, KeyTimes};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::outcome::to_js;

/// `ProviderKeys[]` of `types.d.ts`.
pub(crate) fn providers(authorizer: &Authorizer) -> Result<JsValue, JsError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct ProviderKeys<'a> {
        name: &'a str,
        jwks_uri: Option<&'a str>,
        discovery_uri: Option<&'a str>,
        jwks_max_age_seconds: u32,
        jwks_stale_if_error_seconds: u32,
        has_keys: bool,
    }
    let providers = authorizer.providers().map(|provider| {
        let edge_authorizer_core::ProviderKeys { name, jwks_uri, discovery_uri, key_times, has_keys } = provider;
        let KeyTimes { max_age_seconds, stale_if_error_seconds } = key_times;
        ProviderKeys {
            name,
            jwks_uri,
            discovery_uri,
            jwks_max_age_seconds: max_age_seconds,
            jwks_stale_if_error_seconds: stale_if_error_seconds,
            has_keys,
        }
    });
    to_js(&providers.collect::<Vec<_>>())
}

/// `KeySetReport` of `types.d.ts`.
pub(crate) fn key_set_report(report: edge_authorizer_core::KeySetReport) -> Result<JsValue, JsError> {
    #[derive(Serialize)]
    struct Report {
        keys: usize,
        skipped: Vec<Skipped>,
    }
    #[derive(Serialize)]
    struct Skipped {
        kid: Option<String>,
        reason: String,
    }
    let skipped = report.skipped.into_iter().map(|key| Skipped { kid: key.kid, reason: key.reason }).collect();
    to_js(&Report { keys: report.keys, skipped })
}
