//! JSON without slack, for everything that somebody else wrote: tokens and key sets.
//!
//! The parser is our own (docs/decisions/0034-a-json-parser-of-our-own.md); its values are those of `serde_json`, which is what it
//! is compared with.
//!
//! RFC 8259 leaves duplicate member names open, and parsers differ in which one they keep: a token that two parsers
//! read differently is an attack (RFC 7515, section 4 and 10.12). So a name that appears twice is an error, at any depth.

#[cfg(test)]
mod oracle;
mod parser;

use std::fmt;

use serde_json::{Map, Number, Value};

/// How deep arrays and objects may nest. Tokens of the large providers nest three deep (Keycloak's `resource_access`).
pub(crate) const MAX_DEPTH: u8 = 16;

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
pub(crate) fn parse(text: &[u8]) -> Result<Value, JsonError> {
    let text = std::str::from_utf8(text).map_err(|_| JsonError::new("not UTF-8"))?;
    parser::parse(text).map_err(|flaw| JsonError { message: flaw.message, position: position(text, flaw.at) })
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

/// [`parse`], for adapters of platforms: `None` where the text is not such JSON.
pub fn parse_json(text: &str) -> Option<Value> {
    parse(text.as_bytes()).ok()
}

/// Like [`parse`], for a text that has to be an object.
pub(crate) fn parse_object(text: &[u8]) -> Result<Map<String, Value>, JsonError> {
    match parse(text)? {
        Value::Object(object) => Ok(object),
        _ => Err(JsonError::new("not a JSON object")),
    }
}

/// A value for people to read: strings in quotes with their control characters escaped.
///
/// Numbers with a fraction are not spelt out: nothing compares them, and their printing would add 37 KB of tables and code.
pub(crate) fn display(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => integer(number).unwrap_or_else(|| "a number with a fraction".to_owned()),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(display).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Appends a value as JSON. `None` where it has a number with a fraction or an exponent: these are not printed, see
/// [`display`].
pub(crate) fn write(value: &Value, json: &mut String) -> Option<()> {
    match value {
        Value::Null => json.push_str("null"),
        Value::Bool(flag) => json.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => json.push_str(&integer(number)?),
        Value::String(text) => write_text(text, json),
        Value::Array(items) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, json);
                write(item, json)?;
            }
            json.push(']');
        }
        Value::Object(members) => {
            json.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                separate(index, json);
                write_text(name, json);
                json.push(':');
                write(member, json)?;
            }
            json.push('}');
        }
    }
    Some(())
}

fn separate(index: usize, json: &mut String) {
    if index > 0 {
        json.push(',');
    }
}

/// Appends a text as JSON (RFC 8259, section 7).
pub(crate) fn write_text(text: &str, json: &mut String) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            '\0'..='\u{1f}' => {
                const DIGITS: [char; 16] =
                    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
                let digit = |value: u32| DIGITS.get(value as usize % 16).copied().unwrap_or_default();
                let code = u32::from(character);
                json.push_str("\\u00");
                json.extend([digit(code / 16), digit(code)]);
            }
            character => json.push(character),
        }
    }
    json.push('"');
}

/// A text in quotes, its control characters escaped.
pub(crate) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// The digits of an integer; `None` for a number with a fraction or an exponent.
pub(crate) fn integer(number: &Number) -> Option<String> {
    number.as_u64().map(|integer| integer.to_string()).or_else(|| number.as_i64().map(|integer| integer.to_string()))
}

/// What an allocation takes beyond the bytes that were asked for.
const ALLOCATION: usize = 16;

/// The memory that the members of an object take, rather too much than too little.
pub(crate) fn bytes_of_members(members: &Map<String, Value>) -> usize {
    // A node of the standard library's B-tree has room for eleven members, and at least five in it unless it is the only one.
    let nodes = members.len().div_ceil(5) * (ALLOCATION + 12 * size_of::<(String, Value)>());
    nodes + members.iter().map(|(name, value)| ALLOCATION + name.len() + bytes_of(value)).sum::<usize>()
}

fn bytes_of(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => ALLOCATION + text.capacity(),
        Value::Array(items) => {
            ALLOCATION + items.capacity() * size_of::<Value>() + items.iter().map(bytes_of).sum::<usize>()
        }
        Value::Object(members) => bytes_of_members(members),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_serde_json_reads() {
        let text = r#" {"a":[1,-2,3.5,"x\u00e9",true,false,null,{}],"b":{"c":"d"}} "#;
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(parse(text.as_bytes()).unwrap(), expected);
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
            assert!(parse(text).is_err(), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn nests_to_the_limit_and_no_deeper() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(nested(16).as_bytes()).is_ok());
        assert!(parse(nested(17).as_bytes()).is_err());
        assert!(parse(nested(100_000).as_bytes()).is_err());
    }

    #[test]
    fn an_error_repeats_no_part_of_the_text() {
        for text in [r#"{"secret":1,"secret":2}"#, r#"{"a": secret}"#, r#""secret" secret"#] {
            let error = parse(text.as_bytes()).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
