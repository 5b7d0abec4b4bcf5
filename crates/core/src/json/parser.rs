//! Reads a JSON text by the grammar of RFC 8259 and nothing beside it.
//!
//! What is told of an error is a place and a fixed sentence: the text may be a token.

use std::collections::BinaryHeap;

use super::MAX_DEPTH;
use super::flaw::{Flaw, Parsed};
use super::number;
use super::tape::{Kind, MAX_TEXT_BYTES, Node, Tape};

/// So many names of an object are compared each with each, which is quicker than to sort them.
const FEW_NAMES: usize = 16;

/// One value with nothing but white space around it. Where it is none the text comes back, too.
pub(super) fn parse(mut text: String) -> Result<Tape, (Flaw, String)> {
    match read(&text) {
        Ok((nodes, unescaped)) => {
            text.push_str(&unescaped);
            Ok(Tape::new(text, nodes))
        }
        Err(flaw) => Err((flaw, text)),
    }
}

/// The nodes for a text, and what comes after it: strings that had escapes.
fn read(text: &str) -> Parsed<(Vec<Node>, String)> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(Flaw { message: "longer than 256 MB", at: 0 });
    }
    // In tokens a name or a value seldom has fewer than eight bytes.
    let nodes = Vec::with_capacity(text.len() / 8 + 1);
    let mut parser = Parser { text, at: 0, nodes, names: Vec::with_capacity(FEW_NAMES), unescaped: String::new() };
    parser.value(MAX_DEPTH)?;
    match parser.next_token() {
        None => Ok((parser.nodes, parser.unescaped)),
        Some(_) => parser.flaw("something comes after the value"),
    }
}

struct Parser<'t> {
    text: &'t str,
    /// How many bytes have been read. Always between two characters.
    at: usize,
    nodes: Vec<Node>,
    /// The nodes of the names of all objects that have begun and not ended.
    names: Vec<u32>,
    /// The strings that had escapes, without them, one after the other.
    unescaped: String,
}

impl<'t> Parser<'t> {
    fn value(&mut self, depth_left: u8) -> Parsed<()> {
        match self.next_token() {
            Some(b'{') => self.object(inner(depth_left, self.at)?),
            Some(b'[') => self.array(inner(depth_left, self.at)?),
            Some(b'"') => self.string(),
            Some(b't') => self.literal("true", Kind::True),
            Some(b'f') => self.literal("false", Kind::False),
            Some(b'n') => self.literal("null", Kind::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.flaw("expected value"),
            None => self.flaw("the text ends too early"),
        }
    }

    fn object(&mut self, depth_left: u8) -> Parsed<()> {
        let node = self.begin();
        let first_name = self.names.len();
        if !self.takes(b'}') {
            loop {
                if self.next_token() != Some(b'"') {
                    return self.flaw("expected the name of a member, in quotes");
                }
                self.names.push(self.nodes.len() as u32);
                self.string()?;
                if !self.takes(b':') {
                    return self.flaw("expected `:`");
                }
                self.value(depth_left)?;
                if !self.takes(b',') {
                    break;
                }
            }
            if !self.takes(b'}') {
                return self.flaw("expected `,` or `}`");
            }
        }
        let names = self.names.get(first_name..).unwrap_or_default();
        if let Some(second) = self.duplicate(names) {
            return Err(Flaw { message: "an object names a member twice", at: self.place_of_name(second) });
        }
        self.end(node, Kind::Object, names.len());
        self.names.truncate(first_name);
        Ok(())
    }

    /// A name that is another's, too. However many names there are, and whoever has chosen them, it takes no more than to sort
    /// them would.
    fn duplicate(&self, names: &[u32]) -> Option<u32> {
        if names.len() <= FEW_NAMES {
            let is_second = |(index, name): &(usize, &u32)| {
                let name = self.bytes_of(**name);
                names.iter().take(*index).any(|before| self.bytes_of(*before) == name)
            };
            return names.iter().enumerate().find(is_second).map(|(_, name)| *name);
        }
        let sorted: BinaryHeap<_> = names.iter().map(|name| (self.bytes_of(*name), *name)).collect();
        sorted.into_sorted_vec().windows(2).find_map(|pair| match pair {
            [(before, _), (name, second)] if before == name => Some(*second),
            _ => None,
        })
    }

    fn bytes_of(&self, name: u32) -> &[u8] {
        let Some(range) = self.nodes.get(name as usize).map(|node| node.range()) else {
            return &[];
        };
        let unescaped = range.start.checked_sub(self.text.len());
        let bytes = match unescaped {
            None => self.text.as_bytes().get(range),
            Some(start) => self.unescaped.as_bytes().get(start..start + range.len()),
        };
        bytes.unwrap_or_default()
    }

    /// Where its quotes begin, or, if it has escapes, where the object ends.
    fn place_of_name(&self, name: u32) -> usize {
        let node = self.nodes.get(name as usize);
        node.map(|node| node.range().start).filter(|start| *start < self.text.len()).map_or(self.at, |start| start - 1)
    }

    fn array(&mut self, depth_left: u8) -> Parsed<()> {
        let node = self.begin();
        let mut count = 0;
        if !self.takes(b']') {
            loop {
                self.value(depth_left)?;
                count += 1;
                if !self.takes(b',') {
                    break;
                }
            }
            if !self.takes(b']') {
                return self.flaw("expected `,` or `]`");
            }
        }
        self.end(node, Kind::Array, count);
        Ok(())
    }

    /// The node of an array or an object, to be filled at its end.
    fn begin(&mut self) -> usize {
        self.at += 1;
        self.nodes.push(Node::new(Kind::Null, 0, 0));
        self.nodes.len() - 1
    }

    fn end(&mut self, node: usize, kind: Kind, count: usize) {
        let after = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(node) {
            *node = Node::new(kind, after, count);
        }
    }

    fn literal(&mut self, literal: &str, kind: Kind) -> Parsed<()> {
        if !self.rest().starts_with(literal) {
            return self.flaw("expected value");
        }
        self.nodes.push(Node::new(kind, 0, 0));
        self.at += literal.len();
        Ok(())
    }

    fn number(&mut self) -> Parsed<()> {
        let start = self.at;
        let read = number::read(self.rest().as_bytes());
        let (_, length) = read.map_err(|flaw| Flaw { at: start + flaw.at, ..flaw })?;
        self.nodes.push(Node::new(Kind::Number, start, length));
        self.at += length;
        Ok(())
    }

    /// Section 7. The text is UTF-8 as a whole, so what stands between two ASCII characters is, too.
    fn string(&mut self) -> Parsed<()> {
        self.at += 1;
        let start = self.at;
        let first_unescaped = self.unescaped.len();
        let mut has_escapes = false;
        loop {
            let rest = self.rest();
            let Some((run, end)) = plain(rest.as_bytes()).and_then(|length| rest.split_at_checked(length)) else {
                self.at = self.text.len();
                return self.flaw("a string does not end");
            };
            self.at += run.len();
            match end.as_bytes().first() {
                Some(b'"') if has_escapes => {
                    self.unescaped.push_str(run);
                    break;
                }
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escapes = true;
                    self.unescaped.push_str(run);
                    let character = self.escaped()?;
                    self.unescaped.push(character);
                }
                _ => return self.flaw("a control character in a string is not escaped"),
            }
        }
        self.nodes.push(match has_escapes {
            false => Node::new(Kind::String, start, self.at - start),
            true => {
                let place = self.text.len() + first_unescaped;
                Node::new(Kind::String, place, self.unescaped.len() - first_unescaped)
            }
        });
        self.at += 1;
        Ok(())
    }

    /// An escaped character; two escapes, where it is written as surrogates.
    fn escaped(&mut self) -> Parsed<char> {
        let character = match self.byte(1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.escaped_by_number(),
            _ => return self.flaw("an escape that JSON has not"),
        };
        self.at += 2;
        Ok(character)
    }

    fn escaped_by_number(&mut self) -> Parsed<char> {
        let first = self.code_unit()?;
        let units = match first {
            0xd800..0xdc00 if self.rest().starts_with("\\u") => [first, self.code_unit()?],
            _ => [first, 0],
        };
        match char::decode_utf16(units).next() {
            Some(Ok(character)) => Ok(character),
            _ => self.flaw("an escape is half of a pair of surrogates"),
        }
    }

    /// `\u` and four hexadecimal digits.
    fn code_unit(&mut self) -> Parsed<u16> {
        let digits = self.rest().get(2..6).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let Some(unit) = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) else {
            return self.flaw("an escape that JSON has not");
        };
        self.at += 6;
        Ok(unit)
    }

    fn takes(&mut self, token: u8) -> bool {
        let is_next = self.next_token() == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    /// The byte after the white space.
    fn next_token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte(0) {
            self.at += 1;
        }
        self.byte(0)
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn flaw<T>(&self, message: &'static str) -> Parsed<T> {
        Err(Flaw { message, at: self.at })
    }
}

/// How many bytes come before the first that is no plain part of a string: a quote, a backslash or a control character. They are
/// looked at eight at a time, since that is what most of a token is.
fn plain(text: &[u8]) -> Option<usize> {
    let (words, rest) = text.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let special = special_bytes(u64::from_le_bytes(*word));
        if special != 0 {
            return Some(8 * index + special.trailing_zeros() as usize / 8);
        }
    }
    let special = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '));
    special.map(|index| 8 * words.len() + index)
}

/// The highest bit of each such byte; below the first of them no other bit. Subtracting borrows from the next byte only where this
/// one is less than what is taken from it, and a byte above 127 is none of them ("Determine if a word has a byte less than n" in
/// Bit Twiddling Hacks, by Sean Eron Anderson).
fn special_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    let less_than = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word;
    let equal_to = |byte: u8| less_than(word ^ (ONES * u64::from(byte)), 1);
    (less_than(word, b' '.into()) | equal_to(b'"') | equal_to(b'\\')) & (ONES << 7)
}

/// What is left of the depth one level further in.
fn inner(depth_left: u8, at: usize) -> Parsed<u8> {
    depth_left.checked_sub(1).ok_or(Flaw { message: "nested deeper than 16", at })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw(text: &str) -> Option<(&'static str, usize)> {
        parse(text.to_owned()).err().map(|(flaw, _)| (flaw.message, flaw.at))
    }

    /// An object with so many members, one of which has the name of another if `second` says so.
    fn object(members: usize, second: Option<(usize, usize)>) -> String {
        let name = |index: usize| second.filter(|(_, other)| *other == index).map_or(index, |(one, _)| one);
        let members: Vec<_> = (0..members).map(|index| format!("\"n{}\":{{\"n{index}\":[]}}", name(index))).collect();
        format!("{{{}}}", members.join(","))
    }

    #[test]
    fn a_name_that_comes_twice_is_found_among_few_and_among_many() {
        for members in [1, 2, FEW_NAMES - 1, FEW_NAMES, FEW_NAMES + 1, 2 * FEW_NAMES, 200] {
            assert_eq!(flaw(&object(members, None)), None, "{members}");
            for second in
                [(0, 1), (0, members - 1), (members - 2_usize.min(members), members - 1), (members / 2, members - 1)]
            {
                let (one, other) = second;
                if one < other && other < members {
                    let text = object(members, Some(second));
                    let place = text.rfind(&format!("\"n{one}\":")).unwrap();
                    assert_eq!(flaw(&text), Some(("an object names a member twice", place)), "{members} {second:?}");
                }
            }
        }
    }

    /// Wherever in a word of eight bytes it is, and whatever comes before it.
    #[test]
    fn what_is_no_plain_part_of_a_string_is_found_at_its_place() {
        let is_special = |byte: u8| matches!(byte, b'"' | b'\\' | ..b' ');
        for length in 0..20 {
            for at in 0..length {
                for around in [b' ', b'!', b'#', b'[', b']', b'a', 0x7f, 0x80, 0xa2, 0xdc, 0xff] {
                    for byte in 0..=u8::MAX {
                        let mut text = vec![around; length];
                        text[at] = byte;
                        text.extend(if at % 2 == 0 { vec![] } else { vec![b'"'] });
                        let expected = text.iter().position(|byte| is_special(*byte));
                        assert_eq!(plain(&text), expected, "{text:x?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_name_is_the_same_with_escapes() {
        for text in [
            r#"{"a":1,"\u0061":2}"#,
            r#"{"\u0061":1,"a":2}"#,
            r#"{"\u0061\n":1,"a\u000a":2}"#,
            r#"{"x":{"\"":1,"\u0022":2}}"#,
        ] {
            assert_eq!(flaw(text).map(|(message, _)| message), Some("an object names a member twice"), "{text}");
        }
        let many: Vec<_> = (0..40).map(|n| format!("\"{n}\":0")).collect();
        assert_eq!(flaw(&format!("{{{}}}", many.join(","))), None);
        assert!(flaw(&format!("{{{},\"\\u0037\":0}}", many.join(","))).is_some());
    }

    /// Whoever writes a token chooses its names: with a comparison of each with each, these would take a day.
    #[test]
    fn many_names_that_begin_alike_take_no_longer_than_sorting() {
        let text = |count: usize| {
            let members: Vec<_> = (0..count).map(|n| format!("\"aaaaaaaaaaaaaaaaaaaaaaaaaaaa{n:06}\":0")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert_eq!(flaw(&text(300_000)), None);
    }
}
