//! What the host fetches for us: the core has no network of its own.

/// A request that the host has to send.
///
/// Headers may carry a signature or a secret: it is not to be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetch {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// An https URL, or one with http on loopback, for development.
    pub url: String,
    /// Names in lower case. The host adds `content-length` and nothing else that says who we are.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: String,
}

/// The answer to a [`Fetch`].
#[derive(Clone, Default)]
pub struct Fetched {
    /// The status; 0 where there was no answer in time, or one too long.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, in base64.
    pub body: String,
}

impl Fetched {
    /// The first value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}
