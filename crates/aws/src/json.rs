//! JSON strings (RFC 8259, section 7), for policies that are signed as text.

/// Writes `text` as a JSON string. Control characters are escaped by number.
pub(crate) fn push_string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                json.push('\\');
                json.push(character);
            }
            '\0'..='\u{1f}' => {
                json.push_str("\\u00");
                json.push_str(&crate::hash::hex(&[character as u8]));
            }
            _ => json.push(character),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_the_string_is_escaped() {
        let mut json = String::new();
        push_string(&mut json, "a\"b\\c\n\u{1}\u{e9}");
        assert_eq!(json, "\"a\\\"b\\\\c\\u000a\\u0001\u{e9}\"");
    }
}
