//! What a step of the sign-in answers.

use crate::answer::Answer;
use crate::refusal::Code;

/// An answer of the sign-in, and for the log why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) code: Code,
    /// One sentence for the log.
    pub(crate) detail: std::borrow::Cow<'static, str>,
    pub(crate) answer: Answer,
}

impl Reply {
    /// Sends the browser elsewhere, with these cookies.
    pub(super) fn redirect(
        code: Code,
        status: u16,
        location: String,
        cookies: Vec<String>,
        detail: &'static str,
    ) -> Box<Self> {
        let answer = Answer::plain(status, vec![("location", location)], cookies);
        Box::new(Self { code, detail: detail.into(), answer })
    }
}
