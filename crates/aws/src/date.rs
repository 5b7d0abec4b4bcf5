//! Dates of the Gregorian calendar from seconds since 1970, and their two spellings in signatures.

/// 9999-12-31T23:59:59Z: after it a year has five digits.
const LAST_SECOND: u64 = 253_402_300_799;

const SECONDS_A_DAY: u64 = 86_400;

/// A second in UTC, of the years 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Second {
    /// Year, month, day, hour, minute, second.
    fields: [u64; 6],
}

impl Second {
    /// From seconds since 1970-01-01T00:00:00Z, leap seconds ignored. `None` after the year 9999.
    pub(crate) fn from_unix(seconds: u64) -> Option<Self> {
        if seconds > LAST_SECOND {
            return None;
        }
        let [year, month, day] = date_of(seconds / SECONDS_A_DAY);
        let of_day = seconds % SECONDS_A_DAY;
        Some(Self { fields: [year, month, day, of_day / 3600, of_day / 60 % 60, of_day % 60] })
    }

    /// ISO 8601 basic format: `20150830T123600Z`.
    pub(crate) fn basic(self) -> String {
        self.written(["", "", "T", "", "", "Z"])
    }

    /// ISO 8601 extended format: `2015-08-30T12:36:00Z`.
    pub(crate) fn extended(self) -> String {
        self.written(["-", "-", "T", ":", ":", "Z"])
    }

    /// Each field in two digits, the year in four, with what stands after it.
    fn written(self, after: [&str; 6]) -> String {
        let mut text = String::with_capacity(20);
        for (index, (field, after)) in self.fields.into_iter().zip(after).enumerate() {
            if index == 0 {
                push_two_digits(&mut text, field / 100);
            }
            push_two_digits(&mut text, field % 100);
            text.push_str(after);
        }
        text
    }
}

fn push_two_digits(text: &mut String, number: u64) {
    for digit in [number / 10, number % 10] {
        text.push(u32::try_from(digit).ok().and_then(|digit| char::from_digit(digit, 10)).unwrap_or_default());
    }
}

/// Year, month and day of a day counted from 1970-01-01.
///
/// The year is made to begin in March, so that the leap day is its last: then months have 153 days in every five, years
/// 1461 in every four but for the hundreds, and 400 years have 146,097.
fn date_of(day: u64) -> [u64; 3] {
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    let day = day + 719_468;
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    [era * 400 + year_of_era + u64::from(month <= 2), month, day_of_month]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_seconds() {
        let written = |seconds| Second::from_unix(seconds).map(Second::basic);
        assert_eq!(written(0).as_deref(), Some("19700101T000000Z"));
        assert_eq!(written(951_782_399).as_deref(), Some("20000228T235959Z"));
        assert_eq!(written(951_782_400).as_deref(), Some("20000229T000000Z"));
        assert_eq!(written(1_440_938_160).as_deref(), Some("20150830T123600Z"));
        assert_eq!(written(4_107_542_399).as_deref(), Some("21000228T235959Z"));
        assert_eq!(written(4_107_542_400).as_deref(), Some("21000301T000000Z"));
        assert_eq!(written(LAST_SECOND).as_deref(), Some("99991231T235959Z"));
        assert_eq!(written(LAST_SECOND + 1), None);
        assert_eq!(written(u64::MAX), None);
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut last = date_of(0);
        for day in 1..=LAST_SECOND / SECONDS_A_DAY {
            let [year, month, day_of_month] = date_of(day);
            let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
            let days = |month| match month {
                2 => 28 + u64::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            let next = match last {
                [year, 12, 31] => [year + 1, 1, 1],
                [year, month, day] if day == days(month) => [year, month + 1, 1],
                [year, month, day] => [year, month, day + 1],
            };
            assert_eq!([year, month, day_of_month], next);
            last = next;
        }
    }

    #[test]
    fn the_extended_format_has_separators() {
        assert_eq!(Second::from_unix(1_440_938_160).map(Second::extended).as_deref(), Some("2015-08-30T12:36:00Z"));
    }
}
