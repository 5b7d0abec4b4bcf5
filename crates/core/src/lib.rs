//! Decides whether a request may pass: the core of the edge authorizer.
//!
//! There is no I/O in it, no clock and no randomness: the request, the keys and the time are arguments, and where keys
//! are missing the answer says so. The way of one request is [`Authorizer::authorize`]; read `authorizer.rs` first.
//!
//! Words as in the standards: a signature is *verified*, claims are *validated*, a request is *authorized*.

mod algorithm;
mod answer;
mod authorizer;
mod base64url;
mod claims;
mod claims_header;
mod config;
mod cookie;
mod cors;
mod credentials;
mod decision;
mod discovery;
mod edits;
mod endpoint;
mod expectations;
mod fetch;
mod flaw;
mod forward;
mod identity;
mod json;
mod jwk;
mod jws;
mod key;
mod key_times;
mod means;
mod media_type;
mod notes;
mod one_line;
mod origin;
#[cfg(feature = "tooling")]
mod parts;
mod path;
mod path_pattern;
mod percent;
mod policy;
mod profile;
mod provider;
mod query;
mod random;
mod refusal;
mod request;
mod role;
mod secrets;
mod sign_in;
mod stop;
mod supplies;
mod time;
mod trace;
mod url;
mod verdict_cache;
mod verification;

pub use answer::{Answer, NamedPage};
pub use authorizer::Authorizer;
pub use config::{LogLevel, Logging, Problem};
pub use decision::{
    Answered, Context, Decision, FetchNeeded, Forward, KeysNeeded, Refused, SecretNeeded, UnsignedAnswer,
};
pub use edits::Edits;
pub use endpoint::{KeyHash, Unsigned, UnsignedAccess, UnsignedUpload};
pub use fetch::{Fetch, Fetched};
pub use json::{Items, Json, Members, Number, Tape, parse_json};
pub use jwk::{KeySetReport, SkippedKey};
pub use key_times::KeyTimes;
pub use means::Keys;
pub use origin::{Origin, OriginBody, OriginDecision, OriginRequest};
pub use random::RANDOM_BYTES;
pub use refusal::{Code, Refusal};
pub use request::Request;
pub use role::RoleCredentials;
pub use secrets::{NamedSecret, RemoteSecret, SecretReference, SecretStore};
pub use sign_in::ProviderAnswer;
pub use supplies::ProviderKeys;
pub use time::UnixTime;
pub use trace::{Step, StepOutcome, Trace};
