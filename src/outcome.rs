//! A decision, as JavaScript sees it: `Outcome` of `types.d.ts`.

use edge_authorizer_core::{Answer, Context, Decision};
use js_sys::Object;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::cloudfront::{self, Adapter, CloudFrontRequest};
use crate::memo::Memo;

#[wasm_bindgen(module = "/src/boundary.js")]
extern "C" {
    fn forward(code: &JsValue, rule: &JsValue, provider: &JsValue, kid: &JsValue) -> Object;

    #[wasm_bindgen(js_name = setClaim)]
    fn set_claim(outcome: &Object, name: &str, value: &str);

    fn respond(
        code: &str,
        rule: Option<&str>,
        provider: Option<&str>,
        kid: Option<&str>,
        status: u16,
        detail: &str,
        response: &Object,
    ) -> Object;

    #[wasm_bindgen(js_name = keysNeeded)]
    fn keys_needed(provider: &str, kid: Option<&str>) -> Object;

    #[wasm_bindgen(js_name = secretNeeded)]
    fn secret_needed(secret: &str) -> Object;
}

/// The outcome of a decision about `viewer`, which is edited if it may pass.
pub(crate) fn of(decision: Decision, adapter: &Adapter, memo: &Memo, viewer: &CloudFrontRequest) -> Object {
    match decision {
        Decision::Forward(passed) => {
            adapter.apply(&passed.edits, viewer);
            let Context { rule, provider, kid } = &passed.context;
            let text = |text: &Option<String>| memo.text(text.as_deref());
            let outcome = forward(&memo.text(Some(passed.code.as_str())), &text(rule), &text(provider), &text(kid));
            for (name, value) in &passed.edits.context {
                set_claim(&outcome, name, value);
            }
            outcome
        }
        Decision::Refuse(refused) => {
            let answer = Answer::to_refusal(&refused.refusal, cloudfront::accept(viewer).as_deref());
            let Context { rule, provider, kid } = &refused.context;
            respond(
                refused.refusal.code.as_str(),
                rule.as_deref(),
                provider.as_deref(),
                kid.as_deref(),
                answer.status,
                &refused.refusal.detail,
                &cloudfront::response(&answer),
            )
        }
        Decision::KeysNeeded(needed) => keys_needed(&needed.provider, needed.kid.as_deref()),
        Decision::SecretNeeded(needed) => secret_needed(&needed.name),
    }
}

/// Plain objects, and `null` for what is not there, as in JSON.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
