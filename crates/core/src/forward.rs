//! What changes in a request that may pass: tokens go out, verified identity goes in.

use crate::claims::{ClaimName, ValidatedClaims};
use crate::claims_header::ClaimsHeader;
use crate::credentials::{self, TokenSource};
use crate::edits::Edits;
use crate::json::{self, Json};
use crate::means::Means;
use crate::refusal::{Code, Refusal};
use crate::request::Request;

/// The most bytes that are added in headers. Amazon S3 takes no more of them ("PUT Object" in its API reference), and a
/// whole request to CloudFront has 20,480 at most.
const MOST_ADDED_BYTES: usize = 8_192;

/// What the configuration says about requests that pass.
#[derive(Debug, Clone)]
pub(crate) struct Forwarding {
    /// Where tokens are taken out: wherever a rule looks for one, or nowhere.
    pub(crate) stripped: Vec<TokenSource>,
    /// Cookies of the sign-in, which the origin never gets: Amazon S3 refuses requests with long ones.
    pub(crate) cookie_prefixes: Vec<&'static str>,
    pub(crate) claim_headers: Vec<ClaimHeader>,
    pub(crate) claims_header: Option<ClaimsHeader>,
    pub(crate) claim_contexts: Vec<ClaimContext>,
}

/// A header that tells the origin a claim of the verified token.
#[derive(Debug, Clone)]
pub(crate) struct ClaimHeader {
    /// In lower case.
    pub(crate) header: String,
    pub(crate) claim: ClaimName,
}

/// A claim of the verified token that is handed on beside the request.
#[derive(Debug, Clone)]
pub(crate) struct ClaimContext {
    pub(crate) name: String,
    pub(crate) claim: ClaimName,
}

impl Forwarding {
    /// The edits for a request that may pass; `claims` is `None` where no token was asked for.
    ///
    /// What the viewer sent under the name of an identity header goes out on every path, public ones too: the origin
    /// cannot tell by which rule a request came.
    pub(crate) fn edits(
        &self,
        request: &Request,
        claims: Option<&ValidatedClaims>,
        means: &Means<'_>,
    ) -> Result<Edits, Refusal> {
        let mut edits = Edits::default();
        credentials::strip(&self.stripped, &self.cookie_prefixes, request, &mut edits)?;
        for name in &request.header_names {
            if self.identity_headers().any(|identity| is_same_header(name, identity)) {
                edits.remove_header(name);
            }
        }
        if let Some(claims) = claims {
            for ClaimHeader { header, claim } in &self.claim_headers {
                if let Some(value) = claims.find(claim).transpose() {
                    edits.set_headers.push((header.clone(), header_value(claim, value.ok())?));
                }
            }
            if let Some(claims_header) = &self.claims_header {
                edits.set_headers.push((claims_header.header.clone(), claims_header.value(claims, means)?));
            }
            if edits.set_headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > MOST_ADDED_BYTES
            {
                return Err(Refusal::new(Code::PolicyDenied, "the claims that go into headers are too long for them"));
            }
            for ClaimContext { name, claim } in &self.claim_contexts {
                if let Some(value) = claims.find(claim).transpose() {
                    let text = value.ok().and_then(plain_text).ok_or_else(|| {
                        let detail = format!("the claim {claim} cannot be handed on: not a plain value");
                        Refusal::new(Code::PolicyDenied, detail)
                    })?;
                    edits.context.push((name.clone(), text));
                }
            }
        }
        Ok(edits)
    }

    /// The name of the secret to sign the claims header with, where it is not there, but the host can fetch it.
    pub(crate) fn missing_secret<'a>(&self, means: &Means<'a>) -> Option<&'a str> {
        let secret = self.claims_header.as_ref()?.secret?;
        if means.secret(secret).is_some() { None } else { means.fetchable_secret(secret) }
    }

    /// The names of the headers that only we may set.
    pub(crate) fn identity_headers(&self) -> impl Iterator<Item = &str> {
        let claims_header = self.claims_header.iter().map(|header| header.header.as_str());
        self.claim_headers.iter().map(|header| header.header.as_str()).chain(claims_header)
    }
}

/// Many servers hand `x_user`, `x.user` and `X-User` to the application under one name (CGI: RFC 3875, section 4.1.18).
pub(crate) fn is_same_header(sent: &str, identity: &str) -> bool {
    sent.len() == identity.len()
        && sent.bytes().zip(identity.bytes()).all(|(sent, identity)| header_byte(sent) == header_byte(identity))
}

fn header_byte(byte: u8) -> u8 {
    if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'-' }
}

/// A claim as the value of a header.
fn header_value(claim: &ClaimName, value: Option<Json<'_>>) -> Result<String, Refusal> {
    value.and_then(plain_text).filter(|text| is_field_value(text)).ok_or_else(|| {
        let detail = format!("the claim {claim} cannot stand in a header: not printable ASCII, or not a plain value");
        Refusal::new(Code::PolicyDenied, detail)
    })
}

/// A string as it is, integers and booleans as in JSON, an array's items joined by `,`.
fn plain_text(value: Json<'_>) -> Option<String> {
    let Json::Array(items) = value else {
        return scalar(value);
    };
    let items: Option<Vec<String>> = items.iter().map(scalar).collect();
    items.filter(|items| items.iter().all(|item| !item.contains(','))).map(|items| items.join(","))
}

fn scalar(value: Json<'_>) -> Option<String> {
    match value {
        Json::String(text) => Some(text.to_owned()),
        Json::Number(number) => json::integer(number),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// Printable ASCII that no server trims (RFC 9110, section 5.5). CR, LF and NUL would end the header.
fn is_field_value(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) && !text.starts_with(' ') && !text.ends_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::means::Keys;
    use crate::secrets::Secrets;
    use crate::time::UnixTime;
    use serde_json::{Value, json};

    fn forwarding() -> Forwarding {
        let claim_header =
            |header: &str, claim: &str| ClaimHeader { header: header.into(), claim: ClaimName::top(claim) };
        Forwarding {
            stripped: Vec::new(),
            cookie_prefixes: Vec::new(),
            claim_headers: vec![claim_header("x-user-id", "sub"), claim_header("x-g", "g")],
            claims_header: None,
            claim_contexts: Vec::new(),
        }
    }

    fn edits(request: &Request, claims: Option<&ValidatedClaims>) -> Result<Edits, Refusal> {
        let (secrets, now) = (Secrets::default(), UnixTime::from_seconds(0.0).unwrap());
        let means = Means { providers: &[], secrets: &secrets, now, keys: Keys::AreFinal };
        forwarding().edits(request, claims, &means)
    }

    fn set_by(claims: Value) -> Result<Vec<(String, String)>, Code> {
        let claims = ValidatedClaims::for_tests(claims);
        let edits = edits(&Request::default(), Some(&claims));
        edits.map(|edits| edits.set_headers).map_err(|refusal| refusal.code)
    }

    /// Threat 40: identity headers sent by the viewer, `_` variants included, on public paths too.
    #[test]
    fn threat_40_identity_headers_of_the_viewer_are_taken_out() {
        let names = ["x-user-id", "x_user_id", "X-User_Id", "x-user-idx", "x-g", "accept"];
        let request = Request { header_names: names.map(String::from).to_vec(), ..Request::default() };
        let edits = edits(&request, None).unwrap();
        assert_eq!(edits.remove_headers, ["x-user-id", "x_user_id", "X-User_Id", "x-g"]);
        assert_eq!(edits.set_headers, []);
    }

    #[test]
    fn plain_claims_become_headers() {
        let pairs = |values: &[(&str, &str)]| values.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        assert_eq!(
            set_by(json!({"sub": "alice", "g": ["a", "b c"]})),
            Ok(pairs(&[("x-user-id", "alice"), ("x-g", "a,b c")]))
        );
        assert_eq!(set_by(json!({"sub": 7, "g": true})), Ok(pairs(&[("x-user-id", "7"), ("x-g", "true")])));
        assert_eq!(set_by(json!({})), Ok(vec![]));
    }

    /// Threat 41: CR, LF, NUL, non-ASCII in a claim that goes into a header.
    #[test]
    fn threat_41_a_claim_that_could_end_a_header_is_refused() {
        for value in [
            json!("a\r\nx: y"),
            json!("a\n"),
            json!("a\0"),
            json!("\u{e9}"),
            json!(" a"),
            json!(null),
            json!({}),
            json!(["a,b"]),
            json!([["a"]]),
        ] {
            assert_eq!(set_by(json!({ "sub": value })), Err(Code::PolicyDenied), "{value}");
        }
    }
}
