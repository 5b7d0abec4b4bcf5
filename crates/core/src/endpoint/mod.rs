//! Answers that a rule gives itself, to whoever it lets pass: CloudFront's signed cookies and URLs, places to upload to.
//!
//! An answer that needs a signature is not made here to the end: a private key is the host's, and so are the credentials of
//! its role. What is [`Unsigned`] says what to sign, and becomes an [`Answer`] with the signature.

mod signed_access;
mod text;
mod upload;

pub(crate) use signed_access::{CookieScope, SameSite, SignedAccess};
pub use signed_access::{KeyHash, UnsignedAccess};
pub(crate) use text::Text;
pub use upload::UnsignedUpload;
pub(crate) use upload::{ContentType, Form, Uploads};

use std::rc::Rc;

use crate::answer::Answer;
use crate::claims::ValidatedClaims;
use crate::path_pattern::Captures;
use crate::refusal::{Code, Refusal};
use crate::request::Request;
use crate::time::UnixTime;

/// What a rule answers instead of letting the request go on.
#[derive(Debug, Clone)]
pub(crate) enum Endpoint {
    /// Cookies that open what the signer names.
    SignedCookies(Rc<SignedAccess>),
    /// The same cookies, ended.
    ClearSignedCookies(Rc<SignedAccess>),
    /// A URL that opens it.
    SignedUrl(Rc<SignedAccess>),
    /// Where to upload a file to.
    Upload(Rc<Uploads>),
}

/// Who asks, after the rule has let them pass.
pub(crate) struct Asking<'a> {
    pub(crate) request: &'a Request,
    pub(crate) captures: &'a Captures<'a>,
    pub(crate) claims: Option<&'a ValidatedClaims>,
    pub(crate) now: UnixTime,
}

/// An answer, or what lacks a signature to be one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reply {
    Answer(Code, Answer),
    Unsigned(Unsigned),
}

/// An answer that lacks a signature.
#[derive(Debug, Clone, PartialEq)]
pub enum Unsigned {
    /// One by a private key of CloudFront's key group.
    Access(UnsignedAccess),
    /// One by the role of the function.
    Upload(UnsignedUpload),
}

impl Unsigned {
    /// What the decision is called, once it is signed.
    pub fn code(&self) -> Code {
        match self {
            Self::Access(access) => access.code(),
            Self::Upload(_) => Code::UploadSigned,
        }
    }

    /// What the viewer is told where the host lacks what it takes to sign.
    pub fn not_signed(&self) -> Refusal {
        let detail = match self {
            Self::Access(access) => format!("the private key `{}` is not there, or does not sign", access.key()),
            Self::Upload(_) => "the credentials of the function's role are not there, or are none".to_owned(),
        };
        Refusal::new(Code::SecretsUnavailable, detail)
    }
}

impl Endpoint {
    pub(crate) fn reads_client_ip(&self) -> bool {
        matches!(self, Self::SignedCookies(access) | Self::SignedUrl(access) if access.for_viewer_address)
    }

    pub(crate) fn reads_body(&self) -> bool {
        matches!(self, Self::Upload(_))
    }

    pub(crate) fn reply(&self, asking: &Asking<'_>) -> Result<Reply, Refusal> {
        match self {
            Self::SignedCookies(access) => access.cookies_for(asking).map(Unsigned::Access).map(Reply::Unsigned),
            Self::SignedUrl(access) => access.url_for(asking).map(Unsigned::Access).map(Reply::Unsigned),
            Self::ClearSignedCookies(access) => Ok(Reply::Answer(Code::CookiesCleared, access.cleared())),
            Self::Upload(uploads) => uploads.place_for(asking).map(Unsigned::Upload).map(Reply::Unsigned),
        }
    }
}

/// A JSON answer that nobody keeps.
fn json_answer(body: String) -> Answer {
    let headers = vec![
        ("cache-control", "no-store".to_owned()),
        ("content-type", "application/json".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
    ];
    Answer { status: 200, reason: "OK", headers, body, is_base64: false }
}
