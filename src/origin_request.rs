//! CloudFront's origin-request event: reading the request and its origin, and writing the outcome.
//!
//! It comes only where the cache has no answer. So it crosses the boundary as JSON, which takes less code than reading its
//! many parts one by one, and a little more time.

use edge_authorizer_core::{
    Code, Context, Fetched, Items, Json, Number, Origin, OriginBody, OriginDecision, OriginRequest, Request, parse_json,
};
use wasm_bindgen::prelude::*;

use crate::cloudfront::CloudFrontRequest;
use crate::role::{self, JsRoleCredentials};
use crate::{Authorizer, outcome, time};

#[wasm_bindgen]
extern "C" {
    /// `OriginOutcome` of `types.d.ts`.
    #[wasm_bindgen(typescript_type = "OriginOutcome")]
    pub type OriginOutcome;
}

#[wasm_bindgen]
impl Authorizer {
    /// Whether the configuration has `forward.sign`, so that origin-request events are for `signOriginRequest`.
    #[wasm_bindgen(js_name = signsOriginRequests)]
    pub fn signs_origin_requests(&self) -> bool {
        self.core.signs_origin_requests()
    }

    /// Signs `event.Records[0].cf.request` of a CloudFront origin-request event at the time `now`, in seconds since 1970,
    /// with the role of the function. `facts` is the JSON of an `OriginFacts`, for the same request. A request that may go
    /// to the origin is edited in place.
    ///
    /// Throws where `now` is no time, or where the request is not one that CloudFront sends.
    #[wasm_bindgen(js_name = signOriginRequest)]
    pub fn sign_origin_request(
        &self,
        request: &CloudFrontRequest,
        facts: &str,
        role: &JsRoleCredentials,
        now: f64,
    ) -> Result<OriginOutcome, JsError> {
        let now = time("now", now)?;
        let facts = parse_json(facts).ok_or_else(|| JsError::new("`facts` is not JSON"))?;
        let facts = facts.root();
        let read = request_of(facts).ok_or_else(|| {
            JsError::new("`request` is not one of an origin-request event with an origin to sign for")
        })?;
        let fetched = facts.get("fetched").map(answer_of);
        let none = Context::default();
        let decision = role::with(role, |role| self.core.sign_origin_request(&read, role, now, fetched.as_ref()));
        let outcome = match decision {
            OriginDecision::Forward(edits) => {
                self.adapter.apply(&edits, request);
                outcome::signed()
            }
            OriginDecision::Respond(answer) => {
                outcome::of_answer(Code::Generated, &none, "fetched and answered at origin-request", &answer)
            }
            OriginDecision::Refuse(refusal) => {
                // What is answered here gets its CORS headers like an answer of the origin.
                outcome::of_refusal(&refusal, &none, &self.core, &Request::default(), request)
            }
            OriginDecision::FetchNeeded(needed) => outcome::fetch_needed(needed),
        };
        Ok(outcome.unchecked_into())
    }
}

fn request_of(facts: Json<'_>) -> Option<OriginRequest> {
    let request = member(facts, "request");
    let mut headers = Vec::new();
    for (name, lines) in member(request, "headers").as_object()?.iter() {
        for line in lines.as_array()?.iter() {
            headers.push((name.to_owned(), text(member(line, "value"))?));
        }
    }
    Some(OriginRequest {
        method: text(member(request, "method"))?,
        path: text(member(request, "uri"))?,
        query: text(member(request, "querystring"))?,
        headers,
        body: body_of(member(request, "body"))?,
        origin: origin_of(member(request, "origin"))?,
        request_id: text(member(facts, "requestId"))?,
    })
}

/// A custom origin, or a bucket that CloudFront reaches without an identity of its own.
fn origin_of(origin: Json<'_>) -> Option<Origin> {
    let (custom, bucket) = (member(origin, "custom"), member(origin, "s3"));
    let (origin, port, is_tls) = if custom.as_object().is_some() {
        (
            custom,
            u16::try_from(member(custom, "port").as_number()?.as_u64()?).ok()?,
            is_text(custom, "protocol", "https"),
        )
    } else if is_text(bucket, "authMethod", "none") {
        (bucket, 443, true)
    } else {
        return None;
    };
    Some(Origin { host: text(member(origin, "domainName"))?, port, path: text(member(origin, "path"))?, is_tls })
}

fn body_of(body: Json<'_>) -> Option<OriginBody> {
    if matches!(body, Json::Null) {
        return Some(OriginBody::NotShown);
    }
    if member(body, "inputTruncated").as_bool() != Some(false) {
        return Some(OriginBody::Truncated);
    }
    OriginBody::of_text(text(member(body, "data"))?, is_text(body, "encoding", "base64"))
}

fn answer_of(fetched: Json<'_>) -> Fetched {
    let headers = member(fetched, "headers").as_array().into_iter().flat_map(Items::iter);
    let headers = headers.filter_map(|line| {
        let mut texts = line.as_array()?.iter().map(text);
        Some((texts.next()??, texts.next()??))
    });
    Fetched {
        status: member(fetched, "status")
            .as_number()
            .and_then(Number::as_u64)
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or_default(),
        headers: headers.collect(),
        body: text(member(fetched, "body")).unwrap_or_default(),
    }
}

/// A member, or null. It is asked for so often that code for each time would be noticed in the zip.
#[inline(never)]
fn member<'v>(value: Json<'v>, name: &str) -> Json<'v> {
    value.get(name).unwrap_or(Json::Null)
}

fn is_text(value: Json<'_>, name: &str, text: &str) -> bool {
    member(value, name).as_str() == Some(text)
}

#[inline(never)]
fn text(value: Json<'_>) -> Option<String> {
    value.as_str().map(str::to_owned)
}
