//! The session: the provider's tokens, sealed, in cookies.
//!
//! It is a place for a token, not a proof by itself: what is in it is verified with each request like any other token
//! (threat 56).

use std::borrow::Cow;

use crate::cookie;
use crate::request::Request;

use super::cookies::CookieSettings;
use super::fields::{FieldReader, FieldWriter};
use super::seal::CookieKeys;
use super::token_text;

/// `edge-session-0` and so on; the first character of the first says how many there are.
const NAME: &str = "session-";
const PURPOSE: &str = "session";

/// Browsers take cookies of 4,096 bytes, name and attributes included (RFC 6265, section 6.1).
const MAX_COOKIE_BYTES: usize = 3_800;

/// Three: CloudFront takes requests of 20,480 bytes ("Quotas" in the CloudFront Developer Guide), and they have other cookies,
/// too (threat 54).
pub(super) const MAX_COOKIES: usize = 3;

/// What is known of somebody who has signed in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Session {
    /// The provider's name.
    pub(super) provider: String,
    /// The client that the tokens were issued to.
    pub(super) client_id: String,
    /// `sub` of the ID token: a refreshed one has to be the same person's.
    pub(super) subject: String,
    /// When the person signed in, in seconds since 1970.
    pub(super) signed_in_at: f64,
    /// When the tokens came: at `signed_in_at`, or refreshed later.
    pub(super) tokens_at: f64,
    pub(super) tokens: Tokens,
}

/// The tokens of a session; those that are not kept are empty.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Tokens {
    pub(super) id: String,
    pub(super) access: String,
    pub(super) refresh: String,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// The session's cookies, as they came.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sealed<'r> {
    None,
    /// Some are missing, or there are two of a name.
    Broken,
    /// The values, joined: how many there are, and what was sealed.
    Text(Cow<'r, str>),
}

impl<'r> Sealed<'r> {
    /// What the request's cookies hold. The way of every request with a session, so that one cookie is not copied.
    pub(crate) fn of(request: &'r Request, settings: &CookieSettings) -> Self {
        let prefix = settings.prefix();
        let mut parts = [None; MAX_COOKIES];
        for (name, value) in request.header_values("cookie").flat_map(cookie::pairs) {
            let Some(number) = name.strip_prefix(prefix).and_then(|name| name.strip_prefix(NAME)) else {
                continue;
            };
            match number.parse().ok().and_then(|number: usize| parts.get_mut(number)) {
                Some(part @ None) => *part = Some(value),
                _ => return Self::Broken,
            }
        }
        let count = parts.iter().flatten().count();
        let is_whole = parts.iter().take(count).all(Option::is_some);
        match parts {
            [None, ..] if count == 0 => Self::None,
            [Some(first), ..] if is_whole && first.starts_with(digit(count)) => match count {
                1 => Self::Text(first.into()),
                _ => Self::Text(parts.iter().flatten().copied().collect()),
            },
            _ => Self::Broken,
        }
    }
}

impl Session {
    /// Opens what [`Sealed::of`] found.
    pub(super) fn open(text: &str, keys: &CookieKeys<'_>) -> Option<Self> {
        let plain = keys.open(PURPOSE, text.get(1..)?)?;
        let mut fields = FieldReader::new(&plain);
        Some(Self {
            provider: fields.text()?.to_owned(),
            client_id: fields.text()?.to_owned(),
            subject: fields.text()?.to_owned(),
            signed_in_at: fields.seconds()?,
            tokens_at: fields.seconds()?,
            tokens: Tokens {
                id: token_text::unpacked(fields.bytes()?)?,
                access: token_text::unpacked(fields.bytes()?)?,
                refresh: token_text::unpacked(fields.bytes()?)?,
            },
        })
    }

    /// The `Set-Cookie` values that make it the browser's. `None` where it is too large, or cannot be sealed.
    pub(super) fn cookies(
        &self,
        settings: &CookieSettings,
        keys: &CookieKeys<'_>,
        nonce: &[u8; 24],
        max_age_seconds: f64,
    ) -> Option<Vec<String>> {
        let Tokens { id, access, refresh } = &self.tokens;
        let plain = FieldWriter::default()
            .text(&self.provider)
            .text(&self.client_id)
            .text(&self.subject)
            .seconds(self.signed_in_at)
            .seconds(self.tokens_at)
            .bytes(&token_text::packed(id))
            .bytes(&token_text::packed(access))
            .bytes(&token_text::packed(refresh))
            .into_vec();
        let text = keys.seal(PURPOSE, &plain, nonce)?;
        // One byte for the count; the text is ASCII.
        let count = (1 + text.len()).div_ceil(MAX_COOKIE_BYTES);
        if count > MAX_COOKIES {
            return None;
        }
        let text = [digit(count), &text].concat();
        let mut parts = text.as_bytes().chunks(MAX_COOKIE_BYTES).filter_map(|part| std::str::from_utf8(part).ok());
        let cookies = (0..MAX_COOKIES).map(|number| match parts.next() {
            Some(part) => settings.set(&name(number), part, max_age_seconds),
            None => settings.clear(&name(number)),
        });
        Some(cookies.collect())
    }

    /// The `Set-Cookie` values that end it.
    pub(super) fn cleared(settings: &CookieSettings) -> impl Iterator<Item = String> {
        (0..MAX_COOKIES).map(|number| settings.clear(&name(number)))
    }
}

fn name(number: usize) -> String {
    [NAME, digit(number)].concat()
}

fn digit(number: usize) -> &'static str {
    ["0", "1", "2", "3"].get(number).copied().unwrap_or_default()
}
