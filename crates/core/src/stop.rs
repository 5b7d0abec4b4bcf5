//! Why a request does not simply go on.

use crate::answer::Answer;
use crate::decision::{FetchNeeded, KeysNeeded, SecretNeeded};
use crate::edits::Edits;
use crate::endpoint::{Reply, Unsigned};
use crate::policy::SignInChoice;
use crate::refusal::{Code, Refusal};

/// What the way of a request ends at, if not in a request that may pass.
pub(crate) enum Stop {
    Refused(Refusal),
    KeysNeeded(KeysNeeded),
    SecretNeeded(SecretNeeded),
    /// It is answered here.
    Answered(Code, Answer),
    Unsigned(Unsigned),
    /// It is for the sign-in to go on.
    SignIn(Need),
    FetchNeeded(FetchNeeded),
}

/// Why it is the sign-in's turn.
pub(crate) enum Need {
    /// The path is one of its own.
    OwnPath,
    /// The request is refused for want of a good token; a browser may go and get one.
    Instead { refusal: Refusal, choice: SignInChoice },
    /// The request may pass, and the session ends soon.
    Refresh { code: Code, edits: Edits },
}

/// In a box: whatever is handed from step to step is small then, and so is the code that does it.
pub(crate) type OrStop<T> = Result<T, Box<Stop>>;

/// A refusal with a sentence for the log.
#[inline(never)]
pub(crate) fn refused(code: Code, detail: &'static str) -> Box<Stop> {
    Refusal::new(code, detail).into()
}

impl From<Refusal> for Box<Stop> {
    #[inline(never)]
    fn from(refusal: Refusal) -> Self {
        Self::new(Stop::Refused(refusal))
    }
}

impl From<Reply> for Box<Stop> {
    fn from(reply: Reply) -> Self {
        Self::new(match reply {
            Reply::Answer(code, answer) => Stop::Answered(code, answer),
            Reply::Unsigned(unsigned) => Stop::Unsigned(unsigned),
        })
    }
}
