//! Token sources and forwarding: which headers, parameters and cookies are read, taken out and set.

use serde_json::Value;

use super::claims_header;
use super::document;
use super::problem::{Flaw, Place, Problems, flaw};
use super::requirement::claim_name;
use crate::credentials::TokenSource;
use crate::forward::{ClaimContext, ClaimHeader, Forwarding, is_same_header};
use crate::secrets::Secrets;

/// Headers that CloudFront does not let a viewer-request function set or change ("Restrictions on edge functions" in the
/// CloudFront Developer Guide), and those that would change what the request is.
const FORBIDDEN_HEADERS: [&str; 31] = [
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "trailer",
    "upgrade",
    "x-accel-buffering",
    "x-accel-charset",
    "x-accel-limit-rate",
    "x-accel-redirect",
    "x-amzn-auth",
    "x-amzn-cf-billing",
    "x-amzn-cf-id",
    "x-amzn-cf-xff",
    "x-amzn-errortype",
    "x-amzn-fle-profile",
    "x-amzn-header-count",
    "x-amzn-header-order",
    "x-amzn-lambda-integration-tag",
    "x-amzn-requestid",
    "x-cache",
    "x-forwarded-proto",
    "x-real-ip",
    "cdn-loop",
    "content-length",
    "host",
    "transfer-encoding",
    "via",
    "cookie",
];
const FORBIDDEN_PREFIXES: [&str; 3] = ["x-amz-cf-", "x-edge-", "cloudfront-"];

/// `Authorization: Bearer` (RFC 6750, section 2.1).
pub(super) fn default_sources() -> Vec<TokenSource> {
    vec![TokenSource::Header { name: "authorization".into(), scheme: Some("Bearer".into()) }]
}

/// The places for tokens.
pub(super) fn sources(token: &[Value], place: &Place, problems: &mut Problems) -> Vec<TokenSource> {
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

pub(super) fn if_settable(name: String) -> Result<String, Flaw> {
    let forbidden =
        FORBIDDEN_HEADERS.contains(&name.as_str()) || FORBIDDEN_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    if name == "authorization" {
        Err("to an origin it is a credential, which a claim is not: choose another name, `x-user` for one".into())
    } else if forbidden {
        Err(flaw!("CloudFront does not let a function set `{name}`: choose another name, `x-user` for one"))
    } else {
        Ok(name)
    }
}

/// `constructor` and `__proto__` are members of every JavaScript object, headers or not.
pub(super) fn header_name(name: &str) -> Result<String, Flaw> {
    let name_in_lower_case = name.to_ascii_lowercase();
    if is_token(name) && name_in_lower_case != "constructor" && name_in_lower_case != "__proto__" {
        Ok(name_in_lower_case)
    } else {
        Err(flaw!("`{name}` is no name for a header"))
    }
}

/// RFC 9110, section 5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_tchar)
}
