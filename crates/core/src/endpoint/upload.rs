//! Places to upload to: a presigned PUT, or the fields of a form, for a key that the function chooses.

use edge_authorizer_aws::sigv4::{self, Options, Payload, PostPolicy, Request as AwsRequest, Scope, encoded_s3_path};

use super::text::{Text, Values};
use super::{Asking, json_answer};
use crate::answer::Answer;
use crate::json;
use crate::query;
use crate::refusal::{Code, Refusal};
use crate::request::Request;
use crate::role::RoleCredentials;
use crate::time::UnixTime;
use crate::url::split_at_scheme;

/// What may be uploaded, where to, and how long.
#[derive(Debug)]
pub(crate) struct Uploads {
    pub(crate) bucket: String,
    pub(crate) region: String,
    /// Another server that speaks S3, as `https://s3.example.com`; path style.
    pub(crate) endpoint: Option<String>,
    /// Made of verified claims and of what the function chooses: nothing in it is the viewer's choice but one of the
    /// extensions.
    pub(crate) key: Text,
    pub(crate) types: Vec<ContentType>,
    pub(crate) expires_seconds: u32,
    /// With a form S3 holds the file to a size; a presigned PUT cannot.
    pub(crate) form: Option<Form>,
}

/// An extension that is allowed, and what is in such a file.
#[derive(Debug)]
pub(crate) struct ContentType {
    pub(crate) extension: String,
    pub(crate) content_type: String,
}

/// How large an uploaded file may be, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) min_bytes: u64,
    pub(crate) max_bytes: u64,
}

/// A place to upload to that lacks the signature of the role.
#[derive(Debug, Clone, PartialEq)]
pub struct UnsignedUpload {
    bucket: String,
    region: String,
    endpoint: Option<String>,
    key: String,
    content_type: String,
    expires_seconds: u32,
    form: Option<Form>,
    now: UnixTime,
}

impl Uploads {
    /// The place for the file that was asked for, by its extension.
    pub(crate) fn place_for(&self, asking: &Asking<'_>) -> Result<UnsignedUpload, Refusal> {
        let extension = extension_asked_for(asking.request)?;
        let content_type = self.types.iter().find(|known| known.extension == extension).ok_or_else(|| {
            let known: Vec<&str> = self.types.iter().map(|known| known.extension.as_str()).collect();
            let detail = format!("files with this extension may not be uploaded: only {}", known.join(", "));
            Refusal::new(Code::UploadRefused, detail)
        })?;
        let now = asking.now.whole_seconds().to_string();
        let own = [("extension", extension.as_str()), ("now", now.as_str())];
        let key = self.key.fill(&Values { claims: asking.claims, captures: None, own: &own })?;
        Ok(UnsignedUpload {
            bucket: self.bucket.clone(),
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            key,
            content_type: content_type.content_type.clone(),
            expires_seconds: self.expires_seconds,
            form: self.form,
            now: asking.now,
        })
    }
}

/// From the query, `?extension=png`, or from a body `{"extension": "png"}`; not from both.
fn extension_asked_for(request: &Request) -> Result<String, Refusal> {
    let malformed = |detail: &'static str| Refusal::new(Code::RequestMalformed, detail);
    let mut asked = query::values(&request.query, "extension")?;
    if let Some(body) = request.body.as_deref() {
        let body = json::parse_object(body.into()).map_err(|_| malformed("the body is not a JSON object"))?;
        let extension = body.get("extension").and_then(|extension| extension.as_str());
        asked.extend(extension.map(str::to_owned));
    }
    match asked.as_slice() {
        [extension] => Ok(extension.clone()),
        _ => Err(malformed("not exactly one `extension`, in the query or in a JSON body")),
    }
}

impl UnsignedUpload {
    /// What the viewer gets: `{url, method, headers, expires}`, for a form with `fields` as well.
    ///
    /// Whoever has it may upload: it is not to be printed. It ends with the credentials, if they are temporary.
    ///
    /// [`Code::SecretsUnavailable`] where the role has no credentials that are good.
    pub fn signed_by(&self, role: &RoleCredentials<'_>) -> Result<Answer, Refusal> {
        let credentials = &role.at(self.now).map_err(|reason| Refusal::new(Code::SecretsUnavailable, reason))?;
        let scope = Scope::new(&self.region, "s3", self.now.whole_seconds()).map_err(unsigned)?;
        let expires = self.now.whole_seconds() + u64::from(self.expires_seconds);
        let mut body = String::from("{\"url\":");
        match self.form {
            None => {
                let (base, path) = self.address(&self.key);
                let path = encoded_s3_path(&path).map_err(unsigned)?;
                let host = host_of(&base);
                let headers = [("host", host), ("content-type", self.content_type.as_str())];
                let request =
                    AwsRequest { method: "PUT", path: &path, query: "", headers: &headers, payload: Payload::Unsigned };
                let presigned =
                    sigv4::presign(&request, &scope, credentials, Options::for_service("s3"), self.expires_seconds)
                        .map_err(unsigned)?;
                let url = [&base, &presigned.path, "?", &presigned.query].concat();
                json::write_text(&url, &mut body);
                body.push_str(",\"method\":\"PUT\",\"headers\":{\"content-type\":");
                json::write_text(&self.content_type, &mut body);
                body.push('}');
            }
            Some(Form { min_bytes, max_bytes }) => {
                let fields = [("key", self.key.as_str()), ("Content-Type", self.content_type.as_str())];
                let policy = PostPolicy {
                    bucket: &self.bucket,
                    fields: &fields,
                    content_length: (min_bytes, max_bytes),
                    expires_at: expires,
                };
                let fields = sigv4::sign_post_policy(&policy, &scope, credentials).map_err(unsigned)?;
                let (base, path) = self.address("");
                json::write_text(&[base, path].concat(), &mut body);
                body.push_str(",\"method\":\"POST\",\"headers\":{},\"fields\":{");
                for (index, (name, value)) in fields.iter().enumerate() {
                    if index > 0 {
                        body.push(',');
                    }
                    json::write_text(name, &mut body);
                    body.push(':');
                    json::write_text(value, &mut body);
                }
                body.push('}');
            }
        }
        body.push_str(",\"expires\":");
        body.push_str(&expires.to_string());
        body.push_str("}\n");
        Ok(json_answer(body))
    }

    /// The server and the path of a key there ("Virtual hosting of general purpose buckets" in the Amazon S3 User Guide).
    fn address(&self, key: &str) -> (String, String) {
        match &self.endpoint {
            Some(endpoint) => (endpoint.clone(), ["/", &self.bucket, "/", key].concat()),
            // A name with dots does not fit the server's certificate.
            None if self.bucket.contains('.') => {
                let host = ["https://s3.", &self.region, ".amazonaws.com"].concat();
                (host, ["/", &self.bucket, "/", key].concat())
            }
            None => {
                let host = ["https://", &self.bucket, ".s3.", &self.region, ".amazonaws.com"].concat();
                (host, ["/", key].concat())
            }
        }
    }
}

fn host_of(base: &str) -> &str {
    split_at_scheme(base).map_or(base, |(_, host)| host)
}

fn unsigned(error: sigv4::SigningError) -> Refusal {
    Refusal::new(Code::Internal, format!("the upload cannot be signed: {error}"))
}
