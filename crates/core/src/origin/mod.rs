//! What happens at origin-request: the request to the origin gets the signature of the function's own role.
//!
//! Nothing is authorized here. A function at origin-request does not run where the cache has the answer, so that is the
//! business of viewer-request ([`Authorizer::authorize`](crate::Authorizer::authorize)), and the same function has to stand
//! there ("Choosing an event to trigger the function" in the CloudFront Developer Guide).

mod image_frames;
mod region;
mod request;
mod signing;

pub(crate) use image_frames::ImageFrames;
pub use request::{Origin, OriginBody, OriginRequest};
pub(crate) use signing::{OriginSigning, is_s3};

use crate::answer::Answer;
use crate::edits::Edits;
use crate::fetch::{Fetch, Fetched};
use crate::refusal::{Code, Refusal};
use crate::role::RoleCredentials;
use crate::time::UnixTime;

/// The answer to a request on its way to the origin. Only [`OriginDecision::Forward`] lets it go there.
#[derive(Clone)]
pub enum OriginDecision {
    /// It goes to the origin, with these edits, which carry the signature.
    Forward(Edits),
    /// The answer to it, made here.
    Respond(Answer),
    /// It does not go to the origin.
    Refuse(Refusal),
    /// This has to be fetched first: then ask again, with the answer.
    FetchNeeded(Fetch),
}

/// The way of a request to the origin: credentials, then an answer made here or a signature.
pub(crate) fn decide(
    signing: &OriginSigning,
    request: &OriginRequest,
    role: &RoleCredentials<'_>,
    now: UnixTime,
    fetched: Option<&Fetched>,
) -> OriginDecision {
    let unavailable = |detail: &'static str| Refusal::new(Code::SecretsUnavailable, detail);
    let decided = role.at(now).map_err(unavailable).and_then(|credentials| {
        if let Some(frame) = signing.image_frames.as_ref().and_then(|frames| frames.asked_for(request)) {
            let frame = frame?;
            return match fetched {
                Some(fetched) => image_frames::answer(fetched).map(OriginDecision::Respond),
                None => {
                    signing.fetch_of_image_frame(&frame, request, &credentials, now).map(OriginDecision::FetchNeeded)
                }
            };
        }
        signing.edits(request, &credentials, now).map(OriginDecision::Forward)
    });
    decided.unwrap_or_else(OriginDecision::Refuse)
}
