//! Names that stand in a configuration: of headers, claims and regions.

use crate::claims::ClaimName;
use crate::flaw::{Flaw, flaw};

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

/// The name of a header, in lower case.
///
/// `constructor` and `__proto__` are members of every JavaScript object, headers or not.
pub(super) fn header_name(name: &str) -> Result<String, Flaw> {
    let name_in_lower_case = name.to_ascii_lowercase();
    if is_token(name) && name_in_lower_case != "constructor" && name_in_lower_case != "__proto__" {
        Ok(name_in_lower_case)
    } else {
        Err(flaw!("`{name}` is no name for a header"))
    }
}

/// The name of a header that a function may set.
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

/// Whether it is a token, as names of headers, cookies and authentication schemes are (RFC 9110, section 5.6.2).
pub(super) fn is_token(text: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_tchar)
}

/// The name of a claim, or the names that lead to a member of one.
pub(super) fn claim_name(written: Vec<String>) -> Result<ClaimName, Flaw> {
    if written.is_empty() || written.iter().any(String::is_empty) {
        return Err("the name is empty".into());
    }
    Ok(ClaimName(written))
}

/// Whether it has the form of a region's name, which stands in the names of hosts: `us-east-1`, `us-gov-west-1`.
pub(super) fn is_region(text: &str) -> bool {
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.rsplit_once('-')
        .is_some_and(|(words, number)| words.contains('-') && words.split('-').all(is_word) && is_number(number))
}
