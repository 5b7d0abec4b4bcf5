//! CloudFront's signed cookies and URLs ("Serve private content with signed URLs and signed cookies" in the CloudFront
//! Developer Guide).
//!
//! A [`Policy`] says what may be fetched, until when, and from where. [`Policy::text`] is what the private key of a key
//! group signs, and the host does that: OpenSSL computes with private keys in constant time and with blinding, which is
//! nothing to write again (`docs/decisions/0010-private-keys-are-the-hosts.md`). Of the signature [`Policy::cookies`] and [`Policy::url`] make what
//! the viewer gets.

mod parts;
mod policy;
mod resource;

pub use parts::{COOKIE_NAMES, Hash, SignedParts};
pub use policy::{Policy, PolicyError};
pub use resource::may_stand_in_resource;
