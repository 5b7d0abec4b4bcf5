//! Image frames of AWS HealthImaging under paths that CloudFront can cache.
//!
//! `GetImageFrame` is a POST, which CloudFront never caches, and no function can make a POST of a GET. So the function
//! itself sends the POST, and the frame is the answer that it makes for the GET ("GetImageFrame" in the AWS HealthImaging API
//! Reference, "Generate HTTP responses in request triggers" in the CloudFront Developer Guide).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::request::OriginRequest;
use crate::answer::Answer;
use crate::fetch::Fetched;
use crate::flaw::{Flaw, flaw};
use crate::path_pattern::PathPattern;
use crate::refusal::{Code, Refusal};

/// What a generated response may have with its headers at origin-request: 1 MB ("Quotas on Lambda@Edge"), some of which is
/// left for the headers. The body is counted as it is handed over, in base64.
const MAX_BODY_CHARACTERS: usize = 1024 * 1024 - 4096;

/// How long a frame may be kept. The pixels of an image frame never change; other versions of an image set are other ids.
const CACHE_CONTROL: &str = "max-age=86400";

/// The captures that a path of an image frame has.
const CAPTURES: [&str; 3] = ["datastoreId", "imageSetId", "imageFrameId"];

/// The paths of image frames.
#[derive(Debug, Clone)]
pub(crate) struct ImageFrames(PathPattern);

/// One image frame.
pub(super) struct Frame {
    datastore: String,
    image_set: String,
    image_frame: String,
}

impl ImageFrames {
    /// Takes a pattern with the captures `{datastoreId}`, `{imageSetId}` and `{imageFrameId}`.
    pub(crate) fn new(pattern: PathPattern) -> Result<Self, Flaw> {
        let names: Vec<&str> = pattern.capture_names().collect();
        if names.len() != CAPTURES.len() || !CAPTURES.iter().all(|name| names.contains(name)) {
            return Err(flaw!("its captures are not `{{{}}}`", CAPTURES.join("}`, `{")));
        }
        Ok(Self(pattern))
    }

    /// The frame that a GET asks for, if its path is that of one. Ids are 32 characters of `0-9a-z`.
    pub(super) fn asked_for(&self, request: &OriginRequest) -> Option<Result<Frame, Refusal>> {
        let captures =
            self.0.captures(request.path.as_str()).filter(|_| matches!(request.method.as_str(), "GET" | "HEAD"))?;
        let id = |name: &str| {
            let is_id = |id: &&str| id.len() == 32 && id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z'));
            captures.get(name).filter(is_id).map(str::to_owned)
        };
        let [datastore, image_set, image_frame] = CAPTURES.map(id);
        let malformed = || Refusal::new(Code::RequestMalformed, "an id in the path is not 32 characters of `0-9a-z`");
        let frame = || Some(Frame { datastore: datastore?, image_set: image_set?, image_frame: image_frame? });
        Some(frame().ok_or_else(malformed))
    }
}

impl Frame {
    pub(super) fn path(&self) -> String {
        ["/datastore/", &self.datastore, "/imageSet/", &self.image_set, "/getImageFrame"].concat()
    }

    pub(super) fn body(&self) -> String {
        ["{\"imageFrameId\":\"", &self.image_frame, "\"}"].concat()
    }
}

/// The answer to a GET, of the answer to our POST.
pub(super) fn answer(fetched: &Fetched) -> Result<Answer, Refusal> {
    let failed = |detail: &'static str| Refusal::new(Code::OriginFailed, detail);
    match fetched.status {
        200 => {}
        404 => return Err(Refusal::new(Code::NotFound, "AWS HealthImaging has no such image frame")),
        403 if says_expired(fetched) => {
            let detail = "AWS HealthImaging says that the credentials of the function's role have expired";
            return Err(Refusal::new(Code::SecretsUnavailable, detail));
        }
        403 => return Err(failed("AWS HealthImaging does not let the function's role have the image frame")),
        0 => return Err(failed("AWS HealthImaging did not answer, or with more than may be answered here")),
        _ => return Err(failed("AWS HealthImaging answered with an error")),
    }
    if fetched.body.len() > MAX_BODY_CHARACTERS {
        return Err(failed("the image frame is larger than the 1 MB that may be answered at origin-request"));
    }
    let content_type = fetched.header("content-type").unwrap_or("application/octet-stream");
    let headers = vec![
        ("content-type", content_type.to_owned()),
        ("cache-control", CACHE_CONTROL.to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
    ];
    Ok(Answer::in_base64(headers, fetched.body.clone()))
}

/// `ExpiredTokenException`, or words to this effect.
fn says_expired(fetched: &Fetched) -> bool {
    STANDARD.decode(&fetched.body).is_ok_and(|body| body.windows(6).any(|window| window == b"xpired"))
}
