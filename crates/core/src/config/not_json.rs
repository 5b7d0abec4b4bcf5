//! What is written in other dialects, and is no JSON (RFC 8259): the parser says only what it has not found.

/// What stands at a line and column, both counted from 1, if it is of such a dialect. Nothing in the module at the edge,
/// where a configuration was checked before.
pub(super) fn looks_like(text: &str, position: Option<(usize, usize)>) -> Option<&'static str> {
    if !cfg!(feature = "tooling") {
        return None;
    }
    let (line, column) = position?;
    let lines_before: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let (before, rest) = text.split_at_checked(lines_before + column.checked_sub(1)?)?;
    if rest.starts_with('\u{feff}') {
        return Some("it begins with a byte-order mark: save it as UTF-8 without one");
    }
    if rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with('#') {
        return Some("it has no comments: take this one out");
    }
    if rest.starts_with(['}', ']']) && before.trim_end().ends_with(',') {
        return Some("no comma stands before the end: take it out");
    }
    rest.starts_with('\'').then_some("strings and names stand in double quotes")
}

#[cfg(all(test, feature = "tooling"))]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn a_comment_is_called_one_wherever_it_stands() {
        let said = |text: &str| looks_like(text, json::parse(text.into()).unwrap_err().position());
        for text in [
            "// a\n{}",
            "{\n  // a\n}",
            "{\"a\": // b\n1}",
            "{\"a\": 1, // b\n\"c\": 2}",
            "{\"a\": 1 // b\n}",
            "{\"a\": [1, /* b */ 2]}",
            "{} // a",
            "# a\n{}",
        ] {
            assert!(said(text).is_some_and(|said| said.contains("no comments")), "{text}: {:?}", said(text));
        }
        assert!(said("\u{feff}{}").is_some_and(|said| said.contains("byte-order mark")));
        assert!(said("{'a': 1}").is_some_and(|said| said.contains("double quotes")));
        for text in ["{\"a\": 1,}", "{\"a\": 1,\n}", "{\"a\": [1, ]}"] {
            assert!(said(text).is_some_and(|said| said.contains("no comma")), "{text}: {:?}", said(text));
        }
        for text in ["{\"a\" 1}", "{", "[/]", "{a: 1}"] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
