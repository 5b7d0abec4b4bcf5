//! What only the command line asks for (feature `tooling`): what is wrong with a configuration, and why a decision was
//! made. The module at the edge is made without it.

use edge_authorizer_core::{Keys, Problem, Step, StepOutcome, Trace};
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::Authorizer;
use crate::cloudfront::CloudFrontRequest;
use crate::plain::Plain;

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
    pub fn check(configuration: &str) -> CheckReport {
        report(configuration).unchecked_into()
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
fn report(configuration: &str) -> JsValue {
    let (errors, warnings) = match edge_authorizer_core::Authorizer::check(configuration) {
        Ok(warnings) => (Vec::new(), warnings),
        Err(errors) => (errors, Vec::new()),
    };
    Plain::Object(vec![("errors", reported(&errors)), ("warnings", reported(&warnings))]).to_js()
}

fn reported(problems: &[Problem]) -> Plain<'_> {
    let number = |number: Option<usize>| number.map_or(Plain::Null, |number| Plain::Number(number as u64));
    Plain::list(problems.iter().map(|problem| {
        Plain::Object(vec![
            ("place", Plain::Text(&problem.place)),
            ("line", number(problem.position.map(|(line, _)| line))),
            ("column", number(problem.position.map(|(_, column)| column))),
            ("message", Plain::Text(&problem.message)),
        ])
    }))
}

/// The outcome with the record of how it came about.
fn with_trace(outcome: Object, trace: Trace) -> Result<Object, JsValue> {
    let steps = trace.into_steps();
    let steps = steps.iter().map(|Step { depth, outcome, text }| {
        let outcome = match outcome {
            StepOutcome::Met => "met",
            StepOutcome::Unmet => "unmet",
            StepOutcome::Skipped => "skipped",
            StepOutcome::Info => "info",
        };
        let depth = Plain::Number(*depth as u64);
        Plain::Object(vec![("depth", depth), ("outcome", Plain::Text(outcome)), ("text", Plain::Text(text))])
    });
    Reflect::set(&outcome, &JsValue::from_str("trace"), &Plain::list(steps).to_js())?;
    Ok(outcome)
}
