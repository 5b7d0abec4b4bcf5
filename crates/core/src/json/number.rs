//! Numbers of JSON (RFC 8259, section 6).

use super::flaw::{Flaw, Parsed};

/// A number. Integers of 64 bits are exact; others are the nearest number with a fraction, or one close to it.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// Zero, or a positive integer.
    Unsigned(u64),
    /// A negative integer.
    Negative(i64),
    /// Whatever has a fraction or an exponent, or is too large for 64 bits; `-0` as well. Always finite.
    Fraction(f64),
}

impl Number {
    /// The number, where it is an integer from zero to 2^64 − 1.
    pub fn as_u64(self) -> Option<u64> {
        match self {
            Self::Unsigned(integer) => Some(integer),
            Self::Negative(_) | Self::Fraction(_) => None,
        }
    }

    /// The number, where it is an integer of 64 bits with a sign.
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::Unsigned(integer) => i64::try_from(integer).ok(),
            Self::Negative(integer) => Some(integer),
            Self::Fraction(_) => None,
        }
    }

    /// The number, or the nearest that there is: from 2^53 on integers may be rounded.
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Unsigned(integer) => integer as f64,
            Self::Negative(integer) => integer as f64,
            Self::Fraction(number) => number,
        }
    }
}

/// `1.0` and `1` are one number (RFC 8259 knows no integers). Two integers are compared exactly.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (Self::Unsigned(one), Self::Unsigned(other)) => one == other,
            (Self::Negative(one), Self::Negative(other)) => one == other,
            (Self::Unsigned(_), Self::Negative(_)) | (Self::Negative(_), Self::Unsigned(_)) => false,
            (one, other) => one.as_f64() == other.as_f64(),
        }
    }
}

/// The number that a text begins with, and how many bytes it has.
pub(super) fn read(text: &[u8]) -> Parsed<(Number, usize)> {
    let mut digits = Digits { text, at: 0 };
    let mut number = Decimal::default();
    let negative = digits.takes(b'-');
    if !digits.takes(b'0') {
        digits.read(&mut |digit| number.push(digit))?;
    }
    let mut is_integer = true;
    if digits.takes(b'.') {
        is_integer = false;
        digits.read(&mut |digit| number.push_fraction(digit))?;
    }
    if digits.takes(b'e') || digits.takes(b'E') {
        is_integer = false;
        let is_small = digits.takes(b'-') || {
            digits.takes(b'+');
            false
        };
        let mut exponent = 0_i32;
        digits.read(&mut |digit| exponent = exponent.saturating_mul(10).saturating_add(i32::from(digit)))?;
        number.scale(if is_small { -exponent } else { exponent });
    }
    let exact = if is_integer { number.integer(negative) } else { None };
    let nearly = || Some(number.nearly(negative)).filter(|number| number.is_finite()).map(Number::Fraction);
    let number = exact.or_else(nearly).ok_or(Flaw { message: "number out of range", at: 0 })?;
    Ok((number, digits.at))
}

struct Digits<'t> {
    text: &'t [u8],
    /// How many bytes have been read.
    at: usize,
}

impl Digits<'_> {
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// One digit at least.
    fn read(&mut self, take: &mut dyn FnMut(u8)) -> Parsed<()> {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.text.get(self.at) {
            take(digit - b'0');
            self.at += 1;
        }
        if self.at == start { Err(Flaw { message: "expected a digit", at: start }) } else { Ok(()) }
    }
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
            false => Some(Number::Unsigned(self.digits)),
            true if self.digits == 0 => None,
            true => 0_i64.checked_sub_unsigned(self.digits).map(Number::Negative),
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
