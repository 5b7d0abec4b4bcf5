//! What is reported about a configuration and its keys: plain data, by serde.

use edge_authorizer_core::{Authorizer, KeyTimes, Problem};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// `CheckReport` of `types.d.ts`.
pub(crate) fn report(configuration: &str) -> Result<JsValue, JsError> {
    #[derive(Serialize)]
    struct Report {
        errors: Vec<Reported>,
        warnings: Vec<Reported>,
    }
    let report = match Authorizer::check(configuration) {
        Ok(warnings) => Report { errors: Vec::new(), warnings: reported(&warnings) },
        Err(errors) => Report { errors: reported(&errors), warnings: Vec::new() },
    };
    to_js(&report)
}

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
        secret_file: Option<&'a str>,
        has_keys: bool,
    }
    let providers = authorizer.providers().map(|provider| {
        let edge_authorizer_core::ProviderKeys { name, jwks_uri, discovery_uri, key_times, secret_file, has_keys } =
            provider;
        let KeyTimes { max_age_seconds, stale_if_error_seconds } = key_times;
        ProviderKeys {
            name,
            jwks_uri,
            discovery_uri,
            jwks_max_age_seconds: max_age_seconds,
            jwks_stale_if_error_seconds: stale_if_error_seconds,
            secret_file,
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

/// The problems as text, a line each.
pub(crate) fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[derive(Serialize)]
struct Reported {
    place: String,
    line: Option<usize>,
    column: Option<usize>,
    message: String,
}

fn reported(problems: &[Problem]) -> Vec<Reported> {
    let reported = problems.iter().map(|problem| Reported {
        place: problem.place.clone(),
        line: problem.position.map(|(line, _)| line),
        column: problem.position.map(|(_, column)| column),
        message: problem.message.clone(),
    });
    reported.collect()
}

/// Plain objects, and `null` for what is not there, as in JSON.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
