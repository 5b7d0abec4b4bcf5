//! Why a text is no JSON.

/// What is wrong, and at which byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) message: &'static str,
    pub(super) at: usize,
}

pub(super) type Parsed<T> = Result<T, Flaw>;
