//! How long what was fetched is trusted.

/// How long a key set or a secret that was fetched is good, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTimes {
    /// A key that the provider takes out of its set, or a secret that is replaced, is trusted no longer than this.
    pub max_age_seconds: u32,
    /// So much longer if the provider or the service cannot be reached (RFC 5861, section 4, has the idea).
    pub stale_if_error_seconds: u32,
}
