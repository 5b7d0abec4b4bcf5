//! What the parser is compared with: `serde_json`, made as strict by a visitor.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Json, MAX_DEPTH, parse};

fn expected(text: &[u8]) -> Option<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Strict { depth_left: MAX_DEPTH }.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok().map(|()| value)
}

#[derive(Clone, Copy)]
struct Strict {
    depth_left: u8,
}

impl Strict {
    fn inner<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth_left = self.depth_left.checked_sub(1);
        depth_left
            .map(|depth_left| Self { depth_left })
            .ok_or_else(|| E::custom(format_args!("nested deeper than {MAX_DEPTH}")))
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("number out of range"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(inner)?;
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("an object names a member twice"));
            }
        }
        Ok(Value::Object(members))
    }
}

/// The value as `serde_json` has it, or what the two differ in. Every way to a value is taken: by its place, and by its name.
fn copied(value: Json<'_>) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(flag),
        Json::Number(number) => Value::Number(match number {
            super::Number::Unsigned(integer) => integer.into(),
            super::Number::Negative(integer) => {
                assert!(integer < 0);
                integer.into()
            }
            super::Number::Fraction(number) => Number::from_f64(number).expect("a finite number"),
        }),
        Json::String(text) => Value::String(text.to_owned()),
        Json::Array(items) => {
            let copies: Vec<_> = items.iter().map(copied).collect();
            assert_eq!((items.len(), items.is_empty()), (copies.len(), copies.is_empty()));
            Value::Array(copies)
        }
        Json::Object(members) => {
            let copies: Vec<_> = members.iter().map(|(name, value)| (name.to_owned(), copied(value))).collect();
            for (name, copy) in &copies {
                let found = members.get(name).map(copied);
                assert!(found.is_some_and(|found| found == *copy), "{name} by its name");
                assert!(
                    !members.has(&format!("{name}x")) || copies.iter().any(|(other, _)| *other == format!("{name}x"))
                );
            }
            let count = copies.len();
            let object: Map<_, _> = copies.into_iter().collect();
            assert_eq!(object.len(), count, "a name is there once");
            Value::Object(object)
        }
    }
}

/// Numbers with a fraction may differ in the last digits.
fn are_alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() && other.is_f64() => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            (one - other).abs() <= 4.0 * f64::EPSILON * other.abs()
                && one.is_sign_negative() == other.is_sign_negative()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| are_alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|((a, one), (b, other))| a == b && are_alike(one, other))
        }
        _ => one == other,
    }
}

#[track_caller]
fn assert_read_alike(text: &[u8]) -> bool {
    let ours = parse(text.to_vec()).ok().map(|tape| copied(tape.root()));
    let theirs = expected(text);
    let alike = match (&ours, &theirs) {
        (Some(ours), Some(theirs)) => are_alike(ours, theirs),
        (ours, theirs) => ours.is_none() && theirs.is_none(),
    };
    assert!(alike, "{:?}: {ours:?}, {theirs:?}", String::from_utf8_lossy(text));
    ours.is_some()
}

/// A generator that needs no crate: xorshift64*, by Sebastiano Vigna.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end
    }

    fn one_of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }

    fn space(&mut self) -> &'static str {
        self.one_of(&["", "", "", " ", "\n", "\t\r"])
    }

    fn number(&mut self) -> String {
        let digits = |random: &mut Self| -> String {
            let length = [1, 1, 2, 3, 19, 20, 21, 40][random.below(8)];
            (0..length).map(|_| char::from(b'0' + random.below(10) as u8)).collect()
        };
        let whole = match self.below(3) {
            0 => "0".to_owned(),
            _ => digits(self),
        };
        let fraction = if self.below(3) == 0 { format!(".{}", digits(self)) } else { String::new() };
        let exponents =
            ["", "", "", "e5", "E+07", "e-3", "e308", "e309", "e-320", "e-400", "e99999999999", "e-99999999999"];
        [self.one_of(&["", "-"]), &whole, &fraction, self.one_of(&exponents)].concat()
    }

    fn string(&mut self) -> String {
        let parts = [
            "",
            "a",
            "kid",
            "é",
            "€",
            "😀",
            r"\n",
            r#"\""#,
            r"\\",
            r"\/",
            r"\u0041",
            r"\u00e9",
            r"\ud83d\ude00",
            r"\ud83d",
            r"\ude00",
        ];
        let text: String = (0..self.below(4)).map(|_| self.one_of(&parts)).collect();
        format!("\"{text}\"")
    }

    /// An object with more names than are compared each with each; sometimes one of them comes twice.
    fn wide(&mut self) -> String {
        let count = 10 + self.below(30);
        let names = if self.below(4) == 0 { count - 1 } else { 1_000 * count };
        let first = self.below(names);
        let members: Vec<_> =
            (0..count).map(|n| format!("\"{}\":{}", (first + 7 * n) % names, self.number())).collect();
        format!("{{{}}}", members.join(","))
    }

    fn value(&mut self, depth: usize) -> String {
        let (before, after) = (self.space(), self.space());
        if self.below(50) == 0 {
            return [before, &self.wide(), after].concat();
        }
        let value = match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => self.one_of(&["true", "false", "null"]).to_owned(),
            1 | 2 => self.number(),
            3 | 4 => self.string(),
            5 => {
                let items: Vec<_> = (0..self.below(4)).map(|_| self.value(depth - 1)).collect();
                format!("[{}{}]", items.join(","), self.space())
            }
            _ => {
                let member =
                    |random: &mut Self| [&random.string(), random.space(), ":", &random.value(depth - 1)].concat();
                let members: Vec<_> = (0..self.below(4)).map(|_| self.space().to_owned() + &member(self)).collect();
                format!("{{{}{}}}", members.join(","), self.space())
            }
        };
        [before, &value, after].concat()
    }

    /// Changes, takes out or puts in a few bytes.
    fn mutated(&mut self, mut text: Vec<u8>) -> Vec<u8> {
        for _ in 0..=self.below(2) {
            let at = self.below(text.len() + 1);
            let bytes = b"{}[]\",:\\u0123456789eE+-. \n\0tfn/b\x80\xc3\xff";
            let byte = bytes[self.below(bytes.len())];
            match self.below(3) {
                0 => text.insert(at, byte),
                1 if at < text.len() => text[at] = byte,
                _ if at < text.len() => drop(text.remove(at)),
                _ => text.push(byte),
            }
        }
        text
    }
}

#[test]
fn whatever_the_text_both_read_the_same_or_neither_does() {
    let seed = 0x9e37_79b9_7f4a_7c15;
    println!("seed: {seed:#x}");
    let mut random = Random(seed);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..200_000 {
        let text = random.value(3).into_bytes();
        let mutated = random.mutated(text.clone());
        for text in [text, mutated] {
            *if assert_read_alike(&text) { &mut read } else { &mut refused } += 1;
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > 50_000 && refused > 50_000);
}

#[test]
fn the_edges_are_read_alike() {
    for text in [
        "0",
        "-0",
        "-0.0",
        "00",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "1.5e3",
        "1E400",
        "-1e400",
        "0e99999999999",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "0.1",
        "123456789.123456789",
        "1.79769313486231e308",
        "1.8e308",
        "1700000000.5",
        "tru",
        "truex",
        "nul",
        "NaN",
        "Infinity",
        "'a'",
        "\"",
        "\"\\",
        "\"\\u",
        "\"\\u12",
        "\"\\u+123\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\x41\"",
        "\"\u{7f}\"",
        "\"\u{1f}\"",
        "[",
        "]",
        "[,]",
        "[1,]",
        "[1 2]",
        "{",
        "}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{1:1}",
        "",
        " ",
        "1 2",
        "\u{feff}1",
        "\u{a0}1",
        "1\u{b}",
        "// 1\n1",
    ] {
        assert_read_alike(text.as_bytes());
    }
}
