//! The query of a request: as it is signed, and as it is best sent.

use std::collections::BinaryHeap;

use super::error::SigningError;
use crate::percent;

/// The query with every name and value encoded strictly, in the order they came; empty parameters (`a&&b`) go out.
///
/// `+` is a space, as browsers write it. Who sends the query in this form sends what is signed, however the server reads
/// queries.
pub fn encoded_query(query: &str) -> Result<String, SigningError> {
    let mut encoded = String::with_capacity(query.len());
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        if !encoded.is_empty() {
            encoded.push('&');
        }
        for (index, part) in parameter.splitn(2, '=').enumerate() {
            if index == 1 {
                encoded.push('=');
            }
            let decoded = percent::decode_with_plus(part).ok_or(SigningError::Query)?;
            percent::encode_into(&mut encoded, &decoded, b"");
        }
    }
    Ok(encoded)
}

/// The canonical query of an encoded one: sorted by name, then by value, each with a `=`.
pub(super) fn canonical_query(encoded: &str) -> String {
    // A heap takes a tenth of the code that sorting a slice does.
    let parameters: BinaryHeap<(&str, &str)> =
        encoded.split('&').filter(|parameter| !parameter.is_empty()).map(name_and_value).collect();
    let mut canonical = String::with_capacity(encoded.len());
    for (name, value) in parameters.into_sorted_vec() {
        push_parameter(&mut canonical, name, value);
    }
    canonical
}

/// Whether a parameter of an encoded query has a name that only a signature may set.
pub(super) fn has_reserved_parameter(encoded: &str) -> bool {
    encoded.split('&').any(|parameter| {
        let (name, _) = name_and_value(parameter);
        name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"))
    })
}

/// Appends `name=value`, both encoded already.
pub(super) fn push_parameter(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    for part in [name, "=", value] {
        query.push_str(part);
    }
}

fn name_and_value(parameter: &str) -> (&str, &str) {
    parameter.split_once('=').unwrap_or((parameter, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_sorted_repeated_and_empty_ones_included() {
        let canonical = |query| canonical_query(&encoded_query(query).unwrap());
        assert_eq!(canonical("b=2&a=2&a=1&c&d="), "a=1&a=2&b=2&c=&d=");
        assert_eq!(canonical("a=b=c&=x&&"), "=x&a=b%3Dc");
        assert_eq!(canonical("A=1&a=1&aa=1&a-=1"), "A=1&a=1&a-=1&aa=1");
        assert_eq!(canonical(""), "");
    }

    #[test]
    fn the_query_that_is_sent_keeps_its_order() {
        let encoded = |query| encoded_query(query);
        assert_eq!(encoded("b=1,2&a=x+y%2b&c").as_deref(), Ok("b=1%2C2&a=x%20y%2B&c"));
        assert_eq!(encoded("\u{e9}=%ff&%41=1").as_deref(), Ok("%C3%A9=%FF&A=1"));
        for broken in ["%", "a=%4", "%zz=1"] {
            assert_eq!(encoded(broken), Err(SigningError::Query));
        }
    }

    #[test]
    fn only_a_signature_sets_its_parameters() {
        assert!(has_reserved_parameter("a=1&x-amz-signature=2"));
        assert!(has_reserved_parameter("X-Amz-Foo"));
        assert!(!has_reserved_parameter("x-am=1&a=X-Amz-Foo"));
    }
}
