//! What the host fetches for us: the core has no network of its own.

/// A request that the host has to send.
///
/// Headers may carry a signature or a secret: it is not to be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetch {
    /// `POST`
    pub method: &'static str,
    /// An https URL, or one with http on loopback, for development.
    pub url: String,
    /// Names in lower case. The host adds `content-length` and nothing else that says who we are.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: String,
}
