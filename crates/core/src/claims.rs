//! Validating the Claims Set of a verified token (RFC 7519, section 4).

use std::fmt;

use crate::expectations::{Audience, Expectations, TokenUse};
use crate::json::{Json, Number, Object};
use crate::jws::VerifiedJws;
use crate::media_type;
use crate::refusal::{Code, Refusal};
use crate::time::UnixTime;

/// The largest NumericDate that is taken for one: above it, `f64` no longer tells neighbouring seconds apart.
const MAX_NUMERIC_DATE: f64 = 9_007_199_254_740_992.0;

/// Which claim: its exact name at the top of the token, and, for a member of it, the names that lead to that.
///
/// Nothing in a name stands for anything else: `a.b` is one name, and names no member of `a`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClaimName(pub(crate) Vec<String>);

impl ClaimName {
    pub(crate) fn top(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }
}

impl fmt::Display for ClaimName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0.join("` → `"))
    }
}

/// What a name leads through is no object, so that it has no members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAnObject;

/// Claims that are signed by the provider, meant for us, and valid now. Policy reads nothing else.
#[derive(Debug, Clone)]
pub(crate) struct ValidatedClaims {
    claims: Object,
    /// Read out of the claims once, since they are asked for with each request.
    times: Times,
}

impl ValidatedClaims {
    /// Validates what kind of token it is and whom it is for, then its times.
    pub(crate) fn validate(jws: VerifiedJws, expected: &Expectations, now: UnixTime) -> Result<Self, Refusal> {
        validate_media_type(jws.media_type(), expected)?;
        let claims = jws.into_claims();
        validate_audience(&claims, &expected.audience)?;
        let times = Times::of(&claims);
        times.validate(expected, now)?;
        Ok(Self { claims, times })
    }

    /// Whether the times that they say still hold, as [`validate`](Self::validate) asked before.
    pub(crate) fn hold_at(&self, now: UnixTime, expected: &Expectations) -> bool {
        self.times.validate(expected, now).is_ok()
    }

    /// Whether they will have expired so many seconds from now.
    pub(crate) fn expire_within(&self, seconds: f64, now: UnixTime) -> bool {
        self.expires_at().is_some_and(|expiry| now.plus(seconds) >= expiry)
    }

    /// The claim with exactly this name, dots and colons included.
    pub(crate) fn get(&self, name: &str) -> Option<Json<'_>> {
        self.claims.get(name)
    }

    /// The claim, or the member of one, with this name. An error where something on the way to it is no object.
    pub(crate) fn find(&self, name: &ClaimName) -> Result<Option<Json<'_>>, NotAnObject> {
        let Some((top, inner)) = name.0.split_first() else {
            return Ok(None);
        };
        let mut claim = self.get(top);
        for name in inner {
            claim = match claim {
                Some(Json::Object(members)) => members.get(name),
                Some(_) => return Err(NotAnObject),
                None => return Ok(None),
            };
        }
        Ok(claim)
    }

    /// The scopes: `scope`, a list with spaces (RFC 8693, section 4.2), and `scp`, as Entra ID and Okta call it; either
    /// may be an array. `None` where one of them is there, but neither.
    pub(crate) fn scopes(&self) -> Option<Vec<&str>> {
        let mut scopes = Vec::new();
        for claim in ["scope", "scp"].iter().filter_map(|name| self.get(name)) {
            match claim {
                Json::String(list) => scopes.extend(list.split(' ')),
                Json::Array(items) => {
                    for item in items.iter() {
                        scopes.extend(item.as_str()?.split(' '));
                    }
                }
                _ => return None,
            }
        }
        Some(scopes)
    }

    /// When they end, if they do: `exp`.
    pub(crate) fn expires_at(&self) -> Option<UnixTime> {
        self.times.expiry.ok().flatten()
    }

    /// The memory that they take beside themselves.
    pub(crate) fn bytes(&self) -> usize {
        self.claims.bytes()
    }

    #[cfg(test)]
    pub(crate) fn for_tests(claims: serde_json::Value) -> Self {
        let claims = crate::json::parse_object(claims.to_string().into()).unwrap();
        let times = Times::of(&claims);
        Self { claims, times }
    }
}

/// RFC 8725, section 3.11: a token of another kind, or one that does not say what it is, is not taken where a kind is asked for.
fn validate_media_type(actual: Option<&str>, expected: &Expectations) -> Result<(), Refusal> {
    let Some(expected) = &expected.media_types else {
        return Ok(());
    };
    match actual {
        Some(actual) if expected.iter().any(|expected| media_type::same(expected, actual)) => Ok(()),
        _ => Err(Refusal::new(Code::TokenUseMismatch, format!("the token's `typ` is none of {}", quoted(expected)))),
    }
}

fn validate_audience(claims: &Object, expected: &Audience) -> Result<(), Refusal> {
    match expected {
        Audience::Claim(None) => Ok(()),
        Audience::Claim(Some(audiences)) => expect_audience(claims, "aud", audiences),
        Audience::Cognito { token_use, client_ids } => {
            let actual = match required_string(claims, "token_use")? {
                "id" => TokenUse::Id,
                "access" => TokenUse::Access,
                _ => {
                    return Err(Refusal::new(
                        Code::TokenUseMismatch,
                        "the token's `token_use` is neither `id` nor `access`",
                    ));
                }
            };
            if token_use.is_some_and(|expected| expected != actual) {
                return Err(Refusal::new(Code::TokenUseMismatch, "the token's `token_use` is not the configured one"));
            }
            match (actual, client_ids) {
                (_, None) => Ok(()),
                (TokenUse::Id, Some(client_ids)) => expect_audience(claims, "aud", client_ids),
                (TokenUse::Access, Some(client_ids)) => {
                    let client_id = required_string(claims, "client_id")?;
                    client_ids
                        .iter()
                        .any(|expected| expected == client_id)
                        .then_some(())
                        .ok_or_else(|| mismatch("client_id", client_ids))
                }
            }
        }
    }
}

/// RFC 7519, section 4.1.3: a string, or an array of strings, one of which is ours, compared exactly.
fn expect_audience(claims: &Object, name: &str, expected: &[String]) -> Result<(), Refusal> {
    let is_expected = |audience: &str| expected.iter().any(|expected| expected == audience);
    let matches = match claims.get(name) {
        None => return Err(missing(name)),
        Some(Json::String(audience)) => is_expected(audience),
        Some(Json::Array(audiences)) => {
            let audiences: Option<Vec<&str>> = audiences.iter().map(Json::as_str).collect();
            audiences.ok_or_else(|| malformed(name, "an array of strings"))?.into_iter().any(is_expected)
        }
        Some(_) => return Err(malformed(name, "a string or an array of strings")),
    };
    if matches { Ok(()) } else { Err(mismatch(name, expected)) }
}

/// The claims of RFC 7519, sections 4.1.4 to 4.1.6.
#[derive(Debug, Clone)]
struct Times {
    expiry: Date,
    not_before: Date,
    issued_at: Date,
}

/// A NumericDate: seconds, possibly with a fraction (RFC 7519, section 2). `Err` where the claim is there, but no date.
type Date = Result<Option<UnixTime>, NoDate>;

#[derive(Debug, Clone, Copy)]
struct NoDate;

impl Times {
    fn of(claims: &Object) -> Self {
        Self { expiry: date(claims, "exp"), not_before: date(claims, "nbf"), issued_at: date(claims, "iat") }
    }

    /// A claim that is there has to be a date; it is never skipped for being none.
    fn validate(&self, expected: &Expectations, now: UnixTime) -> Result<(), Refusal> {
        match read(self.expiry, "exp")? {
            // "on or after which the JWT MUST NOT be accepted"
            Some(expiry) if now >= expiry.plus(expected.grace_seconds) => {
                return Err(Refusal::new(Code::TokenExpired, "the token's `exp` has come"));
            }
            None if !expected.allow_missing_expiry => return Err(missing("exp")),
            _ => {}
        }
        for (date, name) in [(self.not_before, "nbf"), (self.issued_at, "iat")] {
            if read(date, name)?.is_some_and(|from| now < from.plus(-expected.grace_seconds)) {
                return Err(Refusal::new(Code::TokenNotYetValid, format!("the token's `{name}` is yet to come")));
            }
        }
        if let Some(max_age) = expected.max_age_seconds {
            let issued_at = read(self.issued_at, "iat")?.ok_or_else(|| missing("iat"))?;
            if now >= issued_at.plus(expected.grace_seconds).plus(f64::from(max_age)) {
                return Err(Refusal::new(Code::TokenExpired, "the token's `iat` is too long ago"));
            }
        }
        Ok(())
    }
}

fn date(claims: &Object, name: &str) -> Date {
    let Some(claim) = claims.get(name) else {
        return Ok(None);
    };
    let seconds = claim.as_number().map(Number::as_f64).filter(|seconds| *seconds <= MAX_NUMERIC_DATE);
    seconds.and_then(UnixTime::from_seconds).map(Some).ok_or(NoDate)
}

fn read(date: Date, name: &str) -> Result<Option<UnixTime>, Refusal> {
    date.map_err(|NoDate| malformed(name, "a number of seconds since 1970"))
}

fn required_string<'c>(claims: &'c Object, name: &str) -> Result<&'c str, Refusal> {
    match claims.get(name) {
        None => Err(missing(name)),
        Some(Json::String(text)) => Ok(text),
        Some(_) => Err(malformed(name, "a string")),
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::new(Code::ClaimMissing, format!("the token has no `{name}`"))
}

fn malformed(name: &str, right: &str) -> Refusal {
    Refusal::new(Code::ClaimMalformed, format!("the token's `{name}` is not {right}"))
}

fn mismatch(name: &str, expected: &[String]) -> Refusal {
    let detail = format!("the token's `{name}` names none of {}", quoted(expected));
    Refusal::new(Code::AudienceMismatch, detail)
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
