//! A model of [`CanonicalPath`] that goes another way, and half a million random paths on which both must agree.
//!
//! It was written from the list in docs/configuration.md: it reads a path once from left to right into units, each a byte and
//! whether it was encoded, and asks only these.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use super::CanonicalPath;

const SEED: u64 = 29;
const CASES: usize = 500_000;

/// What may stand in a path unencoded.
const RAW: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@/[]^|";

/// What is never encoded: it needs none, or it would be a delimiter then.
const NEVER_ENCODED: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/\\";

/// Parts of paths: harmless ones more often, so that some paths are right.
const PARTS: [&str; 64] = [
    "/",
    "/",
    "/",
    "/",
    "a",
    "b",
    "c.png",
    "a",
    "B",
    "9",
    ",",
    "@",
    "(1)",
    "~",
    "%20",
    "%20",
    "%C3%A9",
    "%c3%a9",
    "%E6%97%A5",
    "%2B",
    "%40",
    "%25",
    "+",
    "[",
    "^",
    "|",
    "!",
    "*",
    "'",
    "=",
    ":",
    "&", // right
    ".",
    "..",
    "/.",
    "/..",
    "//",
    "%2e",
    "%2E",
    "%2f",
    "%5c",
    "%3B",
    ";",
    "%",
    "%4",
    "%zz",
    "%00",
    "%0a",
    "%7F",
    "%C2%85",
    "%61",
    "%7E",
    "%C0%AF",
    "%ff",
    "%ED%A0%80",
    "\\",
    " ",
    "?",
    "#",
    "{",
    "`",
    "\u{e9}",
    "41",
    "\"",
];

#[test]
fn threat_29_a_model_of_another_making_agrees() {
    println!("seed {SEED}");
    let mut random = ChaCha20Rng::seed_from_u64(SEED);
    let mut right = 0;
    for _ in 0..CASES {
        let raw = random_path(&mut random);
        let expected = model(&raw);
        right += usize::from(expected.is_some());
        let actual = CanonicalPath::parse(&raw).ok();
        assert_eq!(actual.as_ref().map(CanonicalPath::as_str), expected.as_deref(), "{raw:?}");
    }
    assert!(
        (CASES / 5..CASES * 4 / 5).contains(&right),
        "{right} of {CASES} are right: neither all nor hardly any should"
    );
}

/// Threats 31 and 32: what was authorized is what the bytes stand for, and nothing else does.
#[test]
fn threat_32_a_path_is_what_its_encoding_decodes_to() {
    println!("seed {}", SEED + 1);
    let mut random = ChaCha20Rng::seed_from_u64(SEED + 1);
    for _ in 0..CASES / 10 {
        let raw = random_path(&mut random);
        let Ok(path) = CanonicalPath::parse(&raw) else {
            continue;
        };
        // Encoded as far as may be, it is the same path.
        let encoded: String = path.as_str().bytes().map(encoded).collect();
        assert_eq!(CanonicalPath::parse(&encoded).as_ref(), Ok(&path), "{raw:?} {encoded:?}");
        // Decoded once more, it would not be another.
        assert_eq!(decoded_leniently(path.as_str()), path.as_str(), "{raw:?}");
        if raw.contains('+') {
            let spaces = path.with_plus_as_space(&raw);
            assert_eq!(spaces, CanonicalPath::parse(&raw.replace('+', "%20")).ok(), "{raw:?}");
        }
    }
}

/// Threat 33: whatever the bytes, there is an answer, and a path that passes is UTF-8 without control characters.
#[test]
fn threat_33_no_text_is_too_strange() {
    println!("seed {}", SEED + 2);
    let mut random = ChaCha20Rng::seed_from_u64(SEED + 2);
    for _ in 0..CASES / 10 {
        let length = random.next_u32() % 12;
        let raw: String = (0..length).map(|_| random_character(&mut random)).collect();
        for raw in [raw.clone(), format!("/{raw}")] {
            let path = CanonicalPath::parse(&raw).ok();
            assert_eq!(path.as_ref().map(CanonicalPath::as_str), model(&raw).as_deref(), "{raw:?}");
        }
    }
}

fn random_path(random: &mut ChaCha20Rng) -> String {
    let mut path = String::from(if random.next_u32().is_multiple_of(32) { "" } else { "/" });
    for _ in 0..random.next_u32() % 7 {
        // Three of four are among the right ones.
        let end = if random.next_u32().is_multiple_of(4) { PARTS.len() } else { PARTS.len() / 2 };
        path.push_str(PARTS[random.next_u32() as usize % end]);
    }
    path
}

fn random_character(random: &mut ChaCha20Rng) -> char {
    let below = match random.next_u32() % 4 {
        0 => 0x0011_0000,
        1 => 0x800,
        _ => 0x80,
    };
    char::from_u32(random.next_u32() % below).unwrap_or('%')
}

fn model(raw: &str) -> Option<String> {
    let units = units(raw.as_bytes())?;
    if units.first() != Some(&(b'/', false)) {
        return None;
    }
    let is_allowed = |&(byte, is_encoded): &(u8, bool)| match is_encoded {
        false => RAW.contains(&byte),
        true => !NEVER_ENCODED.contains(&byte),
    };
    let decoded: Vec<u8> = units.iter().map(|(byte, _)| *byte).collect();
    let is_escape =
        |bytes: &[u8]| matches!(bytes, [b'%', one, other] if one.is_ascii_hexdigit() && other.is_ascii_hexdigit());
    let text = String::from_utf8(decoded).ok()?;
    let segments: Vec<&str> = text[1..].split('/').collect();
    let is_right = units.iter().all(is_allowed)
        && !text.as_bytes().windows(3).any(is_escape)
        && !text
            .chars()
            .any(|character| ('\0'..' ').contains(&character) || ('\u{7f}'..='\u{9f}').contains(&character))
        && segments.iter().enumerate().all(|(index, segment)| is_segment(segment, index + 1 == segments.len()));
    is_right.then_some(text)
}

/// The bytes that a path stands for, each with whether it was encoded. Nothing where a `%` is not followed by two digits.
fn units(raw: &[u8]) -> Option<Vec<(u8, bool)>> {
    let mut units = Vec::new();
    let mut rest = raw;
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            units.push((*first, false));
            continue;
        }
        let [high, low, after @ ..] = rest else {
            return None;
        };
        rest = after;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        units.push((u8::try_from(digit(*high)? * 16 + digit(*low)?).unwrap(), true));
    }
    Some(units)
}

/// Empty only as the last; no dots, also for those who drop spaces at the end or cut at a semicolon.
fn is_segment(segment: &str, is_last: bool) -> bool {
    let cut = segment.find(';').map_or(segment, |at| &segment[..at]);
    let seen = cut.trim_end_matches(' ');
    match (segment, seen) {
        ("", _) => is_last,
        (_, "" | "." | "..") => false,
        _ => true,
    }
}

fn encoded(byte: u8) -> String {
    if NEVER_ENCODED.contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02x}") }
}

fn decoded_leniently(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let digit = |at: usize| bytes.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match digit(at + 1).zip(digit(at + 2)).and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                decoded.push(byte);
                at += 3;
            }
            _ => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
