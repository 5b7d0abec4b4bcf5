//! AWS Signature Version 4, of requests that a function sends or hands out.
//!
//! [`sign`] puts the signature into an `Authorization` header, [`presign`] into the query, [`sign_post_policy`] into the
//! fields of a form. The rules are those of "Create a signed AWS API request" in the AWS Identity and Access Management
//! User Guide, and of "Authenticating Requests (AWS Signature Version 4)" in the Amazon S3 API Reference.
//!
//! A request is signed as it will be sent: [`Request::path`] and [`Request::query`] are what stands on the wire.

mod canonical;
mod credentials;
mod error;
mod header;
mod post_policy;
mod presign;
mod query;
mod request;
mod scope;

pub use credentials::Credentials;
pub use error::SigningError;
pub use header::{SignedRequest, sign};
pub use post_policy::{PostPolicy, sign_post_policy};
pub use presign::{MAX_EXPIRY_SECONDS, PresignedRequest, presign};
pub use query::encoded_query;
pub use request::{Options, PathRule, Payload, Request, SessionToken, encoded_s3_path};
pub use scope::Scope;
