//! Named transforms of a text: `{user|lower|md5}` in a value, `"as": "md5"` beside a claim.

use std::borrow::Cow;

use md5::{Digest, Md5};
use sha2::Sha256;

use crate::flaw::{Flaw, flaw};

/// Transforms, applied from left to right. None leaves a text as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Transforms(Vec<Transform>);

/// What becomes of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transform {
    /// A to Z become a to z. Other letters stay: tables of them would be larger than the rest of the policy, and grow.
    Lower,
    /// a to z become A to Z.
    Upper,
    /// The MD5 of its UTF-8 bytes (RFC 1321) in lower-case hexadecimal digits: to find a path, not to protect anything.
    Md5,
    /// The SHA-256 of its UTF-8 bytes (FIPS 180-4) in lower-case hexadecimal digits.
    Sha256,
}

impl Transforms {
    /// Reads `lower|md5`.
    pub(crate) fn parse(text: &str) -> Result<Self, Flaw> {
        text.split('|').map(Transform::parse).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.0.iter().fold(Cow::Borrowed(text), |text, transform| Cow::Owned(transform.apply(&text)))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether some text may become this one.
    #[cfg(feature = "tooling")]
    pub(crate) fn may_make(&self, text: &str) -> bool {
        let is_hash =
            |digits: usize| text.len() == digits && text.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
        match self.0.last() {
            None => true,
            Some(Transform::Lower) => !text.contains(|letter: char| letter.is_ascii_uppercase()),
            Some(Transform::Upper) => !text.contains(|letter: char| letter.is_ascii_lowercase()),
            Some(Transform::Md5) => is_hash(32),
            Some(Transform::Sha256) => is_hash(64),
        }
    }

    /// As they were written.
    #[cfg(feature = "tooling")]
    pub(crate) fn names(&self) -> String {
        self.0.iter().map(|transform| transform.name()).collect::<Vec<_>>().join("|")
    }
}

impl Transform {
    const ALL: [Self; 4] = [Self::Lower, Self::Upper, Self::Md5, Self::Sha256];

    fn parse(name: &str) -> Result<Self, Flaw> {
        let found = Self::ALL.into_iter().find(|transform| transform.name() == name);
        found.ok_or_else(|| {
            flaw!(
                "`{name}` is no transform: there are {}",
                Self::ALL.map(|known| format!("`{}`", known.name())).join(", ")
            )
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Upper => "upper",
            Self::Md5 => "md5",
            Self::Sha256 => "sha256",
        }
    }

    fn apply(self, text: &str) -> String {
        match self {
            Self::Lower => text.to_ascii_lowercase(),
            Self::Upper => text.to_ascii_uppercase(),
            Self::Md5 => hexadecimal(&Md5::digest(text)),
            Self::Sha256 => hexadecimal(&Sha256::digest(text)),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' - 10 + value });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(transforms: &str, text: &str) -> String {
        Transforms::parse(transforms).unwrap().apply(text).into_owned()
    }

    /// The test suite of RFC 1321, appendix A.5; the examples of FIPS 180-4.
    #[test]
    fn hashes_are_in_lower_case_hexadecimal_digits() {
        assert_eq!(applied("md5", ""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(applied("md5", "abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(applied("md5", "message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
        assert_eq!(applied("sha256", "abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        // UTF-8: not Latin-1.
        assert_eq!(applied("md5", "\u{e9}"), "66ddcd97cfdeabb2f6fb8a999b4bc76f");
    }

    #[test]
    fn they_are_applied_from_left_to_right() {
        assert_eq!(applied("lower|md5", "ABC"), applied("md5", "abc"));
        assert_eq!(applied("md5|upper", "abc"), "900150983CD24FB0D6963F7D28E17F72");
        assert_eq!(applied("lower", "\u{c9}T\u{c9}"), "\u{c9}t\u{c9}");
        assert_eq!(Transforms::default().apply("A"), "A");
    }

    #[test]
    fn names_are_exact() {
        for text in ["", "MD5", "md5|", "|md5", "md5,lower", " md5", "sha1"] {
            assert!(Transforms::parse(text).is_err(), "{text}");
        }
    }
}
