//! What there is to decide with: keys and secrets, when it is, and whether more can be had.

use crate::provider::Provider;
use crate::secrets::{SecretId, Secrets};
use crate::time::UnixTime;

/// Whether asking for keys may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// The host can fetch keys and secrets that are missing: answer [`Decision::KeysNeeded`](crate::Decision::KeysNeeded) or
    /// [`Decision::SecretNeeded`](crate::Decision::SecretNeeded).
    MayBeFetched,
    /// The host has tried, or cannot: decide with what there is.
    AreFinal,
}

/// What one decision is made with, beside the request.
#[derive(Clone, Copy)]
pub(crate) struct Means<'a> {
    pub(crate) providers: &'a [Provider],
    pub(crate) secrets: &'a Secrets,
    pub(crate) now: UnixTime,
    pub(crate) keys: Keys,
}

impl<'a> Means<'a> {
    /// A secret, if it is there now.
    pub(crate) fn secret(&self, id: SecretId) -> Option<&'a [u8]> {
        self.secrets.get(id, self.now)
    }

    /// The name of a secret that the host can be asked to fetch now.
    pub(crate) fn fetchable_secret(&self, id: SecretId) -> Option<&'a str> {
        self.secrets.fetchable(id).filter(|_| self.keys == Keys::MayBeFetched)
    }
}
