//! Why something cannot be signed.

use std::fmt;

/// Why something cannot be signed. Nothing is signed by halves: a caller that gets one of these must not send the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningError {
    /// Credentials that are empty, or no printable ASCII.
    Credentials,
    /// A region or service that is empty, or has other characters than lower-case letters, digits and `-`.
    Scope,
    /// A time after the year 9999.
    Time,
    /// A method that is no token (RFC 9110, section 5.6.2).
    Method,
    /// A path that does not begin with `/`, or has a broken percent-encoding.
    Path,
    /// A query with a broken percent-encoding.
    Query,
    /// A query parameter that presigning sets itself: a name that begins with `X-Amz-`.
    ReservedParameter,
    /// No `host` header, or more than one: a signature is for one host.
    Host,
    /// A header that signing sets itself (`authorization`, `x-amz-date`, `x-amz-security-token`).
    ReservedHeader,
    /// A header that proxies add or change, which no signature can cover (`via`, `te`, `connection`, …).
    UnsignableHeader,
    /// A header with characters that none may have (RFC 9110, section 5).
    Header,
    /// A payload hash that is not 64 lower-case hexadecimal digits.
    PayloadHash,
    /// A lifetime of no seconds, or of more than a week.
    Expiry,
    /// An upload policy whose smallest size is larger than its largest, or that sets a field of the signature.
    Policy,
}

impl SigningError {
    /// What is wrong, for a log: one sentence, with nothing of the request in it.
    pub fn message(self) -> &'static str {
        match self {
            Self::Credentials => "the credentials are empty or not printable ASCII",
            Self::Scope => "the region or the service has other characters than lower-case letters, digits and `-`",
            Self::Time => "the time is after the year 9999",
            Self::Method => "the method is not one",
            Self::Path => "the path does not begin with `/`, or has a `%` that no two hexadecimal digits follow",
            Self::Query => "the query has a `%` that no two hexadecimal digits follow",
            Self::ReservedParameter => "the query has a parameter `X-Amz-…`, which the signature sets",
            Self::Host => "there is not exactly one `host` to sign for",
            Self::ReservedHeader => "a header is among those that the signature sets",
            Self::UnsignableHeader => "a header is among those that proxies change",
            Self::Header => "a header has a character that none may have",
            Self::PayloadHash => "the payload's hash is not 64 lower-case hexadecimal digits",
            Self::Expiry => "the lifetime is not 1 to 604800 seconds",
            Self::Policy => "the upload policy sets a field of the signature, or has no size between its limits",
        }
    }
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for SigningError {}
