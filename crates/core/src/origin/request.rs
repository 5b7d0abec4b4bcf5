//! A request on its way to the origin, as much of it as signing reads.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// One request, built by the adapter of a platform from its origin-request event.
#[derive(Debug, Clone)]
pub struct OriginRequest {
    /// The method.
    pub method: String,
    /// The path, still percent-encoded, without the origin's own path before it.
    pub path: String,
    /// The query, without `?`; empty if there is none.
    pub query: String,
    /// Every header: name in lower case, one entry for each line.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: OriginBody,
    /// Where the request goes.
    pub origin: Origin,
    /// CloudFront's id of the request, which it sends to the origin as `x-amz-cf-id`.
    pub request_id: String,
}

/// The body of a request, as the platform shows it.
#[derive(Debug, Clone)]
pub enum OriginBody {
    /// The function is associated without "Include Body".
    NotShown,
    /// These bytes.
    Whole(Vec<u8>),
    /// It was too long to be shown whole.
    Truncated,
}

/// Where a request goes.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The domain name of the origin.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What the distribution puts before the path: empty, or `/path`.
    pub path: String,
    /// Whether it is reached over TLS.
    pub is_tls: bool,
}

impl OriginBody {
    /// A whole body as it stands in an event. `None` where it should be base64 and is not.
    pub fn of_text(text: String, is_base64: bool) -> Option<Self> {
        let bytes = if is_base64 { STANDARD.decode(text).ok()? } else { text.into_bytes() };
        Some(Self::Whole(bytes))
    }
}

impl OriginRequest {
    /// The first value of a header, by its name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}
