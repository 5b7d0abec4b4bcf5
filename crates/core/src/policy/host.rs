//! Hosts: which of a distribution's names a viewer asked, and the patterns that rules match it with.

use std::fmt;

use crate::flaw::{Flaw, flaw};
use crate::refusal::{Code, Refusal};
use crate::request::Request;

/// The name in a request's `Host`, in lower case and without port: names are compared without regard to case (RFC 4343).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host(String);

/// `app.example.com`, or `*.example.com` for every name that ends in `.example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HostPattern {
    Exactly(String),
    /// Holds `.example.com`.
    EndingIn(String),
}

impl Host {
    /// The host of a request. [`Code::RequestMalformed`] where there is not exactly one, or where it is no plain name: a rule
    /// for one host must not be got around by another spelling of it (`example.com.`).
    pub(crate) fn of(request: &Request) -> Result<Self, Refusal> {
        let malformed = |detail: &'static str| Refusal::new(Code::RequestMalformed, detail);
        let mut values = request.header_values("host");
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(malformed("not exactly one `host` header, which rules are for"));
        };
        let name = match value.split_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            Some(_) => "",
            None => value,
        };
        let name = name.to_ascii_lowercase();
        if !is_name(&name) {
            return Err(malformed("the `host` header is no plain host name"));
        }
        Ok(Self(name))
    }
}

impl HostPattern {
    pub(crate) fn parse(text: &str) -> Result<Self, Flaw> {
        let name = text.strip_prefix("*.").unwrap_or(text);
        if !is_name(name) {
            let right = "lower case, no port, and `*` only in front, as in `app.example.com` and `*.example.com`";
            return Err(flaw!("`{text}` is no host name: {right}"));
        }
        Ok(if name == text { Self::Exactly(name.to_owned()) } else { Self::EndingIn(format!(".{name}")) })
    }

    pub(crate) fn matches(&self, host: &Host) -> bool {
        match self {
            Self::Exactly(name) => *name == host.0,
            Self::EndingIn(end) => host.0.ends_with(end.as_str()),
        }
    }

    /// Whether each host that `other` matches is matched by this one.
    #[cfg(feature = "tooling")]
    pub(crate) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::EndingIn(end), Self::Exactly(other) | Self::EndingIn(other)) => other.ends_with(end.as_str()),
            (Self::Exactly(_), _) => self == other,
        }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(name) => f.write_str(name),
            Self::EndingIn(end) => write!(f, "*{end}"),
        }
    }
}

/// Labels of lower-case letters, digits, `-` and `_` with dots between (RFC 1034, section 3.5; `_` is seen in practice).
fn is_name(text: &str) -> bool {
    let is_label_byte = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
    text.split('.').all(|label| !label.is_empty() && label.bytes().all(is_label_byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(values: &[&str]) -> Result<String, Code> {
        let headers = values.iter().map(|value| ("host".to_owned(), (*value).to_owned())).collect();
        Host::of(&Request { headers, ..Request::default() }).map(|host| host.0).map_err(|refusal| refusal.code)
    }

    #[test]
    fn spellings_of_one_host_are_one_host() {
        for value in ["app.example.com", "APP.Example.com", "app.example.com:443", "app.example.com:"] {
            assert_eq!(host(&[value]), Ok("app.example.com".to_owned()), "{value}");
        }
    }

    #[test]
    fn what_could_be_another_host_to_somebody_is_refused() {
        for value in [
            "",
            ".",
            "app.example.com.",
            "app..example.com",
            " app.example.com",
            "app.example.com\t",
            "app.example.com:80a",
            "user@app.example.com",
            "app.example.com/",
            "app.example.com:443:443",
            "[::1]",
            "b\u{fc}cher.example",
            "a,b",
        ] {
            assert_eq!(host(&[value]), Err(Code::RequestMalformed), "{value}");
        }
        assert_eq!(host(&[]), Err(Code::RequestMalformed));
        assert_eq!(host(&["a.example", "a.example"]), Err(Code::RequestMalformed));
    }

    #[test]
    fn a_pattern_is_one_name_or_all_below_one() {
        let matches = |pattern: &str, name: &str| HostPattern::parse(pattern).unwrap().matches(&Host(name.to_owned()));
        assert!(matches("example.com", "example.com"));
        assert!(matches("*.example.com", "a.example.com"));
        assert!(matches("*.example.com", "a.b.example.com"));
        assert!(!matches("example.com", "a.example.com"));
        assert!(!matches("*.example.com", "example.com"));
        assert!(!matches("*.example.com", "badexample.com"));
        for text in [
            "",
            "*",
            "*.",
            "*example.com",
            "a.*.com",
            "Example.com",
            "a.example.com:443",
            "https://a",
            "a..b",
            "*.*.com",
        ] {
            assert!(HostPattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    #[cfg(feature = "tooling")]
    fn covering_means_that_nothing_is_left_for_the_other() {
        let covers = |one, other| HostPattern::parse(one).unwrap().covers(&HostPattern::parse(other).unwrap());
        assert!(covers("a.example", "a.example"));
        assert!(covers("*.example", "a.example"));
        assert!(covers("*.example", "*.a.example"));
        assert!(!covers("a.example", "*.example"));
        assert!(!covers("*.a.example", "*.example"));
        assert!(!covers("*.example", "example"));
    }
}
