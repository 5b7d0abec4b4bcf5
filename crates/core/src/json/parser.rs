//! Reads a JSON text by the grammar of RFC 8259 and nothing beside it.
//!
//! What is told of an error is a place and a fixed sentence: the text may be a token.

use serde_json::{Map, Number, Value};

use super::MAX_DEPTH;

/// What is wrong, and at which byte.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) message: &'static str,
    pub(super) at: usize,
}

type Parsed<T> = Result<T, Flaw>;

/// One value with nothing but white space around it.
pub(super) fn parse(text: &str) -> Parsed<Value> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(MAX_DEPTH)?;
    match parser.next_token() {
        None => Ok(value),
        Some(_) => parser.flaw("something comes after the value"),
    }
}

struct Parser<'t> {
    text: &'t str,
    /// How many bytes have been read. Always between two characters.
    at: usize,
}

impl<'t> Parser<'t> {
    fn value(&mut self, depth_left: u8) -> Parsed<Value> {
        match self.next_token() {
            Some(b'{') => self.object(inner(depth_left, self.at)?).map(Value::Object),
            Some(b'[') => self.array(inner(depth_left, self.at)?).map(Value::Array),
            Some(b'"') => self.string().map(Value::String),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(_) => self.flaw("expected value"),
            None => self.flaw("the text ends too early"),
        }
    }

    fn object(&mut self, depth_left: u8) -> Parsed<Map<String, Value>> {
        let mut members = Map::new();
        self.at += 1;
        if self.takes(b'}') {
            return Ok(members);
        }
        loop {
            if self.next_token() != Some(b'"') {
                return self.flaw("expected the name of a member, in quotes");
            }
            let start = self.at;
            let name = self.string()?;
            if !self.takes(b':') {
                return self.flaw("expected `:`");
            }
            if members.insert(name, self.value(depth_left)?).is_some() {
                return Err(Flaw { message: "an object names a member twice", at: start });
            }
            if !self.takes(b',') {
                break;
            }
        }
        if self.takes(b'}') { Ok(members) } else { self.flaw("expected `,` or `}`") }
    }

    fn array(&mut self, depth_left: u8) -> Parsed<Vec<Value>> {
        let mut items = Vec::new();
        self.at += 1;
        if self.takes(b']') {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth_left)?);
            if !self.takes(b',') {
                break;
            }
        }
        if self.takes(b']') { Ok(items) } else { self.flaw("expected `,` or `]`") }
    }

    fn literal(&mut self, literal: &str, value: Value) -> Parsed<Value> {
        if !self.rest().starts_with(literal) {
            return self.flaw("expected value");
        }
        self.at += literal.len();
        Ok(value)
    }

    /// Section 7. The text is UTF-8 as a whole, so what stands between two ASCII characters is, too.
    fn string(&mut self) -> Parsed<String> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '));
            let Some((run, end)) = plain.and_then(|length| rest.split_at_checked(length)) else {
                self.at = self.text.len();
                return self.flaw("a string does not end");
            };
            string.push_str(run);
            self.at += run.len();
            match end.as_bytes().first() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escaped()?),
                _ => return self.flaw("a control character in a string is not escaped"),
            }
        }
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

    /// Section 6. Integers of 64 bits are exact; others are the nearest number with a fraction, or one close to it.
    fn number(&mut self) -> Parsed<Number> {
        let start = self.at;
        let negative = self.byte(0) == Some(b'-');
        self.at += usize::from(negative);
        let mut number = Decimal::default();
        match self.byte(0) {
            Some(b'0') => self.at += 1,
            _ => self.digits(|digit| number.push(digit))?,
        }
        let mut is_integer = true;
        if self.byte(0) == Some(b'.') {
            self.at += 1;
            is_integer = false;
            self.digits(|digit| number.push_fraction(digit))?;
        }
        if matches!(self.byte(0), Some(b'e' | b'E')) {
            self.at += 1;
            is_integer = false;
            let sign = self.byte(0).filter(|sign| matches!(sign, b'+' | b'-'));
            self.at += usize::from(sign.is_some());
            let mut exponent = 0_i32;
            self.digits(|digit| exponent = exponent.saturating_mul(10).saturating_add(i32::from(digit)))?;
            number.scale(if sign == Some(b'-') { -exponent } else { exponent });
        }
        let exact = if is_integer { number.integer(negative) } else { None };
        let number = exact.or_else(|| Number::from_f64(number.nearly(negative)));
        number.ok_or(Flaw { message: "number out of range", at: start })
    }

    /// One digit at least.
    fn digits(&mut self, mut take: impl FnMut(u8)) -> Parsed<()> {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.byte(0) {
            take(digit - b'0');
            self.at += 1;
        }
        if self.at == start { self.flaw("expected a digit") } else { Ok(()) }
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

/// What is left of the depth one level further in.
fn inner(depth_left: u8, at: usize) -> Parsed<u8> {
    depth_left.checked_sub(1).ok_or(Flaw { message: "nested deeper than 16", at })
}

/// `digits · 10^exponent`, with the first nineteen digits or so.
#[derive(Default)]
struct Decimal {
    digits: u64,
    exponent: i32,
    /// Whether digits were left out.
    is_cut: bool,
}

impl Decimal {
    fn push(&mut self, digit: u8) {
        if !self.append(digit) {
            self.exponent = self.exponent.saturating_add(1);
        }
    }

    fn push_fraction(&mut self, digit: u8) {
        if self.append(digit) {
            self.exponent = self.exponent.saturating_sub(1);
        }
    }

    fn scale(&mut self, exponent: i32) {
        self.exponent = self.exponent.saturating_add(exponent);
    }

    fn append(&mut self, digit: u8) -> bool {
        let longer = self.digits.checked_mul(10).and_then(|digits| digits.checked_add(digit.into()));
        match longer.filter(|_| !self.is_cut) {
            Some(digits) => self.digits = digits,
            None => self.is_cut = true,
        }
        !self.is_cut
    }

    /// The number, where it has 64 bits. `-0` is none: it is another number than 0.
    fn integer(&self, negative: bool) -> Option<Number> {
        match negative {
            _ if self.is_cut => None,
            false => Some(self.digits.into()),
            true if self.digits == 0 => None,
            true => 0_i64.checked_sub_unsigned(self.digits).map(Number::from),
        }
    }

    /// Infinite where it is out of range.
    fn nearly(&self, negative: bool) -> f64 {
        /// The largest power of ten that there is.
        const MOST: i32 = 308;
        let mut number = self.digits as f64;
        let mut exponent = self.exponent;
        if number != 0.0 {
            // Twice, since a small number may have many digits behind its zeros.
            for _ in 0..2 {
                let step = exponent.clamp(-MOST, MOST);
                let power = 10_f64.powi(step.abs());
                number = if step < 0 { number / power } else { number * power };
                exponent -= step;
            }
            if exponent > 0 {
                return f64::INFINITY;
            }
            if exponent < 0 {
                number = 0.0;
            }
        }
        if negative { -number } else { number }
    }
}
