//! Points in time, as an argument: the core has no clock of its own.

/// Seconds since 1970-01-01T00:00:00Z, leap seconds ignored: the unit of a NumericDate (RFC 7519, section 2).
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct UnixTime(f64);

impl UnixTime {
    /// Takes a finite number of seconds that is not negative.
    ///
    /// `None` for everything else: with NaN each comparison is false, and a token would never expire.
    pub fn from_seconds(seconds: f64) -> Option<Self> {
        (seconds.is_finite() && seconds >= 0.0).then_some(Self(seconds))
    }

    /// The seconds, cut to whole ones.
    pub(crate) fn whole_seconds(self) -> u64 {
        self.0 as u64
    }

    pub(crate) fn seconds(self) -> f64 {
        self.0
    }

    /// This time moved by `seconds`, which may be negative. `f64` cannot overflow here.
    pub(crate) fn plus(self, seconds: f64) -> Self {
        Self(self.0 + seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_and_not_negative_seconds_are_a_time() {
        for seconds in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, -0.5] {
            assert_eq!(UnixTime::from_seconds(seconds), None, "{seconds}");
        }
        assert!(UnixTime::from_seconds(0.0).is_some());
        assert!(UnixTime::from_seconds(1_700_000_000.25).is_some());
    }
}
