//! The path of a request, in the one form that rules are compared with.
//!
//! CloudFront chooses the cache behavior by a normalised path, but sends the raw path to the origin, and S3 takes it as
//! the exact bytes of a key ("Path pattern" and "How CloudFront processes HTTP requests" in the CloudFront Developer
//! Guide). A path that could be read in two ways is therefore not repaired but refused: what was authorized and what the
//! origin serves must be the same.

use std::rc::Rc;

use crate::percent;
use crate::refusal::{Code, Refusal};

/// A path that has one reading only, its percent-encoding decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CanonicalPath(Rc<str>);

impl CanonicalPath {
    /// Decodes `raw`, the path as the viewer sent it.
    ///
    /// Refused with [`Code::RequestMalformed`]: what is not an absolute path; characters that a URI path has to encode
    /// (RFC 3986, section 3.3) or that servers treat as delimiters (`\`, `;`); broken percent-encoding; encoded
    /// characters that need no encoding (`%61`, `%2e`; section 6.2.2.2); encoded `/`, `\` and control characters; text
    /// that a second decoding would change; what is not UTF-8; empty and dot segments.
    pub(crate) fn parse(raw: &str) -> Result<Self, Refusal> {
        let Some(segments) = raw.strip_prefix('/') else {
            return Err(malformed("the path does not begin with `/`"));
        };
        if let Some(at) = raw.bytes().position(|byte| !may_stand_raw(byte)) {
            let character = raw.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
            return Err(malformed(format!(
                "the path has {} in it, which is to be percent-encoded",
                name_of(character)
            )));
        }
        check_segments(segments)?;
        if !raw.bytes().any(|byte| byte == b'%') {
            return Ok(Self(raw.into()));
        }
        decode(raw).map(|decoded| Self(decoded.into()))
    }

    /// The path with each `+` that the viewer sent unencoded read as a space, as Amazon S3 reads it. `None` without one.
    ///
    /// File names have a `+` in them, so it is not refused; but such a path may only pass if both of its readings may.
    pub(crate) fn with_plus_as_space(&self, raw: &str) -> Option<Self> {
        raw.bytes().any(|byte| byte == b'+').then(|| Self::parse(&raw.replace('+', "%20")).ok()).flatten()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// To be shared by whoever keeps it.
    pub(crate) fn text(&self) -> Rc<str> {
        Rc::clone(&self.0)
    }
}

/// The first segment of what a path has after a slash, and what comes after the slash behind it, if there is one.
pub(crate) fn split_segment(path: &str) -> (&str, Option<&str>) {
    let end = path.bytes().position(|byte| byte == b'/');
    match end.and_then(|end| Some((path.get(..end)?, path.get(end + 1..)?))) {
        Some((segment, rest)) => (segment, Some(rest)),
        None => (path, None),
    }
}

/// Refuses empty segments (but for the last, after a trailing slash) and dot segments.
fn check_segments(segments: &str) -> Result<(), Refusal> {
    let mut rest = Some(segments);
    while let Some(left) = rest {
        let (segment, after) = split_segment(left);
        match segment {
            "" if after.is_some() => return Err(malformed("the path has an empty segment (`//`)")),
            "." | ".." => return Err(malformed("the path has a dot segment")),
            _ => rest = after,
        }
    }
    Ok(())
}

fn decode(raw: &str) -> Result<String, Refusal> {
    let Some(decoded) = percent::decode(raw) else {
        return Err(malformed("the path has a `%` that no two hexadecimal digits follow"));
    };
    for escape in raw.split('%').skip(1) {
        match percent::decode(&format!("%{}", escape.get(..2).unwrap_or_default())).as_deref() {
            Some([b'/' | b'\\']) => return Err(malformed("the path has an encoded slash or backslash")),
            Some([byte]) if is_unreserved(*byte) => {
                return Err(malformed("the path encodes a character that needs no encoding"));
            }
            _ => {}
        }
    }
    if percent::has_escape(&decoded) {
        return Err(malformed("the path is percent-encoded twice"));
    }
    let decoded = String::from_utf8(decoded).map_err(|_| malformed("the decoded path is not UTF-8"))?;
    if decoded.chars().any(char::is_control) {
        return Err(malformed("the path has an encoded control character"));
    }
    if decoded.split('/').any(is_dots_for_some) {
        return Err(malformed("the path has a segment that some servers read as a dot segment"));
    }
    Ok(decoded)
}

/// Whether a byte may stand unencoded. It is asked of each byte of each path, so the answers are there beforehand.
fn may_stand_raw(byte: u8) -> bool {
    #[allow(clippy::indexing_slicing, reason = "the compiler does it, and would say so")]
    const ANSWERS: [bool; 256] = {
        let (mut answers, mut byte) = ([false; 256], 0);
        while byte < answers.len() {
            answers[byte] = is_raw_character(byte as u8);
            byte += 1;
        }
        answers
    };
    ANSWERS.get(usize::from(byte)).is_some_and(|may| *may)
}

/// Printable ASCII without what browsers encode in a path (URL Standard, "path percent-encode set") and without `;`, at
/// which some servers cut a segment off. `[`, `]`, `^` and `|` stay, since browsers send them as they are.
const fn is_raw_character(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'#' | b'<' | b'>' | b'?' | b'\\' | b'`' | b'{' | b'}' | b';')
}

/// Servlet containers cut a segment off at `;`, Windows drops spaces at its end: what is left must not be dots or nothing.
pub(crate) fn is_dots_for_some(segment: &str) -> bool {
    let read = segment.split(';').next().unwrap_or_default().trim_end_matches(' ');
    read.len() < segment.len() && matches!(read, "" | "." | "..")
}

/// RFC 3986, section 2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The character for a log line: printable ASCII as it is, anything else by number.
fn name_of(character: char) -> String {
    if character.is_ascii_graphic() { format!("`{character}`") } else { format!("U+{:04X}", character as u32) }
}

fn malformed(detail: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new(Code::RequestMalformed, detail)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is all test code")]
mod model;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_file_names_pass_and_are_decoded_once() {
        let paths = [
            ("/", "/"),
            ("/a/b.png", "/a/b.png"),
            ("/a/", "/a/"),
            ("/my%20photo.png", "/my photo.png"),
            ("/%C3%A9t%c3%a9.jpg", "/\u{e9}t\u{e9}.jpg"),
            ("/%E6%97%A5%E6%9C%AC/1", "/\u{65e5}\u{672c}/1"),
            ("/a+b,c@d(1)!$&'*=:~-_", "/a+b,c@d(1)!$&'*=:~-_"),
            ("/a%2Bb%2c%40%281%29%3B", "/a+b,@(1);"),
            ("/photo[1]^|.png", "/photo[1]^|.png"),
            ("/100%25.png", "/100%.png"),
            ("/...", "/..."),
            ("/.well-known/x", "/.well-known/x"),
            ("/frames/1,2", "/frames/1,2"),
        ];
        for (raw, decoded) in paths {
            assert_eq!(CanonicalPath::parse(raw).as_ref().map(CanonicalPath::as_str), Ok(decoded), "{raw}");
        }
    }

    #[test]
    fn paths_with_two_readings_are_refused() {
        let paths = [
            "",
            "a",
            "*",
            "http://host/a",
            "//",
            "//a",
            "/a//b",
            "/a//",
            "/.",
            "/..",
            "/a/../b",
            "/a/./b",
            "/a/..",
            "/%2e%2e/a",
            "/a/%2E",
            "/a%2ejpg",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a%5Cb",
            "/a\\b",
            "/a%00",
            "/a\0b",
            "/a%0ab",
            "/a%7f",
            "/a%C2%85",
            "/a%",
            "/a%4",
            "/a%zz",
            "/a%4g",
            "/%61dmin",
            "/%7Euser",
            "/a%252e",
            "/a%2541",
            "/%25%34%31",
            "/a%C0%AF",
            "/a%C0%AE%C0%AE/b",
            "/a%ff",
            "/a%ED%A0%80",
            "/a b",
            "/a;b",
            "/a;x=1/b",
            "/a?b",
            "/a#b",
            "/caf\u{e9}",
            "/a\nb",
            "/a\"b",
            "/a<b>",
            "/a{b}",
            "/a`b",
            "/\u{ff0e}\u{ff0e}/a",
            "/a/..%3B/b",
            "/..%3Bx",
            "/%3B",
            "/a/..%20/b",
            "/.%20",
            "/%20/a",
            "/a\u{7f}",
        ];
        for raw in paths {
            let refused = CanonicalPath::parse(raw).map_err(|refusal| refusal.code);
            assert_eq!(refused, Err(Code::RequestMalformed), "{raw:?}");
        }
    }

    #[test]
    fn the_reason_has_no_control_character_of_the_path_in_it() {
        let refusal = CanonicalPath::parse("/a\r\nb").unwrap_err();
        assert_eq!(refusal.detail, "the path has U+000D in it, which is to be percent-encoded");
    }
}
