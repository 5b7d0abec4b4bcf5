//! Token sources and forwarding: which headers, parameters and cookies are read, taken out and set.

use super::claims_header;
use super::document;
use super::names::{claim_name, header_name, if_settable, is_token};
use super::problem::{Place, Problems};
use crate::credentials::TokenSource;
use crate::flaw::{Flaw, flaw};
use crate::forward::{ClaimContext, ClaimHeader, Forwarding, is_same_header};
use crate::json::Items;
use crate::secrets::Secrets;

/// `Authorization: Bearer` (RFC 6750, section 2.1).
pub(super) fn default_sources() -> Vec<TokenSource> {
    vec![TokenSource::Header { name: "authorization".into(), scheme: Some("Bearer".into()) }]
}

/// The places for tokens.
pub(super) fn sources(token: Items<'_>, place: &Place, problems: &mut Problems) -> Vec<TokenSource> {
    if token.is_empty() {
        problems.add(place, "no place to look for a token: name a `header`, a `query` parameter or a `cookie`");
    }
    let mut sources = Vec::new();
    for (index, value) in token.iter().enumerate() {
        let place = place.item(index);
        let written = document::TokenSource::read(value, &place, problems);
        sources.extend(written.and_then(|written| problems.take(&place, source(written))));
    }
    sources
}

fn source(written: document::TokenSource) -> Result<TokenSource, Flaw> {
    let document::TokenSource { header, scheme, query, cookie } = written;
    match (header, query, cookie) {
        (Some(header), None, None) => {
            let name = header_name(&header)?;
            if name == "cookie" {
                return Err("a token in a cookie is `{\"cookie\": \"name\"}`".into());
            }
            match scheme {
                Some(scheme) if !is_token(&scheme) => {
                    Err(flaw!("`{scheme}` is no authentication scheme, as `Bearer` is one"))
                }
                scheme => Ok(TokenSource::Header { name, scheme }),
            }
        }
        (None, ..) if scheme.is_some() => Err("`scheme` goes with `header` only".into()),
        (None, Some(query), None) if !query.is_empty() => Ok(TokenSource::Query { name: query }),
        (None, None, Some(cookie)) if is_token(&cookie) => Ok(TokenSource::Cookie { name: cookie }),
        (None, Some(_), None) => Err("the query parameter has an empty name".into()),
        (None, None, Some(cookie)) => Err(flaw!("`{cookie}` is no name for a cookie")),
        _ => Err("name one of `header`, `query` and `cookie`".into()),
    }
}

/// What happens to a request that may pass. `sources` are all places where any rule looks for a token.
pub(super) fn forwarding<'s>(
    written: Option<document::Forward>,
    sources: impl Iterator<Item = &'s TokenSource>,
    secrets: &mut Secrets,
    problems: &mut Problems,
) -> Forwarding {
    let document::Forward { strip_credentials, claim_to_headers, claim_to_context, claims_header, .. } =
        written.unwrap_or_default();
    let mut claim_headers: Vec<ClaimHeader> = Vec::new();
    for (header, claim) in claim_to_headers.unwrap_or_default() {
        let place = Place::top("forward").member("claimToHeaders").member(&header);
        let name = header_name(&header).and_then(if_settable);
        let claim = problems.take(&place, claim_name(claim));
        let (Some(header), Some(claim)) = (problems.take(&place, name), claim) else {
            continue;
        };
        if claim_headers.iter().any(|other| is_same_header(&other.header, &header)) {
            problems.add(&place, flaw!("the header `{header}` is named twice"));
        } else {
            claim_headers.push(ClaimHeader { header, claim });
        }
    }
    let claim_contexts = claim_to_context.unwrap_or_default().into_iter();
    let claim_contexts = claim_contexts.filter_map(|(name, claim)| {
        let place = Place::top("forward").member("claimToContext").member(&name);
        problems.take(&place, claim_context(name, claim))
    });
    let claim_contexts = claim_contexts.collect();
    let claims_header =
        claims_header.and_then(|written| claims_header::claims_header(written, &claim_headers, secrets, problems));
    let mut stripped: Vec<TokenSource> = Vec::new();
    for source in sources.filter(|_| strip_credentials.unwrap_or(true)) {
        if !stripped.contains(source) {
            stripped.push(source.clone());
        }
    }
    Forwarding { stripped, cookie_prefixes: Vec::new(), claim_headers, claims_header, claim_contexts }
}

/// What `$context.authorizer.<name>` can name in a mapping template.
fn claim_context(name: String, claim: Vec<String>) -> Result<ClaimContext, Flaw> {
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_name {
        return Err(flaw!("`{name}` is no name that API Gateway can refer to: letters, digits and `_`"));
    }
    Ok(ClaimContext { name, claim: claim_name(claim)? })
}
