//! What only the command line asks for (feature `tooling`): what is wrong with a configuration, and why a decision was
//! made. The module at the edge is made without it.

use edge_authorizer_core::{Keys, Problem, Step, StepOutcome, Trace};
use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::Authorizer;
use crate::cloudfront::CloudFrontRequest;
use crate::outcome::to_js;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("tooling.d.ts");

#[wasm_bindgen]
extern "C" {
    /// `ExplainedOutcome` of `tooling.d.ts`.
    #[wasm_bindgen(typescript_type = "ExplainedOutcome")]
    pub type ExplainedOutcome;
    /// `CheckReport` of `tooling.d.ts`.
    #[wasm_bindgen(typescript_type = "CheckReport")]
    pub type CheckReport;
}

#[wasm_bindgen]
impl Authorizer {
    /// What is wrong and what is doubtful in the text of an `authorizer.json`.
    pub fn check(configuration: &str) -> Result<CheckReport, JsError> {
        Ok(report(configuration)?.unchecked_into())
    }

    /// The names of the parts of the module at the edge that it can be without, for this configuration.
    #[wasm_bindgen(js_name = unusedParts)]
    pub fn unused_parts(&self) -> Vec<String> {
        self.core.unused_parts().into_iter().map(str::to_owned).collect()
    }

    /// Line and column, counted from 1, of what a place names, `rules[2].match.path` say; empty where there is no such place.
    pub fn locate(configuration: &str, place: &str) -> Vec<usize> {
        let found = edge_authorizer_core::Authorizer::locate(configuration, place);
        found.map_or_else(Vec::new, |(line, column)| vec![line, column])
    }

    /// Like `authorizeViewerRequest` with `keysAreFinal`, with a record of how the decision came about.
    #[wasm_bindgen(js_name = explainViewerRequest)]
    pub fn explain_viewer_request(&self, request: &CloudFrontRequest, now: f64) -> Result<ExplainedOutcome, JsValue> {
        let mut trace = Trace::on();
        let outcome = self.outcome(request, now, Keys::AreFinal, &mut trace)?;
        Ok(with_trace(outcome, trace)?.unchecked_into())
    }
}

/// `CheckReport` of `tooling.d.ts`.
fn report(configuration: &str) -> Result<JsValue, JsError> {
    #[derive(Serialize)]
    struct Report {
        errors: Vec<Reported>,
        warnings: Vec<Reported>,
    }
    let report = match edge_authorizer_core::Authorizer::check(configuration) {
        Ok(warnings) => Report { errors: Vec::new(), warnings: reported(&warnings) },
        Err(errors) => Report { errors: reported(&errors), warnings: Vec::new() },
    };
    to_js(&report)
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

/// The outcome with the record of how it came about.
fn with_trace(outcome: Object, trace: Trace) -> Result<Object, JsValue> {
    #[derive(Serialize)]
    struct TraceStep {
        depth: usize,
        outcome: &'static str,
        text: String,
    }
    let steps = trace.into_steps().into_iter().map(|Step { depth, outcome, text }| {
        let outcome = match outcome {
            StepOutcome::Met => "met",
            StepOutcome::Unmet => "unmet",
            StepOutcome::Skipped => "skipped",
            StepOutcome::Info => "info",
        };
        TraceStep { depth, outcome, text }
    });
    let steps = to_js(&steps.collect::<Vec<_>>())?;
    Reflect::set(&outcome, &JsValue::from_str("trace"), &steps)?;
    Ok(outcome)
}
