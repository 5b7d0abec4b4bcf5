//! The canonical request: the text whose hash is signed ("Create a canonical request").

use super::error::SigningError;

/// Headers that proxies add, change or take out, and what a signature would say of itself.
const UNSIGNABLE: &[&str] = &[
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-for",
    "x-forwarded-proto",
];

const SET_BY_SIGNING: &[&str] = &["authorization", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];

/// Headers in canonical form: names in lower case and sorted, values without needless space, one entry for each name.
pub(super) struct CanonicalHeaders(Vec<(String, String)>);

impl CanonicalHeaders {
    /// Takes a request's own headers.
    pub(super) fn of_request(headers: &[(&str, &str)]) -> Result<Self, SigningError> {
        let mut canonical = Self(Vec::with_capacity(headers.len() + 3));
        for (name, value) in headers {
            let name = name.to_ascii_lowercase();
            if SET_BY_SIGNING.contains(&name.as_str()) {
                return Err(SigningError::ReservedHeader);
            }
            if UNSIGNABLE.contains(&name.as_str()) {
                return Err(SigningError::UnsignableHeader);
            }
            canonical.add(name, value)?;
        }
        let mut hosts = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host"));
        match (hosts.next(), hosts.next()) {
            (Some((_, host)), None) if !host.trim().is_empty() => Ok(canonical),
            _ => Err(SigningError::Host),
        }
    }

    /// Adds a header, its name in lower case. Several of one name are one, with their values in order.
    pub(super) fn add(&mut self, name: String, value: &str) -> Result<(), SigningError> {
        if !is_token(&name) || value.chars().any(|character| character.is_control() && character != '\t') {
            return Err(SigningError::Header);
        }
        let mut trimmed = String::with_capacity(value.len());
        for word in value.split_ascii_whitespace() {
            if !trimmed.is_empty() {
                trimmed.push(' ');
            }
            trimmed.push_str(word);
        }
        match self.0.binary_search_by(|(known, _)| known.cmp(&name)) {
            Ok(index) => {
                if let Some((_, values)) = self.0.get_mut(index) {
                    values.push(',');
                    values.push_str(&trimmed);
                }
            }
            Err(index) => self.0.insert(index, (name, trimmed)),
        }
        Ok(())
    }

    /// `host;x-amz-date`
    pub(super) fn names(&self) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.join(";")
    }

    /// The canonical request with these headers. Path and query are in canonical form already.
    pub(super) fn request(&self, method: &str, path: &str, query: &str, payload_hash: &str) -> String {
        let mut request = [method, "\n", path, "\n", query, "\n"].concat();
        for (name, value) in &self.0 {
            for part in [name, ":", value, "\n"] {
                request.push_str(part);
            }
        }
        for part in ["\n", &self.names(), "\n", payload_hash] {
            request.push_str(part);
        }
        request
    }
}

/// A method or a header name (RFC 9110, section 5.6.2).
pub(super) fn is_token(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_sorted_joined_and_trimmed() {
        let headers =
            [("X-B", "  a   b \t c "), ("Host", "example.com"), ("x-a", "\"a   b\""), ("x-b", "2"), ("X-C", "")];
        let canonical = CanonicalHeaders::of_request(&headers).unwrap();
        assert_eq!(canonical.names(), "host;x-a;x-b;x-c");
        assert_eq!(
            canonical.request("GET", "/", "a=", "hash"),
            "GET\n/\na=\nhost:example.com\nx-a:\"a b\"\nx-b:a b c,2\nx-c:\n\nhost;x-a;x-b;x-c\nhash"
        );
    }

    #[test]
    fn headers_that_cannot_be_signed_are_refused() {
        let error = |name, value| CanonicalHeaders::of_request(&[("host", "h"), (name, value)]).err();
        assert_eq!(error("Via", "1.1 proxy"), Some(SigningError::UnsignableHeader));
        assert_eq!(error("TE", "trailers"), Some(SigningError::UnsignableHeader));
        assert_eq!(error("Authorization", "x"), Some(SigningError::ReservedHeader));
        assert_eq!(error("X-Amz-Date", "x"), Some(SigningError::ReservedHeader));
        assert_eq!(error("x-a", "a\r\nx-b: c"), Some(SigningError::Header));
        assert_eq!(error("x a", "a"), Some(SigningError::Header));
        assert_eq!(error("", "a"), Some(SigningError::Header));
        assert_eq!(error("HOST", "other"), Some(SigningError::Host));
        assert_eq!(CanonicalHeaders::of_request(&[("x-a", "1")]).err(), Some(SigningError::Host));
        assert_eq!(CanonicalHeaders::of_request(&[("host", " ")]).err(), Some(SigningError::Host));
    }
}
