//! How often somebody has signed in within a short time: a session that does not hold would send a browser round and round.

use sha2::{Digest, Sha256};

use super::attempt::Attempt;
use super::fields::{FieldReader, FieldWriter};
use super::return_to::ReturnTo;
use super::visit::Visit;

const NAME: &str = "again";

/// Sign-ins that lie further apart are not a loop.
const SECONDS: f64 = 60.0;

/// So many are.
pub(super) const MAX_COUNT: u8 = 3;

impl Visit<'_> {
    /// How many sign-ins there were for this page just now. Whoever goes to and fro between pages of two providers signs in
    /// again and again, too, but sees the pages.
    pub(super) fn sign_ins_just_now(&self, page: &ReturnTo) -> u8 {
        let count = || {
            let plain = self.cookie_keys.open(NAME, self.sign_in.cookies.one(self.request, NAME)?)?;
            let mut fields = FieldReader::new(&plain);
            let (at, count, same_page) =
                (fields.seconds()?, *fields.bytes()?.first()?, fields.bytes()? == digest(page));
            (same_page && self.means.now.seconds() < at + SECONDS).then_some(count)
        };
        count().unwrap_or(0)
    }

    /// The `Set-Cookie` value that counts one more sign-in.
    pub(super) fn one_more_sign_in(&self, attempt: &Attempt) -> Option<String> {
        let count = [attempt.count.saturating_add(1)];
        let fields = FieldWriter::default().seconds(self.means.now.seconds());
        let plain = fields.bytes(&count).bytes(&digest(&attempt.return_to)).into_vec();
        let value = self.cookie_keys.seal(NAME, &plain, self.random.take()?)?;
        Some(self.sign_in.cookies.set(NAME, &value, SECONDS))
    }

    /// The `Set-Cookie` value that forgets them.
    pub(super) fn no_sign_ins(&self) -> String {
        self.sign_in.cookies.clear(NAME)
    }
}

/// What is kept of a page: its address may be long.
fn digest(page: &ReturnTo) -> [u8; 32] {
    Sha256::digest(page.as_str()).into()
}
