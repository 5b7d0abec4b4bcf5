//! The claims header, as it is written.

use super::names::{header_name, if_settable};
use super::problem::{Place, Problems};
use super::reader::{ObjectReader, string};
use super::secret::Secret;
use crate::claims_header::{self, OWN_CLAIMS};
use crate::flaw::{Flaw, flaw};
use crate::forward::{ClaimHeader, is_same_header};
use crate::json::Json;
use crate::secrets::{SecretId, SecretReference, SecretUse, Secrets};

/// `forward.claimsHeader`, as it is written.
#[derive(Debug)]
pub(super) struct ClaimsHeader {
    name: Option<String>,
    claims: Option<Vec<String>>,
    secret: Option<Secret>,
}

impl ClaimsHeader {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            name: object.read("name", string),
            claims: object.list("claims", string),
            secret: object.read("secret", Secret::read),
        })
    }
}

/// `others` are the headers that are set from one claim each.
pub(super) fn claims_header(
    written: ClaimsHeader,
    others: &[ClaimHeader],
    secrets: &mut Secrets,
    problems: &mut Problems,
) -> Option<claims_header::ClaimsHeader> {
    let place = Place::top("forward").member("claimsHeader");
    let header = written.name.ok_or_else(|| "`name` is missing: the header's, `x-claims` for one".into());
    let header = header.and_then(|name| header_name(&name)).and_then(if_settable).and_then(|name| {
        if others.iter().any(|other| is_same_header(&other.header, &name)) {
            return Err(flaw!("the header `{name}` is named in `claimToHeaders`, too"));
        }
        Ok(name)
    });
    let header = problems.take(&place.member("name"), header);
    let is_signed = written.secret.is_some();
    let claims = problems.take(&place.member("claims"), claims_named(written.claims.unwrap_or_default(), is_signed));
    let secret = match written.secret {
        None => None,
        Some(secret) => Some(signing(secret, &place.member("secret"), secrets, problems)?),
    };
    Some(claims_header::ClaimsHeader { header: header?, claims: claims?, secret })
}

fn claims_named(claims: Vec<String>, is_signed: bool) -> Result<Vec<String>, Flaw> {
    if claims.is_empty() {
        return Err("no claim: name those that the origin may know, `[\"sub\"]` for one".into());
    }
    for (index, claim) in claims.iter().enumerate() {
        if claim.is_empty() {
            return Err("the claim has an empty name".into());
        }
        if claims.iter().take(index).any(|earlier| earlier == claim) {
            return Err(flaw!("the claim `{claim}` is named twice"));
        }
        if is_signed && OWN_CLAIMS.contains(&claim.as_str()) {
            return Err(flaw!("`{claim}` is the signed header's own, not the token's"));
        }
    }
    Ok(claims)
}

/// The secret has to be the header's own: who sees a header that a provider's secret signed could use it as a token.
fn signing(written: Secret, place: &Place, secrets: &mut Secrets, problems: &mut Problems) -> Option<SecretId> {
    let reference = written.reference(place, problems)?;
    if secrets.named().any(|named| is_same(named.reference, &reference)) {
        problems.add(
            place,
            "another part uses this secret, too: the header needs one of its own, or it could pass for a token",
        );
        return None;
    }
    let used_for = SecretUse::Kept {
        check: |secret| match secret.len() {
            0..32 => Err("the secret has to have at least 32 bytes"),
            _ => Ok(()),
        },
    };
    Some(secrets.refer("forward.claimsHeader.secret".to_owned(), reference, used_for))
}

fn is_same(one: &SecretReference, other: &SecretReference) -> bool {
    let plain = |file| str::strip_prefix(file, "./").unwrap_or(file);
    match (one, other) {
        (SecretReference::File(one), SecretReference::File(other)) => plain(one) == plain(other),
        _ => one == other,
    }
}
