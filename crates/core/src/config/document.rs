//! `authorizer.json` as it is written: names and shapes, no meaning yet.
//!
//! Each member is optional here, so that [`super::compile`] can say what is missing in the user's words.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Document {
    /// For editors only.
    #[serde(rename = "$schema")]
    pub(super) _schema: Option<String>,
    pub(super) providers: Option<BTreeMap<String, Provider>>,
    pub(super) token: Option<Vec<TokenSource>>,
    pub(super) rules: Option<Vec<Rule>>,
    pub(super) forward: Option<Forward>,
    pub(super) authorization: Option<String>,
    pub(super) log_level: Option<String>,
}

/// A member that may be `null`, which is not the same as its absence: `null` is a deliberate opt-out.
pub(super) type Nullable<T> = Option<Option<T>>;

/// `Some(None)` for `null`; serde alone reads `null` as absence.
fn nullable<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Nullable<T>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Provider {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) issuer: Nullable<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) audience: Nullable<OneOrMany>,
    pub(super) jwks_uri: Option<String>,
    pub(super) jwks: Option<Value>,
    pub(super) secret: Option<Secret>,
    pub(super) algorithms: Option<Vec<String>>,

    pub(super) user_pool_id: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) token_use: Nullable<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) client_id: Nullable<OneOrMany>,

    pub(super) grace_seconds: Option<f64>,
    pub(super) allow_missing_expiry: Option<bool>,
    pub(super) groups_claim: Option<String>,
}

/// A string, or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a string or an array of strings")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(texts) => texts,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Secret {
    pub(super) file: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenSource {
    pub(super) header: Option<String>,
    pub(super) scheme: Option<String>,
    pub(super) query: Option<String>,
    pub(super) cookie: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) name: Option<String>,
    #[serde(rename = "match")]
    pub(super) matches: Option<Match>,
    pub(super) allow: Option<String>,
    pub(super) requires: Option<Requirement>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Match {
    pub(super) path: Option<String>,
    pub(super) methods: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Requirement {
    pub(super) all: Option<Vec<Requirement>>,
    pub(super) any: Option<Vec<Requirement>>,
    pub(super) not: Option<Box<Requirement>>,
    pub(super) claim: Option<String>,
    pub(super) equals: Option<Value>,
    pub(super) one_of: Option<Vec<Value>>,
    pub(super) contains: Option<Value>,
    pub(super) group: Option<String>,
    pub(super) scope: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Forward {
    pub(super) strip_credentials: Option<bool>,
    pub(super) claim_to_headers: Option<BTreeMap<String, String>>,
}
