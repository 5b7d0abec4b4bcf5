//! Published examples of whole tokens: the way from key set and text to the signature, whatever the payload is.
//!
//! They are read from the folder `shared/vectors` beside the checkout, or the one that `EDGE_AUTHORIZER_VECTORS` names.

mod rfc;
mod wycheproof;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::UnverifiedJws;
use crate::algorithm::Algorithm;
use crate::jwk::KeySet;

/// Reads a file of the folder; `None`, and says so, where there is no folder. One that is named has to be there.
fn read(file: &str) -> Option<Value> {
    let (folder, named) = match std::env::var_os("EDGE_AUTHORIZER_VECTORS") {
        Some(folder) => (PathBuf::from(folder), true),
        None => (Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors"), false),
    };
    if !named && !folder.is_dir() {
        println!("vectors: 0 of {file}: there is no folder shared/vectors beside the checkout");
        return None;
    }
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    Some(serde_json::from_str(&text).unwrap())
}

/// Whether `token` is signed by a key of the set, by all rules but those for claims sets. `algorithms` are what a
/// provider's configuration allows.
fn verifies(token: &str, keys: &Value, algorithms: &[Algorithm]) -> bool {
    let Ok(jws) = UnverifiedJws::parse_with(token, |_| Ok(crate::json::parse_object(b"{}".into()).unwrap())) else {
        return false;
    };
    let Some(algorithm) = Algorithm::by_name(jws.algorithm()).filter(|named| algorithms.contains(named)) else {
        return false;
    };
    let Ok((keys, _)) = KeySet::parse(&keys.to_string(), algorithms) else {
        return false;
    };
    let key = keys.find(algorithm, jws.kid()).cloned();
    key.is_ok_and(|key| jws.verify(algorithm, &key).is_ok())
}

/// What a configuration allows that names no algorithms: those for secrets where the keys are secrets, else the others.
fn default_algorithms(keys: &[Value]) -> Vec<Algorithm> {
    let symmetric = keys.iter().all(|key| key["kty"] == "oct");
    Algorithm::all().filter(|algorithm| algorithm.is_symmetric() == symmetric).collect()
}

/// The JWK without its private members, as it would be published.
fn published(jwk: &Value) -> Value {
    let mut jwk = jwk.as_object().unwrap().clone();
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        jwk.remove(member);
    }
    Value::Object(jwk)
}

fn key_set(keys: &[Value]) -> Value {
    json!({ "keys": keys })
}

/// The token with another beginning of its signature.
fn forged(token: &str) -> String {
    let (input, signature) = token.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    format!("{input}.{other}{}", signature.get(1..).unwrap_or_default())
}
