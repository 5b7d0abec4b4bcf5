//! Signing a request to the origin with AWS Signature Version 4.

use std::borrow::Cow;

use edge_authorizer_aws::sigv4::{
    self, Credentials, Options, PathRule, Payload, Request, Scope, SigningError, encoded_query, encoded_s3_path,
};

use super::image_frames::{Frame, ImageFrames};
use super::region;
use super::request::{Origin, OriginBody, OriginRequest};
use crate::edits::Edits;
use crate::fetch::Fetch;
use crate::query;
use crate::refusal::{Code, Refusal};
use crate::time::UnixTime;
use crate::url;

/// How requests to the origin are signed: `forward.sign`.
#[derive(Debug, Clone)]
pub(crate) struct OriginSigning {
    /// The service's name in the credential scope: `s3`.
    pub(crate) service: String,
    /// Its region; `None` takes it from the origin's host.
    pub(crate) region: Option<String>,
    /// The only parameters of the viewer's query that go on; `None` for all of them.
    pub(crate) query: Option<Vec<String>>,
    /// Whether `x-amz-cf-id` is signed, which CloudFront adds afterwards.
    pub(crate) cloudfront_request_id: bool,
    /// Whether the body is left out of the signature (Amazon S3 only).
    pub(crate) unsigned_payload: bool,
    /// The paths of image frames that are fetched here.
    pub(crate) image_frames: Option<ImageFrames>,
}

/// Whether a service is one of Amazon S3's, by its name in the credential scope.
pub(crate) fn is_s3(service: &str) -> bool {
    matches!(Options::for_service(service).path, PathRule::EncodedOnce)
}

impl OriginSigning {
    /// The edits that sign a request: path and query in the form that was signed, the viewer's `Authorization` and its
    /// `x-amz-` headers out, ours in.
    ///
    /// Only what nothing changes on the way is signed: `host`, the body and its type, and what the signature itself sets.
    /// CloudFront adds to and changes the rest.
    pub(super) fn edits(
        &self,
        request: &OriginRequest,
        credentials: &Credentials,
        now: UnixTime,
    ) -> Result<Edits, Refusal> {
        let origin = &request.origin;
        if request.path == "/" && self.query.is_some() && is_s3(&self.service) {
            // A GET would list it.
            return Err(Refusal::new(Code::NotFound, "the path is that of the bucket, and no object's"));
        }
        let options = Options::for_service(&self.service);
        let path = match options.path {
            PathRule::EncodedOnce => encoded_s3_path(&request.path).map_err(malformed)?,
            _ => request.path.clone(),
        };
        let query = encoded_query(&self.query(request)?).map_err(malformed)?;

        let mut headers = vec![("host", origin.host.as_str())];
        let body = self.payload(request)?;
        if let (Payload::Bytes([_, ..]), Some(content_type)) = (&body, request.header("content-type")) {
            headers.push(("content-type", content_type));
        }
        if self.cloudfront_request_id {
            headers.push(("x-amz-cf-id", request.request_id.as_str()));
        }
        let signed = self.sign(
            &Request {
                method: &request.method,
                path: &[origin.path.as_str(), &path].concat(),
                query: &query,
                headers: &headers,
                payload: body,
            },
            origin,
            credentials,
            now,
        )?;

        let mut edits = Edits::default();
        for (name, _) in &request.headers {
            if name == "authorization" || name.starts_with("x-amz-") {
                edits.remove_header(name);
            }
        }
        edits.set_headers.push(("host".to_owned(), origin.host.clone()));
        edits.set_headers.extend(signed);
        edits.path = (path != request.path).then_some(path);
        edits.query = (query != request.query).then_some(query);
        Ok(edits)
    }

    /// What goes on of the viewer's query.
    ///
    /// For Amazon S3 a parameter can be a subresource (`?acl`), or a header of the answer (`?response-content-type=text/html`):
    /// with our signature the viewer would do what the role may, and not what the rule was written for. What S3 does not know
    /// it ignores, and a request that only reads is the same without. One that writes is not: `PUT /a?tagging` without its query
    /// replaces the object.
    fn query<'r>(&self, request: &'r OriginRequest) -> Result<Cow<'r, str>, Refusal> {
        let Some(names) = &self.query else {
            return Ok(Cow::Borrowed(&request.query));
        };
        let (query, has_others) = query::only(&request.query, names);
        // Methods that are safe: RFC 9110, section 9.2.1.
        if has_others && !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            let detail = "a request that writes has a parameter in its query that `forward.sign.query` does not name";
            return Err(Refusal::new(Code::RequestMalformed, detail));
        }
        Ok(Cow::Owned(query))
    }

    /// The request for an image frame, which a viewer's GET cannot be made into: this function sends it itself.
    pub(super) fn fetch_of_image_frame(
        &self,
        frame: &Frame,
        request: &OriginRequest,
        credentials: &Credentials,
        now: UnixTime,
    ) -> Result<Fetch, Refusal> {
        let origin = &request.origin;
        let (path, body) = (frame.path(), frame.body());
        let signed = self.sign(
            &Request {
                method: "POST",
                path: &path,
                query: "",
                headers: &[("host", &origin.host), ("content-type", "application/json")],
                payload: Payload::Bytes(body.as_bytes()),
            },
            origin,
            credentials,
            now,
        )?;
        let (scheme, usual_port) = if origin.is_tls { ("https://", 443) } else { ("http://", 80) };
        let port = if origin.port == usual_port { String::new() } else { [":", &origin.port.to_string()].concat() };
        let mut headers = signed;
        headers.push(("host".to_owned(), origin.host.clone()));
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        Ok(Fetch { method: "POST", url: [scheme, &origin.host, &port, &path].concat(), headers, body })
    }

    /// The headers that a signature sets.
    fn sign(
        &self,
        request: &Request<'_>,
        origin: &Origin,
        credentials: &Credentials,
        now: UnixTime,
    ) -> Result<Vec<(String, String)>, Refusal> {
        if !origin.is_tls && !url::is_loopback_host(&origin.host) {
            let detail = "the origin is reached without TLS, where anyone could read the signature";
            return Err(Refusal::new(Code::Internal, detail));
        }
        let unknown = || {
            Refusal::new(Code::Internal, "the origin's host does not tell its region: `forward.sign.region` is needed")
        };
        let region = self.region.as_deref().or_else(|| region::of_host(&origin.host)).ok_or_else(unknown)?;
        let signed = Scope::new(region, &self.service, now.whole_seconds())
            .and_then(|scope| sigv4::sign(request, &scope, credentials, Options::for_service(&self.service)));
        let signed = signed.map_err(|error| match error {
            SigningError::Path | SigningError::Query => malformed(error),
            other => Refusal::new(Code::Internal, other.message()),
        })?;
        Ok(signed.headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// What the signature says about the body: a body that cannot be seen whole is not signed, and does not go on.
    fn payload<'r>(&self, request: &'r OriginRequest) -> Result<Payload<'r>, Refusal> {
        match &request.body {
            _ if self.unsigned_payload => Ok(Payload::Unsigned),
            OriginBody::Whole(bytes) => Ok(Payload::Bytes(bytes)),
            OriginBody::Truncated => {
                Err(Refusal::new(Code::BodyTooLarge, "CloudFront shows only the first megabyte of the body"))
            }
            OriginBody::NotShown => {
                let announced = request.header("content-length").is_some_and(|length| length.trim() != "0");
                if announced || request.header("transfer-encoding").is_some() {
                    let detail = "the request has a body that CloudFront does not show: associate the function with `IncludeBody`";
                    return Err(Refusal::new(Code::Internal, detail));
                }
                Ok(Payload::Bytes(b""))
            }
        }
    }
}

fn malformed(error: SigningError) -> Refusal {
    Refusal::new(Code::RequestMalformed, error.message())
}
