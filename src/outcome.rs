//! A decision, as JavaScript sees it: `Outcome` of `types.d.ts`.

use edge_authorizer_core::{Answer, Code, Context, Decision};
use js_sys::Object;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::cloudfront::{self, CloudFrontRequest, set};

/// The outcome of a decision about `viewer`, which is edited if it may pass.
pub(crate) fn of(decision: Decision, viewer: &CloudFrontRequest) -> Result<Object, JsError> {
    let outcome = Object::new();
    match decision {
        Decision::Forward(forward) => {
            cloudfront::apply(&forward.edits, viewer)?;
            describe(&outcome, "forward", forward.code, &forward.context)?;
            if !forward.edits.context.is_empty() {
                let claims = Object::new();
                for (name, value) in &forward.edits.context {
                    set(&claims, name, &JsValue::from_str(value))?;
                }
                set(&outcome, "claims", &claims)?;
            }
        }
        Decision::Refuse(refused) => {
            let answer = Answer::to_refusal(&refused.refusal, cloudfront::accept(viewer).as_deref());
            describe(&outcome, "respond", refused.refusal.code, &refused.context)?;
            set(&outcome, "status", &answer.status.into())?;
            set(&outcome, "detail", &JsValue::from_str(&refused.refusal.detail))?;
            let response = cloudfront::response(&answer)?;
            set(&outcome, "response", &response)?;
        }
        Decision::KeysNeeded(needed) => {
            set(&outcome, "kind", &JsValue::from_str("keys-needed"))?;
            set(&outcome, "provider", &JsValue::from_str(&needed.provider))?;
            set(&outcome, "kid", &or_null(needed.kid.as_deref()))?;
        }
    }
    Ok(outcome)
}

fn describe(outcome: &Object, kind: &str, code: Code, context: &Context) -> Result<(), JsError> {
    set(outcome, "kind", &JsValue::from_str(kind))?;
    set(outcome, "code", &JsValue::from_str(code.as_str()))?;
    set(outcome, "rule", &or_null(context.rule.as_deref()))?;
    set(outcome, "provider", &or_null(context.provider.as_deref()))?;
    set(outcome, "kid", &or_null(context.kid.as_deref()))
}

fn or_null(text: Option<&str>) -> JsValue {
    text.map_or(JsValue::NULL, JsValue::from_str)
}

/// Plain objects, and `null` for what is not there, as in JSON.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
