//! `forward.sign`: how requests to the origin are signed.

use super::problem::{Place, Problems};
use super::reader::{Nullable, ObjectReader, boolean, one_or_many, string};
use crate::flaw::{Flaw, flaw};
use crate::json::Json;
use crate::origin::{ImageFrames, OriginSigning, is_s3};
use crate::path_pattern::PathPattern;

/// `forward.sign`, as it is written.
#[derive(Debug)]
pub(super) struct Sign {
    service: Option<String>,
    region: Option<String>,
    query: Nullable<Vec<String>>,
    cloudfront_request_id: Option<bool>,
    unsigned_payload: Option<bool>,
    image_frame_path: Option<String>,
}

impl Sign {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            service: object.read("service", string),
            region: object.read("region", string),
            query: object.nullable("query", one_or_many),
            cloudfront_request_id: object.read("cloudfrontRequestId", boolean),
            unsigned_payload: object.read("unsignedPayload", boolean),
            image_frame_path: object.read("imageFramePath", string),
        })
    }
}

pub(super) fn signing(written: Option<Sign>, problems: &mut Problems) -> Option<OriginSigning> {
    let written = written?;
    let place = Place::top("forward").member("sign");
    let Some(service) = written.service else {
        problems.add(&place, "`service` is missing: `s3`, `medical-imaging`, `lambda` and `execute-api` are some");
        return None;
    };
    let service = problems.take(&place.member("service"), name(service));
    let region = written.region.map(|region| problems.take(&place.member("region"), name(region)));
    let unsigned_payload = written.unsigned_payload.unwrap_or_default();
    if unsigned_payload && service.as_deref() != Some("s3") {
        problems.add(&place.member("unsignedPayload"), "only Amazon S3 takes a body that is not signed");
    }
    let image_frames =
        written.image_frame_path.map(|path| problems.take(&place.member("imageFramePath"), image_frames(&path)));
    if image_frames.is_some() && service.as_deref() != Some("medical-imaging") {
        problems.add(&place.member("imageFramePath"), "image frames are those of the service `medical-imaging`");
    }
    let query = query(written.query, service.as_deref().is_some_and(is_s3));
    let query = problems.take(&place.member("query"), query);
    Some(OriginSigning {
        service: service?,
        region: lifted(region)?,
        query: query?,
        cloudfront_request_id: written.cloudfront_request_id.unwrap_or_default(),
        unsigned_payload,
        image_frames: lifted(image_frames)?,
    })
}

/// The parameters that go on. For Amazon S3 none that is not named, since there they change what a request is.
fn query(written: Nullable<Vec<String>>, is_s3: bool) -> Result<Option<Vec<String>>, Flaw> {
    let Some(names) = written else {
        return Ok(is_s3.then(Vec::new));
    };
    match names.iter().flatten().find(|name| name.is_empty() || is_of_signature(name)) {
        None => Ok(names),
        Some(name) => {
            Err(flaw!("`{name}` is no parameter that viewers may send: those of signatures are the function's own"))
        }
    }
}

/// `X-Amz-Signature` and the like, in any case ("Authenticating Requests: Using Query Parameters" in the Amazon S3 API
/// Reference).
fn is_of_signature(name: &str) -> bool {
    name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"))
}

/// Absent, or right: `None` where it is there but wrong.
fn lifted<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    value.map_or(Some(None), |value| value.map(Some))
}

fn image_frames(path: &str) -> Result<ImageFrames, Flaw> {
    PathPattern::parse(path).and_then(ImageFrames::new)
}

/// A service or a region, as it stands in a credential scope.
fn name(written: String) -> Result<String, Flaw> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !written.is_empty() && written.bytes().all(plain) {
        Ok(written)
    } else {
        Err(flaw!("`{written}` is no such name: it has lower-case letters, digits and `-`, as `eu-central-1` has"))
    }
}
