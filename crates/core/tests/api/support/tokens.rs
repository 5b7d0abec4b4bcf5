//! Tokens, good and bad, and the claims in them.

use serde_json::{Value, json};

use super::keys::{KEY, SECRET, Sign, base64url};
use super::{AUDIENCE, ISSUER, NOW};

/// The value of a claim that no configuration names: it must not turn up anywhere.
pub const UNNAMED: &str = "unnamed-claim-of-a-viewer@mail.example";

/// Claims that pass.
pub fn claims() -> Value {
    let now = NOW as u64;
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "alice", "exp": now + 300, "iat": now - 300, "email": UNNAMED })
}

/// Claims that pass, but for these.
pub fn claims_with(changes: Value) -> Value {
    merged(claims(), changes)
}

/// Claims that pass, but for the lack of this one.
pub fn claims_without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name).unwrap();
    claims
}

/// A header that passes.
pub fn header() -> Value {
    json!({ "alg": "RS256", "kid": "k1", "typ": "JWT" })
}

/// A header that passes, but for these.
pub fn header_with(changes: Value) -> Value {
    merged(header(), changes)
}

/// A token as the issuer makes it.
pub fn rs256(claims: &Value) -> String {
    token(&header(), claims, &*KEY)
}

/// A token by the holder of the shared secret.
pub fn hs256(claims: &Value) -> String {
    token(&json!({ "alg": "HS256" }), claims, SECRET)
}

pub fn token(header: &Value, claims: &Value, key: &(impl Sign + ?Sized)) -> String {
    let algorithm = header["alg"].as_str().unwrap_or_default();
    token_of_parts(algorithm, &base64url(header.to_string()), &base64url(claims.to_string()), key)
}

/// A token whose header and payload are these bytes, rightly signed by the issuer's key.
pub fn token_of_bytes(header: &[u8], payload: &[u8]) -> String {
    token_of_parts("RS256", &base64url(header), &base64url(payload), &*KEY)
}

/// A token of parts that are not encoded any more: what is wrong with them is signed, too.
pub fn token_of_parts(algorithm: &str, header: &str, payload: &str, key: &(impl Sign + ?Sized)) -> String {
    let signing_input = format!("{header}.{payload}");
    let signature = base64url(key.sign(algorithm, signing_input.as_bytes()));
    format!("{signing_input}.{signature}")
}

/// `base` with the members of `changes` set; a `null` is a value like others.
pub fn merged(mut base: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("members to change are an object") };
    base.as_object_mut().unwrap().extend(changes);
    base
}
