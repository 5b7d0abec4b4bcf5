//! Reading the folder of vectors.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// Reads a file of the folder `shared/vectors` beside the checkout, or of the one that `EDGE_AUTHORIZER_VECTORS` names.
/// `None`, and says so, where there is no folder; one that is named has to be there.
pub fn read(file: &str) -> Option<Value> {
    let (folder, named) = match std::env::var_os("EDGE_AUTHORIZER_VECTORS") {
        Some(folder) => (PathBuf::from(folder), true),
        None => (Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors"), false),
    };
    if !named && !folder.is_dir() {
        println!("vectors: 0 of {file}: there is no folder shared/vectors beside the checkout");
        return None;
    }
    let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    Some(serde_json::from_str(&text).unwrap())
}

/// The seconds since 1970 of `20150830T123600Z` or `2015-08-30T12:36:00Z`.
pub fn seconds(date: &str) -> u64 {
    let digits: String = date.chars().filter(char::is_ascii_digit).collect();
    let field = |start: usize, length: usize| digits[start..start + length].parse::<u64>().unwrap();
    let (year, month, day) = (field(0, 4), field(4, 2), field(6, 2));
    let leap = |year: u64| u64::from(year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)));
    let of_months = [31, 28 + leap(year), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let days: u64 = (1970..year).map(|year| 365 + leap(year)).sum();
    let days = days + of_months[..month as usize - 1].iter().sum::<u64>() + day - 1;
    ((days * 24 + field(8, 2)) * 60 + field(10, 2)) * 60 + field(12, 2)
}
