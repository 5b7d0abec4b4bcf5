//! JWK Sets (RFC 7517): the keys of one provider, and how a token finds its one key among them.

use std::rc::Rc;

use crate::algorithm::{Algorithm, KeyType};
use crate::json::{self, Json, Members};
use crate::key::KeyMaterial;

/// The largest key set that is read, in bytes. Entra ID's, the largest of the common ones, has about 20 KB.
pub(crate) const MAX_SET_BYTES: usize = 64 * 1024;

/// The most keys that are read from one set.
pub(crate) const MAX_KEYS: usize = 32;

/// The usable keys of one provider.
#[derive(Debug, Clone)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
    /// There is one key, and no token needs to name it.
    any_kid: bool,
}

/// A key for verifying signatures.
#[derive(Clone)]
pub(crate) struct Key {
    id: Option<Rc<str>>,
    /// `alg`: the one algorithm that the key is for.
    algorithm: Option<Algorithm>,
    material: KeyMaterial,
}

/// What became of the text of a key set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySetReport {
    /// How many keys can be used.
    pub keys: usize,
    /// The keys that cannot, and why.
    pub skipped: Vec<SkippedKey>,
}

/// A key that cannot be used; the others of its set can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedKey {
    /// The key's `kid`, where it has one.
    pub kid: Option<String>,
    /// One sentence.
    pub reason: String,
}

/// Why no key is found for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyLookupError {
    /// No key has the token's `kid`: the provider may have a new one.
    UnknownKid,
    /// The token has no `kid`, or the set has its `kid` twice or for another algorithm: fetching again won't help.
    NotExactlyOne,
}

impl KeySet {
    /// Reads a JWK Set, keeping the keys that one of `algorithms` can use.
    ///
    /// One bad key does not spoil the others. A set without any usable key is an error, with the reasons.
    pub(crate) fn parse(text: &str, algorithms: &[Algorithm]) -> Result<(Self, KeySetReport), String> {
        if text.len() > MAX_SET_BYTES {
            return Err(format!("the key set has {} bytes; at most {MAX_SET_BYTES} are read", text.len()));
        }
        let set =
            json::parse_object(text.into()).map_err(|error| format!("the key set is not a JSON object: {error}"))?;
        Self::from_value(set.root(), algorithms)
    }

    /// Like [`parse`](Self::parse), for a set that has been read as JSON.
    pub(crate) fn from_value(set: Json<'_>, algorithms: &[Algorithm]) -> Result<(Self, KeySetReport), String> {
        let Some(Json::Array(members)) = set.get("keys") else {
            return Err("the key set has no array `keys`".to_owned());
        };
        if members.len() > MAX_KEYS {
            return Err(format!("the key set has {} keys; at most {MAX_KEYS} are read", members.len()));
        }

        let mut keys = Vec::new();
        let mut skipped = Vec::new();
        for member in members.iter() {
            match Key::from_jwk(member, algorithms) {
                Ok(key) => keys.push(key),
                Err(reason) => skipped.push(SkippedKey { kid: kid_of(member), reason }),
            }
        }
        if keys.is_empty() {
            let reasons: Vec<_> = skipped.into_iter().map(|key| key.reason).collect();
            let reasons = if reasons.is_empty() { "it is empty".to_owned() } else { reasons.join("; ") };
            return Err(format!("the key set has no usable key: {reasons}"));
        }
        let report = KeySetReport { keys: keys.len(), skipped };
        Ok((Self { keys, any_kid: false }, report))
    }

    /// The set of one shared secret, which is the key of every token, whatever its `kid`.
    pub(crate) fn from_secret(secret: &[u8], algorithms: &[Algorithm]) -> Result<Self, String> {
        let material = KeyMaterial::from_secret(secret.to_vec());
        if_fit(&material, algorithms)?;
        Ok(Self { keys: vec![Key { id: None, algorithm: None, material }], any_kid: true })
    }

    /// The one key that can verify a token with this `alg` and `kid`.
    ///
    /// `kid` is compared exactly (RFC 7515, section 4.1.4). A token without `kid` is taken only where the set leaves no
    /// choice; a token with one never by a key without, which it does not mean.
    pub(crate) fn find(&self, algorithm: Algorithm, kid: Option<&str>) -> Result<&Key, KeyLookupError> {
        let kid = kid.filter(|_| !self.any_kid);
        let mut fitting =
            self.keys.iter().filter(|key| key.id.as_deref() == kid || kid.is_none()).filter(|key| key.fits(algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Ok(key),
            (None, _) if kid.is_some() && !self.keys.iter().any(|key| key.id.as_deref() == kid) => {
                Err(KeyLookupError::UnknownKid)
            }
            _ => Err(KeyLookupError::NotExactlyOne),
        }
    }
}

impl Key {
    fn from_jwk(jwk: Json<'_>, algorithms: &[Algorithm]) -> Result<Self, String> {
        let jwk = jwk.as_object().ok_or("a key is not a JSON object")?;
        let id = optional_string(jwk, "kid")?.map(Rc::from);
        check_use(jwk)?;
        let algorithm = match optional_string(jwk, "alg")? {
            None => None,
            Some(name) => {
                let algorithm = Algorithm::by_name(name).filter(|algorithm| algorithms.contains(algorithm));
                Some(algorithm.ok_or("its `alg` is not one of the provider's `algorithms`")?)
            }
        };
        let kty = optional_string(jwk, "kty")?.ok_or("it has no `kty`")?;
        check_public(jwk, kty)?;
        let key_type = KeyType::by_names(kty, optional_string(jwk, "crv")?)
            .filter(|key_type| algorithms.iter().any(|algorithm| algorithm.key_type() == *key_type))
            .ok_or("its `kty` and `crv` are not what the provider's `algorithms` take")?;
        let material = KeyMaterial::from_jwk(key_type, jwk)?;
        if_fit(&material, algorithm.as_ref().map_or(algorithms, std::slice::from_ref))?;
        Ok(Self { id, algorithm, material })
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        self.algorithm.is_none_or(|only| only == algorithm) && self.material.unfit_for(algorithm).is_none()
    }

    /// Its `kid`, to be shared by all that is found out with it.
    pub(crate) fn id(&self) -> Option<&Rc<str>> {
        self.id.as_ref()
    }

    pub(crate) fn material(&self) -> &KeyMaterial {
        &self.material
    }
}

impl std::fmt::Debug for Key {
    /// Without the material, which may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// An error where none of `algorithms` can use the key.
fn if_fit(material: &KeyMaterial, algorithms: &[Algorithm]) -> Result<(), String> {
    let unfit: Vec<String> = algorithms.iter().map_while(|algorithm| material.unfit_for(*algorithm)).collect();
    match unfit.first() {
        Some(reason) if unfit.len() == algorithms.len() => Err(reason.clone()),
        _ => Ok(()),
    }
}

/// RFC 7517, sections 4.2 and 4.3: a key for encryption must not verify.
fn check_use(jwk: Members<'_>) -> Result<(), String> {
    if !matches!(optional_string(jwk, "use")?, None | Some("sig")) {
        return Err("its `use` is not `sig`".to_owned());
    }
    match jwk.get("key_ops") {
        None => {}
        Some(Json::Array(operations)) if operations.iter().any(|operation| operation.as_str() == Some("verify")) => {}
        Some(_) => return Err("its `key_ops` do not include `verify`".to_owned()),
    }
    Ok(())
}

/// What belongs to private keys (RFC 7518, sections 6.2.2, 6.3.2; RFC 8037, section 2).
const PRIVATE_MEMBERS: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "oth"];

/// A private key must not be published (RFC 7517, section 9.2): who has read the set can sign with it.
fn check_public(jwk: Members<'_>, kty: &str) -> Result<(), String> {
    if PRIVATE_MEMBERS.iter().any(|member| jwk.has(member)) {
        return Err("it is a private key".to_owned());
    }
    if kty != "oct" && jwk.has("k") {
        return Err("it has `k`, which belongs to secrets".to_owned());
    }
    Ok(())
}

fn kid_of(jwk: Json<'_>) -> Option<String> {
    jwk.get("kid").and_then(Json::as_str).map(str::to_owned)
}

fn optional_string<'j>(jwk: Members<'j>, name: &str) -> Result<Option<&'j str>, String> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("its `{name}` is not a string")),
    }
}
