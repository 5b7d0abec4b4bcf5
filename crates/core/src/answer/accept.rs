//! Which form of an answer a viewer prefers.

/// A form that answers come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Text,
    Html,
}

impl Format {
    /// Of equals, and for clients that take anything, the first.
    const ALL: [Self; 3] = [Self::Json, Self::Text, Self::Html];

    /// The format with the highest weight in `Accept` (RFC 9110, section 12.5.1). The most specific range that matches a
    /// format says its weight; of equal weights the one whose range comes first wins. JSON where none is acceptable.
    pub(super) fn preferred(accept: &str) -> Self {
        let mut best = (0, 0, Self::Json);
        for format in Self::ALL {
            let (weight, position) = format.weight_in(accept);
            if weight > best.0 || (weight == best.0 && position < best.1) {
                best = (weight, position, format);
            }
        }
        best.2
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    /// In thousandths, and the place in the list of the range that says so.
    fn weight_in(self, accept: &str) -> (u16, usize) {
        let mut found = (0, 0);
        let mut specificity = 0;
        for (position, range) in accept.split(',').enumerate() {
            let mut parts = range.split(';').map(str::trim_ascii);
            let specific = self.matched_by(parts.next().unwrap_or_default());
            if specific > specificity {
                specificity = specific;
                found = (parts.find_map(weight).unwrap_or(1000), position);
            }
        }
        found
    }

    /// How specific a media range is that matches this format; 0 where it does not.
    fn matched_by(self, range: &str) -> u8 {
        let (exact, kind) = match self {
            Self::Json => ("application/json", "application/*"),
            Self::Html => ("text/html", "text/*"),
            Self::Text => ("text/plain", "text/*"),
        };
        match range {
            range if range.eq_ignore_ascii_case(exact) => 3,
            range if range.eq_ignore_ascii_case(kind) => 2,
            "*/*" => 1,
            _ => 0,
        }
    }
}

/// The weight in thousandths, if the parameter is one.
fn weight(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    name.eq_ignore_ascii_case("q").then(|| thousandths(value))
}

/// A weight like `0.8` or `1` has three digits after the point at most (RFC 9110, section 12.4.2); nonsense is 0.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    let digits = fraction.bytes().chain([b'0'; 3]).take(3);
    let fraction = digits.fold(0, |sum, digit| 10 * sum + u16::from(digit - b'0'));
    match (whole, fraction) {
        ("0", fraction) => fraction,
        ("1", 0) => 1000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_what_accept_prefers() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        for (accept, format) in [
            ("", Format::Json),
            ("*/*", Format::Json),
            ("image/avif,image/webp,*/*;q=0.8", Format::Json),
            ("image/avif", Format::Json),
            (browser, Format::Html),
            ("text/plain", Format::Text),
            ("text/*", Format::Text),
            ("text/html;q=0.1, application/json", Format::Json),
            ("TEXT/HTML", Format::Html),
            ("text/html;level=1;Q=0.9, application/json;q=0.8", Format::Html),
            ("text/html;q=0.25, text/plain;q=0.3", Format::Text),
        ] {
            assert_eq!(Format::preferred(accept), format, "{accept}");
        }
    }

    #[test]
    fn of_equal_weights_the_range_that_comes_first_wins() {
        assert_eq!(Format::preferred("text/html, application/json"), Format::Html);
        assert_eq!(Format::preferred("application/json, text/html"), Format::Json);
        assert_eq!(Format::preferred("text/plain;q=0.5, text/html;q=0.5"), Format::Text);
        assert_eq!(Format::preferred("text/html;q=0.5, */*;q=0.5"), Format::Html);
    }

    #[test]
    fn the_most_specific_range_says_the_weight() {
        assert_eq!(Format::preferred("text/html;q=0.1, text/*"), Format::Text);
        assert_eq!(Format::preferred("*/*, application/json;q=0.5, text/plain;q=0.5"), Format::Html);
        assert_eq!(Format::preferred("application/json;q=0, */*;q=0.1"), Format::Text);
        assert_eq!(Format::preferred("text/*;q=0, text/html;q=0.2, application/*;q=0.1"), Format::Html);
        assert_eq!(Format::preferred("application/json;q=0, text/*;q=0"), Format::Json);
    }

    #[test]
    fn a_weight_that_is_none_is_zero() {
        for weight in ["2", "1.001", "0.1234", "-0.5", "+1", ".5", "0x1", "nonsense", "", "0.5 "] {
            assert_eq!(thousandths(weight), 0, "{weight:?}");
        }
        for (weight, expected) in [("0", 0), ("0.", 0), ("0.1", 100), ("0.05", 50), ("0.999", 999), ("1.000", 1000)] {
            assert_eq!(thousandths(weight), expected, "{weight:?}");
        }
        assert_eq!(Format::preferred("text/html;q=2, text/plain;q=0.001"), Format::Text);
    }
}
