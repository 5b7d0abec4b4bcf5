//! A span of time in which a rule lets pass: `{"notBefore": "2026-09-01T08:00:00Z", "notAfter": "2026-12-24T12:00:00Z"}`.

use std::fmt;

use crate::flaw::{Flaw, flaw};
use crate::time::UnixTime;

/// From one point in time to another, both included, as in a certificate (RFC 5280, section 4.1.2.5). One may be open.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimeWindow {
    pub(crate) not_before: Option<Moment>,
    pub(crate) not_after: Option<Moment>,
}

/// A point in time, and for records how it was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moment {
    time: UnixTime,
    #[cfg(feature = "tooling")]
    text: String,
}

impl TimeWindow {
    pub(crate) fn contains(&self, now: UnixTime) -> bool {
        self.not_before.as_ref().is_none_or(|first| first.time <= now)
            && self.not_after.as_ref().is_none_or(|last| now <= last.time)
    }

    /// Whether no time is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.not_before.as_ref().is_some_and(|first| self.not_after.as_ref().is_some_and(|last| last.time < first.time))
    }
}

impl Moment {
    pub(crate) fn parse(text: &str) -> Result<Self, Flaw> {
        let time = rfc3339(text).ok_or_else(|| {
            flaw!("`{text}` is no point in time, as `2026-09-01T08:00:00Z` and `2026-09-01T10:00:00+02:00` are")
        })?;
        Ok(Self {
            time,
            #[cfg(feature = "tooling")]
            text: text.to_owned(),
        })
    }
}

/// For a record.
#[cfg(feature = "tooling")]
impl fmt::Display for TimeWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.not_before, &self.not_after) {
            (Some(first), Some(last)) => write!(f, "from {} to {}", first.text, last.text),
            (Some(first), None) => write!(f, "from {}", first.text),
            (None, Some(last)) => write!(f, "to {}", last.text),
            (None, None) => Ok(()),
        }
    }
}

/// There is no record.
#[cfg(not(feature = "tooling"))]
impl fmt::Display for TimeWindow {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// A date and time of RFC 3339, section 5.6, from 1970 to 9999: in upper case, with seconds, without fractions of one, and
/// without leap seconds, of which Unix time knows none.
fn rfc3339(text: &str) -> Option<UnixTime> {
    let (local, offset) = text.split_at_checked(19)?;
    if !has_form(local, "0000-00-00T00:00:00") {
        return None;
    }
    let number = |from: usize, to: usize| local.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let is_date =
        (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = days_before(year) + (1..month).map(|month| days_in(year, month)).sum::<i64>() + day - 1;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - offset_seconds(offset)?;
    UnixTime::from_seconds(seconds as f64)
}

/// `Z`, or hours and minutes that local time is ahead of it.
fn offset_seconds(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, digits) = text.split_at_checked(1)?;
    if !has_form(digits, "00:00") {
        return None;
    }
    let (hours, minutes) = digits.split_once(':')?;
    let (hours, minutes) = (hours.parse::<i64>().ok()?, minutes.parse::<i64>().ok()?);
    let seconds = (hours * 60 + minutes) * 60;
    match sign {
        "+" if hours <= 23 && minutes <= 59 => Some(seconds),
        "-" if hours <= 23 && minutes <= 59 => Some(-seconds),
        _ => None,
    }
}

/// Whether `text` has a digit for each `0` of `form`, and is the same elsewhere.
fn has_form(text: &str, form: &str) -> bool {
    let fits = |(actual, wanted): (u8, u8)| if wanted == b'0' { actual.is_ascii_digit() } else { actual == wanted };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
}

/// The days from 1970 to the first of January of `year`.
fn days_before(year: i64) -> i64 {
    let leap_years_before = |year: i64| (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400;
    (year - 1970) * 365 + leap_years_before(year) - leap_years_before(1970)
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_seconds_since_1970() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0.0),
            ("1970-01-01T01:00:00+01:00", 0.0),
            ("2000-02-29T12:00:00Z", 951_825_600.0),
            ("2000-03-01T00:00:00Z", 951_868_800.0),
            ("2001-09-09T01:46:40Z", 1_000_000_000.0),
            ("2023-11-14T22:13:20Z", 1_700_000_000.0),
            ("2023-11-15T03:58:20+05:45", 1_700_000_000.0),
            ("2023-11-14T14:43:20-07:30", 1_700_000_000.0),
            ("2100-03-01T00:00:00Z", 4_107_542_400.0),
            ("9999-12-31T23:59:59Z", 253_402_300_799.0),
        ] {
            assert_eq!(rfc3339(text), UnixTime::from_seconds(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00Z",
            "2026-01-01 00:00:00Z",
            "2026-01-01t00:00:00z",
            "2026-01-01T00:00:00.5Z",
            "2026-01-01T00:00:00+0100",
            "2026-01-01T00:00:00+24:00",
            "2026-01-01T00:00:00+01:60",
            "2026-01-01T00:00:00UTC",
            "2026-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z",
            "2016-12-31T23:59:60Z",
            "+026-01-01T00:00:00Z",
            "1969-12-31T23:00:00-01:00",
            "1970-01-01T00:00:00+00:01",
            "2026-01-01T00:00:00\u{5a}\u{301}",
            "1767225600",
        ] {
            assert!(rfc3339(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_window_has_both_its_ends() {
        let at = |seconds: f64| UnixTime::from_seconds(seconds).unwrap();
        let window = |first: Option<&str>, last: Option<&str>| {
            let moment = |text: &str| Moment::parse(text).unwrap();
            TimeWindow { not_before: first.map(moment), not_after: last.map(moment) }
        };
        let (first, last) = ("2001-09-09T01:46:40Z", "2001-09-09T01:46:41Z");
        let second = window(Some(first), Some(last));
        for (now, is_in) in [(999_999_999.9, false), (1e9, true), (1_000_000_001.0, true), (1_000_000_001.1, false)] {
            assert_eq!(second.contains(at(now)), is_in, "{now}");
        }
        let from = window(Some(first), None);
        assert!(from.contains(at(1e12)) && !from.contains(at(0.0)));
        assert!(!second.is_empty() && !from.is_empty() && !window(None, Some(last)).is_empty());
        assert!(window(Some(last), Some(first)).is_empty());
    }
}
