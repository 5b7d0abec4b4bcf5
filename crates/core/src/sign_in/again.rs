//! How often somebody has signed in within a short time: a session that does not hold would send a browser round and round.

use super::fields::{FieldReader, FieldWriter};
use super::visit::Visit;

const NAME: &str = "again";

/// Sign-ins that lie further apart are not a loop.
const SECONDS: f64 = 60.0;

/// So many are.
pub(super) const MAX_COUNT: u8 = 3;

impl Visit<'_> {
    /// How many sign-ins there were just now.
    pub(super) fn sign_ins_just_now(&self) -> u8 {
        let count = || {
            let plain = self.cookie_keys.open(NAME, self.sign_in.cookies.one(self.request, NAME)?)?;
            let mut fields = FieldReader::new(&plain);
            let (at, count) = (fields.seconds()?, *fields.bytes()?.first()?);
            (self.means.now.seconds() < at + SECONDS).then_some(count)
        };
        count().unwrap_or(0)
    }

    /// The `Set-Cookie` value that counts one more sign-in.
    pub(super) fn one_more_sign_in(&self, before: u8) -> Option<String> {
        let count = [before.saturating_add(1)];
        let plain = FieldWriter::default().seconds(self.means.now.seconds()).bytes(&count).into_vec();
        let value = self.cookie_keys.seal(NAME, &plain, self.random.take()?)?;
        Some(self.sign_in.cookies.set(NAME, &value, SECONDS))
    }

    /// The `Set-Cookie` value that forgets them.
    pub(super) fn no_sign_ins(&self) -> String {
        self.sign_in.cookies.clear(NAME)
    }
}
