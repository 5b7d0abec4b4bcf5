//! One attempt to sign in, from the redirect to the provider to the way back: in one sealed cookie of its own, so that tabs do not
//! get in each other's way (threats 50 and 53).

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::base64url;
use crate::random::Random;
use crate::request::Request;

use super::cookies::CookieSettings;
use super::fields::{FieldReader, FieldWriter};
use super::return_to::ReturnTo;
use super::seal::CookieKeys;

const NAME: &str = "attempt-";

/// What follows in the cookie's name: when the attempt began, in hexadecimal seconds, so that names sort by age, and eight
/// random characters. It is also what `state` begins with.
const ID_LENGTH: usize = 16;

/// How many may be under way in one browser: four long ones are 16 KB of cookies, and a request to CloudFront has 20 at most
/// (threat 54).
const MAX_ATTEMPTS: usize = 4;

/// How many bytes they may have together.
const MAX_BYTES: usize = 6_000;

/// How many are ended at once. Another host of the domain can plant as many as a browser keeps; an answer that ended all of
/// them could be longer than CloudFront takes, and the next one, too.
const MAX_ENDED: usize = 20;

pub(super) struct Attempt {
    id: String,
    /// The provider's name.
    pub(super) provider: String,
    pub(super) began_at: f64,
    secret: Vec<u8>,
    nonce: Vec<u8>,
    verifier: Vec<u8>,
    pub(super) return_to: ReturnTo,
    /// How many sign-ins for the same page went before it in a short time.
    pub(super) count: u8,
}

impl Attempt {
    /// `None` where randomness runs out.
    pub(super) fn new(provider: &str, return_to: ReturnTo, count: u8, now: f64, random: &Random<'_>) -> Option<Self> {
        let seconds = (now as u32).to_be_bytes();
        let id = [hex(seconds).as_str(), &base64url::encode(random.take::<6>()?)].concat();
        Some(Self {
            id,
            provider: provider.to_owned(),
            began_at: now,
            secret: random.take::<18>()?.to_vec(),
            nonce: random.take::<24>()?.to_vec(),
            verifier: random.take::<32>()?.to_vec(),
            return_to,
            count,
        })
    }

    /// The attempt that an answer with this `state` belongs to, if it began in this browser.
    pub(super) fn of(state: &str, request: &Request, settings: &CookieSettings, keys: &CookieKeys<'_>) -> Option<Self> {
        let (id, _) = state.split_at_checked(ID_LENGTH)?;
        let name = [NAME, id].concat();
        let plain = keys.open(&name, settings.one(request, &name)?)?;
        let mut fields = FieldReader::new(&plain);
        let attempt = Self {
            id: id.to_owned(),
            provider: fields.text()?.to_owned(),
            began_at: fields.seconds()?,
            secret: fields.bytes()?.to_vec(),
            nonce: fields.bytes()?.to_vec(),
            verifier: fields.bytes()?.to_vec(),
            return_to: ReturnTo::parse(fields.text()?)?,
            count: *fields.bytes()?.first()?,
        };
        bool::from(attempt.state().as_bytes().ct_eq(state.as_bytes())).then_some(attempt)
    }

    pub(super) fn state(&self) -> String {
        [self.id.as_str(), &base64url::encode(&self.secret)].concat()
    }

    pub(super) fn nonce(&self) -> String {
        base64url::encode(&self.nonce)
    }

    /// RFC 7636, section 4.1.
    pub(super) fn code_verifier(&self) -> String {
        base64url::encode(&self.verifier)
    }

    /// S256 (RFC 7636, section 4.2).
    pub(super) fn code_challenge(&self) -> String {
        base64url::encode(&Sha256::digest(self.code_verifier()))
    }

    /// The `Set-Cookie` value that begins it.
    pub(super) fn cookie(
        &self,
        settings: &CookieSettings,
        keys: &CookieKeys<'_>,
        nonce: &[u8; 24],
        max_age_seconds: f64,
    ) -> Option<String> {
        let plain = FieldWriter::default()
            .text(&self.provider)
            .seconds(self.began_at)
            .bytes(&self.secret)
            .bytes(&self.nonce)
            .bytes(&self.verifier)
            .text(self.return_to.as_str())
            .bytes(&[self.count])
            .into_vec();
        let name = self.cookie_name();
        let value = keys.seal(&name, &plain, nonce)?;
        Some(settings.set(&name, &value, max_age_seconds))
    }

    /// The `Set-Cookie` value that ends it: an attempt is used once.
    pub(super) fn cleared(&self, settings: &CookieSettings) -> String {
        settings.clear(&self.cookie_name())
    }

    fn cookie_name(&self) -> String {
        [NAME, self.id.as_str()].concat()
    }

    /// The `Set-Cookie` values that end the oldest of the request's attempts, so that there is room for one more.
    pub(super) fn make_room(request: &Request, settings: &CookieSettings) -> Vec<String> {
        let mut under_way = settings.named(request, NAME);
        let mut ended = Vec::new();
        // The oldest first: their ids are the least.
        while ended.len() < MAX_ENDED
            && (under_way.len() >= MAX_ATTEMPTS
                || under_way.iter().map(|(_, value)| value.len()).sum::<usize>() > MAX_BYTES)
        {
            let Some((oldest, _)) = (0..).zip(&under_way).min_by_key(|(_, (id, _))| *id) else {
                break;
            };
            let (id, _) = under_way.swap_remove(oldest);
            ended.extend(is_id(id).then(|| settings.clear(&[NAME, id].concat())));
        }
        ended
    }

    /// The `Set-Cookie` values that end all of the request's attempts.
    pub(super) fn clear_all(request: &Request, settings: &CookieSettings, cookies: &mut Vec<String>) {
        for (id, _) in settings.named(request, NAME).into_iter().take(MAX_ATTEMPTS) {
            if is_id(id) {
                cookies.push(settings.clear(&[NAME, id].concat()));
            }
        }
    }
}

/// What viewers write must not get into a `Set-Cookie` header but for this.
fn is_id(text: &str) -> bool {
    text.len() == ID_LENGTH && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn hex(bytes: [u8; 4]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
