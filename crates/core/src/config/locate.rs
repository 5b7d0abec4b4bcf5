//! Where in the text of a configuration a place is: `rules[2].match.path` → line and column.

use super::problem::child;
use crate::json::{self, MAX_DEPTH};

/// The line and column, counted from 1, where the member or item at `place` begins. `text` is JSON that was read before.
pub(crate) fn locate(text: &str, place: &str) -> Option<(usize, usize)> {
    let mut scanner = Scanner { text, at: 0 };
    let at = scanner.find("", place)?;
    position(text, at)
}

/// The first name that an object has twice, and where it is for the second time. `text` need not be JSON from there on.
pub(super) fn duplicate(text: &str) -> Option<((usize, usize), String)> {
    let (at, name) = Scanner { text, at: 0 }.find_duplicate(0)?;
    Some((position(text, at)?, name))
}

fn position(text: &str, at: usize) -> Option<(usize, usize)> {
    let before = text.get(..at)?;
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
    Some((line, column))
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    /// Passes over the value here, which is at `here`, and answers where the value or member at `wanted` begins in it.
    fn find(&mut self, here: &str, wanted: &str) -> Option<usize> {
        self.skip_space();
        if here == wanted {
            return Some(self.at);
        }
        match self.peek()? {
            b'{' => self.find_in(here, wanted, b'}', true),
            b'[' => self.find_in(here, wanted, b']', false),
            _ => {
                self.skip_scalar();
                None
            }
        }
    }

    fn find_in(&mut self, here: &str, wanted: &str, end: u8, named: bool) -> Option<usize> {
        let mut index = 0;
        self.at += 1;
        loop {
            self.skip_space();
            match self.peek()? {
                byte if byte == end => break,
                b',' => self.at += 1,
                _ => {
                    let begin = self.at;
                    let place = if named { child(here, &self.name()?) } else { format!("{here}[{index}]") };
                    if place == wanted {
                        return Some(begin);
                    }
                    if let Some(found) = self.find(&place, wanted) {
                        return Some(found);
                    }
                    index += 1;
                }
            }
        }
        self.at += 1;
        None
    }

    /// Passes over the value here, unless a name in it comes twice.
    fn find_duplicate(&mut self, depth: u8) -> Option<(usize, String)> {
        self.skip_space();
        let end = match self.peek()? {
            b'{' => b'}',
            b'[' => b']',
            _ => {
                self.skip_scalar();
                return None;
            }
        };
        let mut names = Vec::new();
        self.at += 1;
        loop {
            self.skip_space();
            match self.peek()? {
                byte if byte == end => break,
                b',' => self.at += 1,
                _ => {
                    let begin = self.at;
                    if end == b'}' {
                        let name = self.name()?;
                        if names.contains(&name) {
                            return Some((begin, name));
                        }
                        names.push(name);
                    }
                    if depth >= MAX_DEPTH {
                        return None;
                    }
                    if let Some(found) = self.find_duplicate(depth + 1) {
                        return Some(found);
                    }
                }
            }
        }
        self.at += 1;
        None
    }

    /// A member's name, and the colon after it.
    fn name(&mut self) -> Option<String> {
        let begin = self.at;
        self.skip_scalar();
        let name = json::parse(self.text.get(begin..self.at)?.into()).ok()?.root().as_str()?.to_owned();
        self.skip_space();
        self.at += 1;
        Some(name)
    }

    /// A string, with the escapes in it, or whatever ends at the next delimiter.
    fn skip_scalar(&mut self) {
        let quoted = self.peek() == Some(b'"');
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' if quoted => self.at += 2,
                b'"' if quoted => {
                    self.at += 1;
                    return;
                }
                b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t' if !quoted => return,
                _ => self.at += 1,
            }
        }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_members_and_items() {
        let text = "{\n  \"a\": [1, {\"b \\\"c\": true}],\n  \"\u{e9}\": {}, \"d\": {\"e\": \"}\"}, \"f\": 1\n}";
        assert_eq!(locate(text, ""), Some((1, 1)));
        assert_eq!(locate(text, "a"), Some((2, 3)));
        assert_eq!(locate(text, "a[1]"), Some((2, 12)));
        assert_eq!(locate(text, "a[1][\"b \\\"c\"]"), Some((2, 13)));
        assert_eq!(locate(text, "d.e"), Some((3, 18)));
        assert_eq!(locate(text, "f"), Some((3, 29)));
        assert_eq!(locate(text, "g"), None);
        assert_eq!(locate(text, "a[2]"), None);
    }

    #[test]
    fn finds_a_name_that_comes_twice() {
        let position = |text: &str| duplicate(text).map(|((line, column), name)| format!("{line}:{column} {name}"));
        assert_eq!(position("{\"a\": {\"b\": 1},\n \"b\": [{\"c\": 1, \"c\": 2}]}").as_deref(), Some("2:17 c"));
        assert_eq!(position("{\"a\": 1, \"\\u0061\": 2}").as_deref(), Some("1:10 a"));
        for text in ["", "{", "{\"a\"", "{\"a\": 1, \"a", "[[", "{\"a\": {\"a\": [\"a\", \"a\"]}}", "{a: 1, a: 2}", "]"]
        {
            assert_eq!(position(text), None, "{text}");
        }
        assert_eq!(position(&"[".repeat(100_000)), None);
    }
}
