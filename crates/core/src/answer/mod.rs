//! What a viewer gets instead of the content: status, challenge and a short body.
//!
//! It names the error of RFC 6750 and no more: the stable code and the sentence are for the log.

mod accept;
mod page;

use accept::Format;

pub(crate) use page::{Content, STYLE_HASH, TEMPLATE, filled, link, policy};

use crate::cors::Cors;
use crate::refusal::{Code, Refusal};
use crate::request::Request;

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
    /// A 200 with this content, which is bytes.
    pub(crate) fn in_base64(headers: Vec<(&'static str, String)>, body: String) -> Self {
        Self { status: 200, reason: "OK", headers, body, is_base64: true }
    }

    /// An answer of the sign-in, with these headers and cookies, and no content so far. Never cached: it is one person's.
    pub(crate) fn plain(status: u16, more: Vec<(&'static str, String)>, cookies: Vec<String>) -> Self {
        let fixed =
            [("cache-control", "no-store"), ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")];
        let mut headers: Vec<_> = fixed.map(|(name, value)| (name, value.to_owned())).into();
        headers.extend(more);
        headers.extend(cookies.into_iter().map(|cookie| ("set-cookie", cookie)));
        Self { status, reason: reason(status), headers, body: String::new(), is_base64: false }
    }
}

/// What the configuration says about answers.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// What is protected, for people: the `realm` of challenges (RFC 9110, section 11.5).
    pub(crate) realm: Option<String>,
    pub(crate) cors: Option<Cors>,
    pub(crate) pages: Vec<Page>,
}

/// An HTML page of the user's own, instead of ours.
#[derive(Debug)]
pub(crate) struct Page {
    /// The status that it is for.
    pub(crate) status: u16,
    /// Its file, relative to the configuration.
    pub(crate) file: String,
    /// What is in the file, as soon as the host has handed it over.
    pub(crate) html: Option<String>,
}

/// A page, as its host sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedPage<'a> {
    /// The status that it is for.
    pub status: u16,
    /// Its file, relative to the configuration.
    pub file: &'a str,
}

/// The most bytes of a page: CloudFront's limit for a generated response at viewer events is 40 KB, headers included
/// ("Quotas on Lambda@Edge" in the CloudFront Developer Guide), and ours have less than 3 KB.
const MAX_PAGE_BYTES: usize = 37 * 1024;

/// A page of the user's own may have styles, and pictures and fonts from the same host; no scripts.
const OWN_PAGE_LOADS: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

impl Answers {
    /// The answer to a refused request, in the form that its `Accept` header asks for; `links` are for our own page.
    pub(crate) fn to_refusal(&self, refusal: &Refusal, request: &Request, accept: &str, links: &str) -> Answer {
        let status = refusal.status();
        let reason = reason(status);
        let format = Format::preferred(accept);
        let page = self.pages.iter().find(|page| page.status == status).and_then(|page| page.html.as_deref());
        let loads = match (format, page) {
            (Format::Html, Some(_)) => Some(OWN_PAGE_LOADS.to_owned()),
            (Format::Html, None) => Some(policy(STYLE_HASH)),
            _ => None,
        };
        let fixed = [
            // A refusal in the cache would be the next viewer's answer, too.
            ("cache-control", "no-store"),
            ("content-type", format.content_type()),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ];
        let mut headers: Vec<_> = fixed.map(|(name, value)| (name, value.to_owned())).into();
        headers.extend(loads.map(|policy| ("content-security-policy", policy)));
        let error = refusal.code.bearer_error().filter(|_| !refusal.answered_as_not_found);
        headers.extend(self.challenge(refusal, error).map(|challenge| ("www-authenticate", challenge)));
        if refusal.code == Code::MethodNotAllowed {
            headers.push(("allow", refusal.wanted.join(", ")));
        }
        let body = match page {
            Some(html) if format == Format::Html => html.to_owned(),
            _ => body(format, status, reason, error, links),
        };
        let mut answer = Answer { status, reason, headers, body, is_base64: false };
        self.complete(request, &mut answer);
        answer
    }

    /// The answer to a CORS preflight that the configuration allows; `None` for every other request.
    pub(crate) fn to_preflight(&self, request: &Request) -> Option<Answer> {
        let headers = self.cors.as_ref()?.preflight(request)?;
        Some(Answer { status: 204, reason: reason(204), headers, body: String::new(), is_base64: false })
    }

    /// What each answer depends on its request in: scripts of other origins may read it, if that is configured, and to HEAD it
    /// is the same headers without content (RFC 9110, section 9.3.2).
    pub(crate) fn complete(&self, request: &Request, answer: &mut Answer) {
        if request.method == "HEAD" {
            answer.body.clear();
        }
        if let Some(cors) = &self.cors {
            cors.share(request, &mut answer.headers);
        }
    }

    /// Takes the content of the page for this status. The error says what is wrong with it.
    pub(crate) fn set_page(&mut self, status: u16, content: &[u8]) -> Result<(), String> {
        let page = self.pages.iter_mut().find(|page| page.status == status).ok_or("no page is for this status")?;
        if content.len() > MAX_PAGE_BYTES {
            return Err(format!("the page has {} bytes; at most {MAX_PAGE_BYTES} are allowed", content.len()));
        }
        page.html = Some(String::from_utf8(content.to_vec()).map_err(|_| "the page is not UTF-8")?);
        Ok(())
    }

    /// RFC 6750, section 3: bare where no token was sent; with the error where one was not good enough.
    fn challenge(&self, refusal: &Refusal, error: Option<&str>) -> Option<String> {
        if error.is_none() && refusal.status() != 401 {
            return None;
        }
        let scope = (refusal.code == Code::InsufficientScope).then(|| refusal.wanted.join(" "));
        let parameters = [("realm", self.realm.as_deref()), ("error", error), ("scope", scope.as_deref())];
        let mut challenge = String::from("Bearer");
        for (name, value) in parameters {
            if let Some(value) = value {
                let separator = if challenge.ends_with('"') { ", " } else { " " };
                challenge.extend([separator, name, "=\"", value, "\""]);
            }
        }
        Some(challenge)
    }
}

fn body(format: Format, status: u16, reason: &str, error: Option<&str>, links: &str) -> String {
    match format {
        Format::Json => {
            let error = error.map(|error| format!(",\"error\":\"{error}\"")).unwrap_or_default();
            format!("{{\"status\":{status},\"message\":\"{reason}\"{error}}}\n")
        }
        // Our own codes are for the log.
        Format::Html => {
            let (title, text) = words(status);
            filled(TEMPLATE, Content { code: "refused", title, text, links, nonce: "" })
        }
        Format::Text => format!("{status} {reason}: {}\n", sentence(status)),
    }
}

/// RFC 9110, section 15.
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        302 => "Found",
        303 => "See Other",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        502 => "Bad Gateway",
        _ => "Service Unavailable",
    }
}

/// The title and the sentence of a page, for people who know nothing of tokens.
fn words(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("Something is wrong with this request", "If a link led you here, tell whoever made it."),
        401 => ("No access", "You are not signed in, or your access has expired."),
        403 => ("No access", "You are not allowed to see or do this."),
        _ => (reason(status), sentence(status)),
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
        415 => "Files of this type are not taken here.",
        _ => "Please try again later.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
        answer.headers.iter().find(|(header, _)| *header == name).map(|(_, value)| value.as_str())
    }

    fn answer_of(answers: &Answers, code: Code, wanted: &[&str]) -> Answer {
        let wanted = wanted.iter().map(|wanted| (*wanted).to_owned()).collect();
        let refusal = Refusal::new(code, "detail for the log").wanting(wanted);
        answers.to_refusal(&refusal, &Request::default(), "", "")
    }

    fn challenge(realm: Option<&str>, code: Code, wanted: &[&str]) -> Option<String> {
        let answers = Answers { realm: realm.map(str::to_owned), ..Answers::default() };
        header(&answer_of(&answers, code, wanted), "www-authenticate").map(str::to_owned)
    }

    #[test]
    fn challenges_are_those_of_rfc_6750() {
        let bare = |code, wanted: &[&str]| challenge(None, code, wanted);
        assert_eq!(bare(Code::CredentialsMissing, &[]).as_deref(), Some("Bearer"));
        assert_eq!(bare(Code::TokenExpired, &[]).as_deref(), Some("Bearer error=\"invalid_token\""));
        assert_eq!(
            bare(Code::InsufficientScope, &["a", "b"]).as_deref(),
            Some("Bearer error=\"insufficient_scope\", scope=\"a b\"")
        );
        assert_eq!(bare(Code::PolicyDenied, &[]), None);
        assert_eq!(bare(Code::CredentialsAmbiguous, &[]), None);
    }

    #[test]
    fn a_realm_comes_first_in_each_challenge() {
        let named = |code| challenge(Some("the archive"), code, &["a"]);
        assert_eq!(named(Code::CredentialsMissing).as_deref(), Some("Bearer realm=\"the archive\""));
        assert_eq!(named(Code::TokenExpired).as_deref(), Some("Bearer realm=\"the archive\", error=\"invalid_token\""));
        assert_eq!(
            named(Code::InsufficientScope).as_deref(),
            Some("Bearer realm=\"the archive\", error=\"insufficient_scope\", scope=\"a\"")
        );
        assert_eq!(named(Code::PolicyDenied), None);
    }

    #[test]
    fn the_methods_that_would_be_allowed_are_named() {
        let answer = answer_of(&Answers::default(), Code::MethodNotAllowed, &["GET", "HEAD"]);
        assert_eq!(header(&answer, "allow"), Some("GET, HEAD"));
    }

    /// Threat 46: cached 401 or error pages. And what is for the log stays there.
    #[test]
    fn threat_46_no_answer_is_cached_or_tells_the_reason() {
        for code in Code::ALL.iter().filter(|code| code.status().is_some()) {
            let answer = answer_of(&Answers::default(), *code, &[]);
            assert_eq!(header(&answer, "cache-control"), Some("no-store"), "{code:?}");
            assert!(!answer.body.contains("detail"), "{code:?}");
            assert_eq!(Some(answer.status), code.status());
        }
    }
}
