//! What is wrong with a value of the configuration, in words for whoever has written it.
//!
//! The words are for the module that the command line uses (feature `tooling`). In the module at the edge a [`Flaw`] is empty.

use std::fmt;

/// What is wrong with a value, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    #[cfg(feature = "tooling")]
    pub(crate) message: String,
}

impl Flaw {
    /// Use [`flaw!`]: what it is given is only looked at where there are words.
    #[cfg_attr(not(feature = "tooling"), inline(always), expect(unused_variables))]
    pub(crate) fn new(message: fmt::Arguments<'_>) -> Self {
        Self {
            #[cfg(feature = "tooling")]
            message: message.to_string(),
        }
    }
}

impl From<&str> for Flaw {
    #[cfg_attr(not(feature = "tooling"), inline(always))]
    fn from(message: &str) -> Self {
        flaw!("{message}")
    }
}

/// A [`Flaw`], written like `format!`.
macro_rules! flaw {
    ($($message:tt)*) => { $crate::flaw::Flaw::new(format_args!($($message)*)) };
}
pub(crate) use flaw;
