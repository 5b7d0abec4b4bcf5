//! JSON and its values as text.

use super::{Json, Number};

/// A value for people to read: strings in quotes with their control characters escaped.
///
/// Numbers with a fraction are not spelt out: nothing compares them, and their printing would add 37 KB of tables and code.
pub(crate) fn display(value: Json<'_>) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(flag) => flag.to_string(),
        Json::Number(number) => integer(number).unwrap_or_else(|| "a number with a fraction".to_owned()),
        Json::String(text) => quoted(text),
        Json::Array(items) => format!("[{}]", items.iter().map(display).collect::<Vec<_>>().join(", ")),
        Json::Object(_) => "an object".to_owned(),
    }
}

/// Appends a value as JSON. `None` where it has a number with a fraction or an exponent: these are not printed, see
/// [`display`].
pub(crate) fn write(value: Json<'_>, json: &mut String) -> Option<()> {
    match value {
        Json::Null => json.push_str("null"),
        Json::Bool(flag) => json.push_str(if flag { "true" } else { "false" }),
        Json::Number(number) => json.push_str(&integer(number)?),
        Json::String(text) => write_text(text, json),
        Json::Array(items) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, json);
                write(item, json)?;
            }
            json.push(']');
        }
        Json::Object(members) => {
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

/// A text as JSON.
pub(crate) fn of_text(text: &str) -> String {
    let mut json = String::new();
    write_text(text, &mut json);
    json
}

/// A text in quotes for people to read, its control characters escaped. Nothing in the module at the edge uses it: the tables
/// that the standard library has for this are 2 KB of a zip.
pub(crate) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// The digits of an integer; `None` for a number with a fraction or an exponent.
pub(crate) fn integer(number: Number) -> Option<String> {
    number.as_u64().map(|integer| integer.to_string()).or_else(|| number.as_i64().map(|integer| integer.to_string()))
}
