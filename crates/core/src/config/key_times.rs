//! How long what is fetched is good, as providers and secrets say it.

use super::problem::{Place, Problems};
use crate::flaw::flaw;
use crate::key_times::KeyTimes;

/// An hour, and a day more while it cannot be had, unless said otherwise.
const DEFAULT: KeyTimes = KeyTimes { max_age_seconds: 3600, stale_if_error_seconds: 24 * 3600 };

/// Two members, by their names, of what stands at `place`: the age is a minute to a day, the time beyond it none to a week.
pub(super) fn key_times(
    max_age: (&str, Option<i64>),
    stale_if_error: (&str, Option<i64>),
    place: &Place,
    problems: &mut Problems,
) -> Option<KeyTimes> {
    let mut seconds = |(key, written): (&str, Option<i64>), default: u32, least: u32, most: u32| {
        let seconds = written.map_or(Some(default), |seconds| u32::try_from(seconds).ok());
        let seconds = seconds.filter(|seconds| (least..=most).contains(seconds));
        if seconds.is_none() {
            problems.add(&place.member(key), flaw!("from {least} to {most} seconds are allowed"));
        }
        seconds
    };
    let max_age = seconds(max_age, DEFAULT.max_age_seconds, 60, 86_400);
    let stale_if_error = seconds(stale_if_error, DEFAULT.stale_if_error_seconds, 0, 604_800);
    Some(KeyTimes { max_age_seconds: max_age?, stale_if_error_seconds: stale_if_error? })
}
