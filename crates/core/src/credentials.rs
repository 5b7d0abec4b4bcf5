//! Where the token of a request is, and how it is taken out before the request goes on.

use std::borrow::Cow;
use std::fmt;

use crate::cookie;
use crate::edits::Edits;
use crate::query;
use crate::refusal::{Code, Refusal};
use crate::request::Request;

/// One place where a token may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenSource {
    /// A header, by its name in lower case, its value `<scheme> <token>` (RFC 9110, section 11.4) or the bare token.
    Header { name: String, scheme: Option<String> },
    /// A parameter of the query.
    Query { name: String },
    /// A cookie.
    Cookie { name: String },
}

impl TokenSource {
    /// The header that has to be read for this source.
    pub(crate) fn header(&self) -> Option<&str> {
        match self {
            Self::Header { name, .. } => Some(name),
            Self::Query { .. } => None,
            Self::Cookie { .. } => Some("cookie"),
        }
    }

    /// Takes every token there is at this place, as long as `take` takes them. An empty value is none.
    fn each_token<'r>(
        &'r self,
        request: &'r Request,
        take: &mut dyn FnMut(Cow<'r, str>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut take = |token: Cow<'r, str>| if token.is_empty() { Ok(()) } else { take(token) };
        match self {
            Self::Header { name, scheme } => {
                let mut values = request.header_values(name);
                values.try_for_each(|value| match header_token(value, scheme.as_deref()) {
                    Some(token) => take(Cow::Borrowed(token)),
                    None => Ok(()),
                })
            }
            Self::Query { name } => {
                query::values(&request.query, name)?.into_iter().try_for_each(|token| take(Cow::Owned(token)))
            }
            Self::Cookie { name } => {
                let mut values = request.header_values("cookie").flat_map(|header| cookie::values(header, name));
                values.try_for_each(|token| take(Cow::Borrowed(token)))
            }
        }
    }
}

impl fmt::Display for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header { name, .. } => write!(f, "header `{name}`"),
            Self::Query { name } => write!(f, "query parameter `{name}`"),
            Self::Cookie { name } => write!(f, "cookie `{name}`"),
        }
    }
}

/// Why no token was found.
#[derive(Debug)]
pub(crate) enum NoToken<'r> {
    /// There is none in any of these places. It is put into words where it is told: a session may be there instead.
    Missing(&'r [TokenSource]),
    Refused(Refusal),
}

impl NoToken<'_> {
    pub(crate) fn into_refusal(self) -> Refusal {
        let sources = match self {
            Self::Missing(sources) => sources,
            Self::Refused(refusal) => return refusal,
        };
        let places: Vec<_> = sources.iter().map(ToString::to_string).collect();
        Refusal::new(Code::CredentialsMissing, format!("no token in {}", places.join(", ")))
    }
}

impl From<Refusal> for NoToken<'_> {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The request's one token, from the places that each of `lists` names, and where it was: all of them have to lead to it. An
/// empty value is no token.
///
/// Two different tokens are refused rather than one of them chosen: which one is meant is the attacker's choice, too.
/// So are two `Authorization` headers that differ, whatever their schemes.
pub(crate) fn find_token<'r>(
    lists: impl Iterator<Item = &'r Vec<TokenSource>>,
    request: &'r Request,
) -> Result<(Cow<'r, str>, &'r TokenSource), NoToken<'r>> {
    refuse_two_authorizations(request)?;
    let mut found: Option<(Cow<'r, str>, &TokenSource)> = None;
    for sources in lists {
        let mut is_missing = true;
        for source in sources {
            source.each_token(request, &mut |token| {
                is_missing = false;
                match &found {
                    Some((first, place)) if *first != token => {
                        let detail = format!("a token in {place} and a different one in {source}");
                        return Err(Refusal::new(Code::CredentialsAmbiguous, detail));
                    }
                    Some(_) => {}
                    None => found = Some((token, source)),
                }
                Ok(())
            })?;
        }
        if is_missing {
            return Err(NoToken::Missing(sources));
        }
    }
    // Without any list, which no rule has.
    found.ok_or(NoToken::Missing(&[]))
}

fn refuse_two_authorizations(request: &Request) -> Result<(), Refusal> {
    let mut values = request.header_values("authorization");
    match values.next() {
        Some(first) if values.any(|other| other != first) => {
            Err(Refusal::new(Code::CredentialsAmbiguous, "two `authorization` headers that differ"))
        }
        _ => Ok(()),
    }
}

/// Schemes are compared without regard to case (RFC 9110, section 11.1). Another scheme is not this source's token.
fn header_token<'h>(value: &'h str, scheme: Option<&str>) -> Option<&'h str> {
    let value = without_spaces(value);
    let Some(scheme) = scheme else {
        return Some(value);
    };
    let end = value.bytes().position(|byte| byte == b' ')?;
    let (given, token) = value.split_at_checked(end)?;
    given.eq_ignore_ascii_case(scheme).then(|| without_spaces(token))
}

/// Without the spaces around it.
fn without_spaces(text: &str) -> &str {
    let is_text = |byte: u8| byte != b' ';
    let start = text.bytes().position(is_text).unwrap_or(text.len());
    let end = text.bytes().rposition(is_text).map_or(start, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}

/// The edits that take every token out of the request, wherever `sources` looks for one, and cookies whose names begin with
/// one of `cookie_prefixes`.
pub(crate) fn strip(
    sources: &[TokenSource],
    cookie_prefixes: &[&str],
    request: &Request,
    edits: &mut Edits,
) -> Result<(), Refusal> {
    let mut parameters = Vec::new();
    let mut cookies = Vec::new();
    for source in sources {
        match source {
            TokenSource::Header { name, .. } => edits.remove_header(name),
            TokenSource::Query { name } => parameters.push(name.as_str()),
            TokenSource::Cookie { name } => cookies.push(name.as_str()),
        }
    }
    if !parameters.is_empty() {
        edits.query = query::without(&request.query, &parameters)?;
    }
    let is_ours = |name: &str| cookies.contains(&name) || cookie_prefixes.iter().any(|prefix| name.starts_with(prefix));
    let mut has_ours = false;
    let kept = request.header_values("cookie").map(|header| {
        let without = cookie::without(header, is_ours);
        has_ours |= without.is_some();
        without.unwrap_or_else(|| header.to_owned())
    });
    let kept = kept.filter(|header| !header.is_empty()).collect();
    if has_ours {
        edits.cookies = Some(kept);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources() -> Vec<TokenSource> {
        vec![
            TokenSource::Header { name: "authorization".into(), scheme: Some("Bearer".into()) },
            TokenSource::Header { name: "token".into(), scheme: None },
            TokenSource::Query { name: "token".into() },
            TokenSource::Cookie { name: "token".into() },
        ]
    }

    fn request(headers: &[(&str, &str)], query: &str) -> Request {
        Request {
            query: query.to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..Request::default()
        }
    }

    fn found(headers: &[(&str, &str)], query: &str) -> Result<String, Code> {
        let (sources, request) = (sources(), request(headers, query));
        let found = find_token([&sources].into_iter(), &request).map(|(token, _)| token.into_owned());
        found.map_err(|none| none.into_refusal().code)
    }

    #[test]
    fn a_token_is_found_in_each_place() {
        for scheme in ["Bearer ", "bearer ", "BEARER    "] {
            assert_eq!(found(&[("authorization", &format!("{scheme}t"))], ""), Ok("t".into()));
        }
        assert_eq!(found(&[("token", " t ")], ""), Ok("t".into()));
        assert_eq!(found(&[], "a=b&token=t"), Ok("t".into()));
        assert_eq!(found(&[("cookie", "a=b"), ("cookie", "token=t")], ""), Ok("t".into()));
    }

    #[test]
    fn nothing_empty_and_no_other_scheme_is_a_token() {
        assert_eq!(found(&[], ""), Err(Code::CredentialsMissing));
        for value in ["Basic t", "Bearer", "Bearer ", "Bearert", "", "t"] {
            assert_eq!(found(&[("authorization", value)], ""), Err(Code::CredentialsMissing), "{value}");
        }
        assert_eq!(found(&[("token", ""), ("cookie", "token=")], "token="), Err(Code::CredentialsMissing));
    }

    #[test]
    fn the_same_token_twice_is_one_token() {
        assert_eq!(
            found(&[("authorization", "Bearer t"), ("token", "t"), ("cookie", "token=t")], "token=t"),
            Ok("t".into())
        );
    }

    /// Threat 42: two Authorization headers, or two sources with different tokens.
    #[test]
    fn threat_42_two_different_tokens_are_ambiguous() {
        let ambiguous = Err(Code::CredentialsAmbiguous);
        assert_eq!(found(&[("authorization", "Bearer t"), ("token", "u")], ""), ambiguous);
        assert_eq!(found(&[("authorization", "Bearer t"), ("authorization", "Bearer u")], ""), ambiguous);
        assert_eq!(found(&[("authorization", "Bearer t"), ("authorization", "Basic u")], ""), ambiguous);
        assert_eq!(found(&[], "token=t&token=u"), ambiguous);
        assert_eq!(found(&[("cookie", "token=t; token=u")], ""), ambiguous);
        assert_eq!(found(&[("cookie", "token=t")], "tok%65n=u"), ambiguous);
    }

    #[test]
    fn stripping_takes_out_every_token_and_nothing_else() {
        let request = request(&[("cookie", "a=1; token=t"), ("cookie", "token=t"), ("cookie", "b=2")], "x=1&token=t");
        let mut edits = Edits::default();
        strip(&sources(), &[], &request, &mut edits).unwrap();
        assert_eq!(edits.remove_headers, ["authorization", "token"]);
        assert_eq!(edits.query.as_deref(), Some("x=1"));
        assert_eq!(edits.cookies, Some(vec!["a=1".to_owned(), "b=2".to_owned()]));

        let mut edits = Edits::default();
        strip(&sources(), &[], &Request::default(), &mut edits).unwrap();
        assert_eq!((edits.query, edits.cookies), (None, None));
    }
}
