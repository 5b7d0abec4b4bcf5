//! A decision, as JavaScript sees it: `Outcome` of `types.d.ts`.

use edge_authorizer_core::{
    Answer, Answered, Authorizer, Code, Context, Decision, Fetch, FetchNeeded, Refusal, Request, UnsignedAnswer,
};
use js_sys::{Array, Object};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::cloudfront::{self, Adapter, CloudFrontRequest};
use crate::fetch;
use crate::memo::Memo;

#[wasm_bindgen(module = "/src/boundary.js")]
extern "C" {
    fn forward(texts: &Array, code: u32, rule: u32, provider: u32, kid: u32) -> Object;

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

    #[wasm_bindgen(js_name = signIn)]
    fn sign_in() -> Object;

    #[wasm_bindgen(js_name = fetchNeeded)]
    fn fetch_needed_of(request: &Object, purpose: Option<&str>) -> Object;
}

/// The outcome of a decision about `viewer`, which was read as `request`, and is edited if it may pass.
pub(crate) fn of(
    decision: Decision,
    authorizer: &Authorizer,
    request: &Request,
    adapter: &Adapter,
    memo: &Memo,
    viewer: &CloudFrontRequest,
) -> Object {
    match decision {
        Decision::Forward(passed) => {
            adapter.apply(&passed.edits, viewer);
            let Context { rule, provider, kid } = &passed.context;
            let [code, rule, provider, kid] =
                memo.numbers([Some(passed.code.as_str()), rule.as_deref(), provider.as_deref(), kid.as_deref()]);
            let outcome = forward(memo.texts(), code, rule, provider, kid);
            for (name, value) in &passed.edits.context {
                set_claim(&outcome, name, value);
            }
            outcome
        }
        Decision::Refuse(refused) => of_refusal(&refused.refusal, &refused.context, authorizer, request, viewer),
        Decision::Answer(Answered { code, detail, mut answer, context }) => {
            authorizer.complete(request, &mut answer);
            of_answer(code, &context, &detail, &answer)
        }
        // Signed before: see `host::complete`.
        Decision::Unsigned(UnsignedAnswer { unsigned, context }) => {
            of_refusal(&unsigned.not_signed(), &context, authorizer, request, viewer)
        }
        Decision::KeysNeeded(needed) => keys_needed(&needed.provider, needed.kid.as_deref()),
        Decision::SecretNeeded(needed) => secret_needed(&needed.name),
        Decision::SignIn => sign_in(),
        Decision::FetchNeeded(FetchNeeded { purpose, fetch }) => fetch_needed_of(&fetch::request(fetch), Some(purpose)),
    }
}

/// A refusal, with the answer to it in the form that the viewer asks for.
pub(crate) fn of_refusal(
    refusal: &Refusal,
    context: &Context,
    authorizer: &Authorizer,
    request: &Request,
    viewer: &CloudFrontRequest,
) -> Object {
    let answer = authorizer.answer_to(refusal, request, &cloudfront::accept(viewer));
    of_answer(refusal.code, context, &refusal.detail, &answer)
}

/// An answer that is made here, and a sentence about it for the log.
pub(crate) fn of_answer(code: Code, context: &Context, detail: &str, answer: &Answer) -> Object {
    let Context { rule, provider, kid } = context;
    let (rule, provider, kid) = (rule.as_deref(), provider.as_deref(), kid.as_deref());
    respond(code.as_str(), rule, provider, kid, answer.status, detail, &cloudfront::response(answer))
}

/// A request that was signed, and edited, at origin-request.
pub(crate) fn signed() -> Object {
    let texts = Array::of2(&JsValue::from_str(Code::Signed.as_str()), &JsValue::NULL);
    forward(&texts, 0, 1, 1, 1)
}

/// What the host has to fetch first.
pub(crate) fn fetch_needed(needed: Fetch) -> Object {
    fetch_needed_of(&fetch::request(needed), None)
}

/// Plain objects, and `null` for what is not there, as in JSON.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}
