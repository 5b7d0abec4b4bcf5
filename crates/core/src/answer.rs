//! What a viewer gets instead of the content: status, challenge and a short body.
//!
//! It names the error of RFC 6750 and no more: the stable code and the sentence are for the log.

use crate::refusal::{Code, Refusal};

/// An HTTP response, for an adapter to put into its platform's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The reason phrase (RFC 9110, section 15).
    pub reason: &'static str,
    /// Name in lower case, and value.
    pub headers: Vec<(&'static str, String)>,
    /// The content.
    pub body: String,
    /// Whether `body` is the base64 of the content.
    pub is_base64: bool,
}

impl Answer {
    /// The answer to a refused request, in the form that its `Accept` header asks for.
    pub fn to_refusal(refusal: &Refusal, accept: Option<&str>) -> Self {
        let status = refusal.status();
        let reason = reason(status);
        let format = Format::preferred(accept.unwrap_or_default());
        let mut headers = vec![
            // A refusal in the cache would be the next viewer's answer, too.
            ("cache-control", "no-store".to_owned()),
            ("content-type", format.content_type().to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
            ("referrer-policy", "no-referrer".to_owned()),
        ];
        if format == Format::Html {
            headers.push(("content-security-policy", "default-src 'none'; frame-ancestors 'none'".to_owned()));
        }
        let error = refusal.code.bearer_error().filter(|_| !refusal.answered_as_not_found);
        headers.extend(challenge(refusal, status, error).map(|challenge| ("www-authenticate", challenge)));
        if refusal.code == Code::MethodNotAllowed {
            headers.push(("allow", refusal.wanted.join(", ")));
        }
        let body = format.body(status, reason, error);
        Self { status, reason, headers, body, is_base64: false }
    }

    /// A 200 with this content, which is bytes.
    pub(crate) fn in_base64(headers: Vec<(&'static str, String)>, body: String) -> Self {
        Self { status: 200, reason: "OK", headers, body, is_base64: true }
    }
}

/// RFC 6750, section 3: bare where no token was sent; with the error where one was not good enough.
fn challenge(refusal: &Refusal, status: u16, error: Option<&str>) -> Option<String> {
    match error {
        Some(error) if refusal.code == Code::InsufficientScope => {
            Some(format!("Bearer error=\"{error}\", scope=\"{}\"", refusal.wanted.join(" ")))
        }
        Some(error) => Some(format!("Bearer error=\"{error}\"")),
        None => (status == 401).then(|| "Bearer".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Html,
    Text,
}

impl Format {
    /// The format with the highest weight in `Accept` (RFC 9110, section 12.5.1); of equals the one named first. JSON for
    /// clients that take anything.
    fn preferred(accept: &str) -> Self {
        let mut best = (0, Self::Json);
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let format = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "application/json" | "*/*" | "application/*" => Self::Json,
                "text/html" => Self::Html,
                "text/plain" | "text/*" => Self::Text,
                _ => continue,
            };
            let weight = parts.find_map(|parameter| parameter.strip_prefix("q=")).map_or(1000, thousandths);
            if weight > best.0 {
                best = (weight, format);
            }
        }
        best.1
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
        }
    }

    fn body(self, status: u16, reason: &str, error: Option<&str>) -> String {
        match self {
            Self::Json => {
                let error = error.map(|error| format!(",\"error\":\"{error}\"")).unwrap_or_default();
                format!("{{\"status\":{status},\"message\":\"{reason}\"{error}}}\n")
            }
            Self::Html => format!(
                "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{status} {reason}</title>\n<h1>{reason}</h1>\n<p>{}</p></html>\n",
                sentence(status)
            ),
            Self::Text => format!("{status} {reason}: {}\n", sentence(status)),
        }
    }
}

/// A weight like `0.8` or `1` in thousandths, its three digits at most (RFC 9110, section 12.4.2); nonsense is 0.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = format!("{whole}{fraction:0<3}");
    digits.parse().ok().filter(|weight| *weight <= 1000).unwrap_or(0)
}

/// RFC 9110, section 15.
fn reason(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        502 => "Bad Gateway",
        _ => "Service Unavailable",
    }
}

fn sentence(status: u16) -> &'static str {
    match status {
        400 => "The request is not one that can be decided about.",
        401 => "This needs a valid token.",
        403 => "The token does not allow this.",
        404 => "There is nothing here.",
        405 => "This cannot be asked for in that way.",
        413 => "The request is too large.",
        _ => "Please try again later.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
        answer.headers.iter().find(|(header, _)| *header == name).map(|(_, value)| value.as_str())
    }

    fn answer(code: Code, wanted: &[&str]) -> Answer {
        let refusal =
            Refusal::new(code, "detail for the log").wanting(wanted.iter().map(|w| (*w).to_owned()).collect());
        Answer::to_refusal(&refusal, None)
    }

    #[test]
    fn challenges_are_those_of_rfc_6750() {
        let challenge = |code, wanted: &[&str]| header(&answer(code, wanted), "www-authenticate").map(str::to_owned);
        assert_eq!(challenge(Code::CredentialsMissing, &[]).as_deref(), Some("Bearer"));
        assert_eq!(challenge(Code::TokenExpired, &[]).as_deref(), Some("Bearer error=\"invalid_token\""));
        assert_eq!(
            challenge(Code::InsufficientScope, &["a", "b"]).as_deref(),
            Some("Bearer error=\"insufficient_scope\", scope=\"a b\"")
        );
        assert_eq!(challenge(Code::PolicyDenied, &[]), None);
        assert_eq!(challenge(Code::CredentialsAmbiguous, &[]), None);
        assert_eq!(header(&answer(Code::MethodNotAllowed, &["GET", "HEAD"]), "allow"), Some("GET, HEAD"));
    }

    /// Threat 46: cached 401 or error pages. And what is for the log stays there.
    #[test]
    fn threat_46_no_answer_is_cached_or_tells_the_reason() {
        for code in Code::ALL.iter().filter(|code| code.status().is_some()) {
            let answer = answer(*code, &[]);
            assert_eq!(header(&answer, "cache-control"), Some("no-store"), "{code:?}");
            assert!(!answer.body.contains("detail"), "{code:?}");
            assert_eq!(Some(answer.status), code.status());
        }
    }

    #[test]
    fn the_format_is_what_accept_prefers() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        for (accept, format) in [
            ("", Format::Json),
            ("*/*", Format::Json),
            ("image/avif,image/webp,*/*;q=0.8", Format::Json),
            (browser, Format::Html),
            ("text/plain", Format::Text),
            ("text/html;q=0.1, application/json", Format::Json),
            ("text/html;q=0, text/plain;q=nonsense", Format::Json),
            ("TEXT/HTML", Format::Html),
            ("text/html;q=0.25, text/plain;q=0.3", Format::Text),
            ("text/html;q=2, text/plain;q=0.001", Format::Text),
        ] {
            assert_eq!(Format::preferred(accept), format, "{accept}");
        }
    }
}
