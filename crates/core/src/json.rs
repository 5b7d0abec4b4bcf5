//! JSON without slack, for everything that somebody else wrote: tokens, key sets, configurations.
//!
//! The parser is our own (docs/decisions/0034-a-json-parser-of-our-own.md), and what it makes of a text is in one piece
//! (docs/decisions/0035-json-in-one-piece.md). It is compared with `serde_json`.
//!
//! RFC 8259 leaves duplicate member names open, and parsers differ in which one they keep: a token that two parsers
//! read differently is an attack (RFC 7515, section 4 and 10.12). So a name that appears twice is an error, at any depth.

mod flaw;
mod number;
#[cfg(test)]
mod oracle;
mod parser;
mod tape;
mod write;

use std::fmt;

pub use number::Number;
pub use tape::{Items, Json, Members, Tape};
pub(crate) use write::{display, integer, of_text, quoted, write, write_text};

/// How deep arrays and objects may nest. Tokens of the large providers nest three deep (Keycloak's `resource_access`).
pub(crate) const MAX_DEPTH: u8 = 16;

/// A text that is an object.
#[derive(Debug, Clone)]
pub(crate) struct Object(Tape);

impl Object {
    pub(crate) fn root(&self) -> Json<'_> {
        self.0.root()
    }

    /// The value of the member with exactly this name.
    pub(crate) fn get(&self, name: &str) -> Option<Json<'_>> {
        self.0.root().get(name)
    }

    /// The memory that it takes beside itself, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.0.bytes()
    }
}

/// Why a text is not acceptable JSON. Carries no part of the text, which may be a token.
#[derive(Debug)]
pub(crate) struct JsonError {
    message: &'static str,
    position: Option<(usize, usize)>,
}

impl JsonError {
    fn new(message: &'static str) -> Self {
        Self { message, position: None }
    }

    /// What is wrong, without where.
    pub(crate) fn message(&self) -> &'static str {
        self.message
    }

    /// Line and column, counted from 1. The module at the edge tells nobody, and does not count.
    pub(crate) fn position(&self) -> Option<(usize, usize)> {
        self.position
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

/// Reads one JSON text: valid UTF-8, no byte-order mark, no duplicate names, nothing after it, at most [`MAX_DEPTH`] deep.
pub(crate) fn parse(text: Vec<u8>) -> Result<Tape, JsonError> {
    let text = String::from_utf8(text).map_err(|_| JsonError::new("not UTF-8"))?;
    parser::parse(text).map_err(|(flaw, text)| JsonError { message: flaw.message, position: position(&text, flaw.at) })
}

#[cfg(feature = "tooling")]
fn position(text: &str, at: usize) -> Option<(usize, usize)> {
    let before = text.get(..at)?;
    let (line, column) = (before.matches('\n').count(), before.rsplit('\n').next().unwrap_or_default().chars().count());
    Some((line + 1, column + 1))
}

#[cfg(not(feature = "tooling"))]
fn position(_text: &str, _at: usize) -> Option<(usize, usize)> {
    None
}

/// Reads JSON for adapters of platforms, as strictly as that of strangers; `None` where it is not such JSON.
pub fn parse_json(text: &str) -> Option<Tape> {
    parse(text.into()).ok()
}

/// Like [`parse`], for a text that has to be an object.
pub(crate) fn parse_object(text: Vec<u8>) -> Result<Object, JsonError> {
    match parse(text)? {
        tape if tape.root().as_object().is_some() => Ok(Object(tape)),
        _ => Err(JsonError::new("not a JSON object")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#" {"a":[1,-2,3.5,"x\u00e9",true,false,null,{}],"b":{"c":"d"}} "#;
        let expected: Value = serde_json::from_str(text).unwrap();
        let tape = parse(text.into()).unwrap();
        let mut written = String::new();
        let [a, b] = ["a", "b"].map(|name| tape.root().get(name).unwrap());
        assert_eq!(b.get("c").and_then(Json::as_str), expected["b"]["c"].as_str());
        assert_eq!(write(b, &mut written).map(|()| written.as_str()), Some(r#"{"c":"d"}"#));
        let a: Vec<_> = a.as_array().unwrap().iter().collect();
        assert_eq!(a.len(), expected["a"].as_array().unwrap().len());
        assert_eq!(a[3].as_str(), expected["a"][3].as_str());
        assert_eq!(a[2].as_number(), Some(Number::Fraction(3.5)));
    }

    #[test]
    fn refuses_what_two_parsers_could_read_differently() {
        let refused: [&[u8]; 12] = [
            br#"{"a":1,"a":1}"#,
            br#"{"x":{"a":1,"\u0061":2}}"#,
            br#"[{"a":1,"a":1}]"#,
            br#"{"a":1} x"#,
            br#"{"a":1}{"a":1}"#,
            b"\xef\xbb\xbf{}",
            b"{\"a\":\"\xff\"}",
            br#"{"a":1e400}"#,
            br#"{"a":"\ud800"}"#,
            br#"{"a":1,}"#,
            b"{\"a\":\"\n\"}",
            b"",
        ];
        for text in refused {
            assert!(parse(text.to_vec()).is_err(), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn nests_to_the_limit_and_no_deeper() {
        for (begin, end) in [("[", "]"), ("{\"\":", "}"), ("[{\"a\":", "}]")] {
            let nested = |depth: usize| begin.repeat(depth) + "0" + &end.repeat(depth);
            let most = 16 / end.len();
            assert!(parse(nested(most).into()).is_ok(), "{begin}");
            assert!(parse(nested(most + 1).into()).is_err(), "{begin}");
            assert!(parse(nested(100_000).into()).is_err(), "{begin}");
        }
    }

    #[test]
    fn an_error_repeats_no_part_of_the_text() {
        for text in [r#"{"secret":1,"secret":2}"#, r#"{"a": secret}"#, r#""secret" secret"#] {
            let error = parse(text.into()).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
