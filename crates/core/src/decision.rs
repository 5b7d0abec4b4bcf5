//! What the authorizer answers: a [`Decision`].

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use crate::answer::Answer;
use crate::edits::Edits;
use crate::endpoint::Unsigned;
use crate::fetch::Fetch;
use crate::refusal::{Code, Refusal};

/// The answer to one request. Only [`Decision::Forward`] lets a request through.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// The request may go on to the cache and the origin, with these edits.
    Forward(Forward),
    /// The viewer gets an answer from us: [`Authorizer::answer_to`](crate::Authorizer::answer_to) makes it.
    Refuse(Refused),
    /// The viewer gets this answer, which is for the function to give, and no refusal.
    Answer(Answered),
    /// The viewer gets an answer that the host has to sign first.
    Unsigned(UnsignedAnswer),
    /// The keys of a provider are missing, or none of them has the token's `kid`: fetch them, hand them over, ask again.
    KeysNeeded(KeysNeeded),
    /// A secret is missing: send the request for it, hand it over, ask again.
    SecretNeeded(SecretNeeded),
    /// It is for the sign-in to go on: ask [`Authorizer::sign_in`](crate::Authorizer::sign_in), with the headers of
    /// [`Authorizer::sign_in_headers`](crate::Authorizer::sign_in_headers) and with random bytes.
    SignIn,
    /// The sign-in needs an answer from the provider: send this, ask again.
    FetchNeeded(FetchNeeded),
}

/// A request that may pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Forward {
    /// [`Code::Allowed`], [`Code::Public`] or [`Code::AuthorizationOff`].
    pub code: Code,
    /// What to change in the request before it goes on.
    pub edits: Edits,
    /// For the log.
    pub context: Context,
}

/// A request that may not pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// Why, and for the log a sentence.
    pub refusal: Refusal,
    /// For the log.
    pub context: Context,
}

/// A request that ends here, since the answer to it is ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// What was done.
    pub code: Code,
    /// For the log a sentence.
    pub detail: Cow<'static, str>,
    /// What the viewer gets.
    pub answer: Answer,
    /// For the log.
    pub context: Context,
}

/// A request that ends here with an answer that lacks a signature.
#[derive(Debug, Clone, PartialEq)]
pub struct UnsignedAnswer {
    /// What has to be signed.
    pub unsigned: Unsigned,
    /// For the log.
    pub context: Context,
}

/// A request to the provider. It may hold a secret: it is not to be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct FetchNeeded {
    /// What it is for: to be handed over with the answer.
    pub purpose: &'static str,
    /// What to send.
    pub fetch: Fetch,
}

impl fmt::Debug for FetchNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchNeeded").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// Keys that the authorizer lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysNeeded {
    /// The provider's name in the configuration.
    pub provider: String,
    /// The token's `kid` where the provider has keys, but none with this one.
    pub kid: Option<String>,
}

/// A secret that the authorizer lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretNeeded {
    /// Its place in the configuration: `providers.partner.secret`.
    pub name: String,
}

/// Who took part in a decision, for the log and for `explain`. Never holds a token, a secret or a claim.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// The name of the rule that matched.
    pub rule: Option<Rc<str>>,
    /// The name of the provider whose token it was.
    pub provider: Option<Rc<str>>,
    /// The `kid` of the token: what the viewer wrote until the code says that the token was verified.
    pub kid: Option<Rc<str>>,
}
