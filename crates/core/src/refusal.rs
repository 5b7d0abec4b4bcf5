//! Why a request may not pass: a [`Refusal`] with a stable [`Code`].

use std::borrow::Cow;

/// Why a request may not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// One sentence for the log: lower-case, no full stop, nothing of the token but what the configuration names.
    pub detail: Cow<'static, str>,
    /// For [`Code::InsufficientScope`] the scope that was asked for (RFC 6750, section 3); for
    /// [`Code::MethodNotAllowed`] the methods that are allowed (RFC 9110, section 10.2.1). Else empty.
    pub wanted: Vec<String>,
    /// Whether the viewer is told that there is nothing here (404), instead of what the code says.
    pub answered_as_not_found: bool,
}

impl Refusal {
    pub(crate) fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { code, detail: detail.into(), wanted: Vec::new(), answered_as_not_found: false }
    }

    /// The HTTP status that the viewer gets.
    pub fn status(&self) -> u16 {
        if self.answered_as_not_found { 404 } else { self.code.status().unwrap_or(503) }
    }

    /// Something broken on our side is still said to be so: whoever sees 404 would not come back.
    pub(crate) fn answered_as_not_found(self) -> Self {
        let is_ours = self.code.status().is_some_and(|status| status >= 500);
        Self { answered_as_not_found: !is_ours, ..self }
    }

    pub(crate) fn wanting(self, wanted: Vec<String>) -> Self {
        Self { wanted, ..self }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:expr, $bearer_error:expr;)*) => {
        /// The reason for a decision. The names are public interface: logs, `explain`, tests and users rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in logs and answers.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status of the answer; `None` for a code that forwards.
            pub fn status(self) -> Option<u16> {
                match self { $(Self::$variant => $status,)* }
            }

            /// The `error` of the Bearer challenge (RFC 6750, section 3.1), where there is one.
            pub fn bearer_error(self) -> Option<&'static str> {
                match self { $(Self::$variant => $bearer_error,)* }
            }
        }
    };
}

const INVALID_TOKEN: Option<&str> = Some("invalid_token");

codes! {
    /// A verified token meets the rule's requirements.
    Allowed = "allowed", None, None;
    /// The rule allows anyone.
    Public = "public", None, None;
    /// The configuration switches authorization off.
    AuthorizationOff = "authorization_off", None, None;
    /// At origin-request: the request carries the signature of the function's role.
    Signed = "signed", None, None;

    /// A CORS-preflight request of an origin that the configuration allows.
    CorsPreflight = "cors_preflight", Some(204), None;

    /// At origin-request: the function itself has fetched the answer.
    Generated = "generated", Some(200), None;
    /// The function answers with CloudFront's signed cookies.
    CookiesSigned = "cookies_signed", Some(200), None;
    /// The function ends CloudFront's signed cookies.
    CookiesCleared = "cookies_cleared", Some(200), None;
    /// The function answers with a signed URL.
    UrlSigned = "url_signed", Some(200), None;
    /// The function answers with a place to upload to.
    UploadSigned = "upload_signed", Some(200), None;

    /// Sent to the provider to sign in; after a POST with 303.
    SignInRequired = "sign_in_required", Some(302), None;
    /// Came back from the provider, and has a session now.
    SignedIn = "signed_in", Some(303), None;
    /// Has a session with new tokens now; 204 or 303 where that was asked for.
    SessionRefreshed = "session_refreshed", Some(307), None;
    /// Has no session any more; sent on with 303.
    SignedOut = "signed_out", Some(200), None;
    /// Asked whether to sign out, since a link on another site led here.
    SignOutAsked = "sign_out_asked", Some(200), None;
    /// Asked which provider to sign in with.
    SignInChoice = "sign_in_choice", Some(401), None;

    /// The path or the query is not canonical: the origin might read it differently.
    RequestMalformed = "request_malformed", Some(400), None;
    /// The request carries two different tokens.
    CredentialsAmbiguous = "credentials_ambiguous", Some(400), None;

    /// What came back from the provider does not end a sign-in of this browser well.
    SignInFailed = "sign_in_failed", Some(400), None;
    /// The provider does not let the person in, or the person declined.
    SignInDenied = "sign_in_denied", Some(403), None;
    /// Signed in several times within a short time: the session does not hold.
    SignInLoop = "sign_in_loop", Some(403), None;

    /// The request carries no token.
    CredentialsMissing = "credentials_missing", Some(401), None;
    /// The request's session is none that we have sealed, or has come to its end.
    SessionInvalid = "session_invalid", Some(401), None;
    /// Not a JWS in compact serialization with a JSON header and a JSON claims set.
    TokenMalformed = "token_malformed", Some(401), INVALID_TOKEN;
    /// Longer than is looked at.
    TokenTooLarge = "token_too_large", Some(401), INVALID_TOKEN;
    /// The token's `alg` is not one that the provider's configuration allows.
    AlgorithmNotAllowed = "algorithm_not_allowed", Some(401), INVALID_TOKEN;
    /// The header asks for an extension that has to be understood (`crit`, `b64`).
    CriticalHeader = "critical_header", Some(401), INVALID_TOKEN;
    /// No key, or no single key, of the provider fits the token.
    KeyNotFound = "key_not_found", Some(401), INVALID_TOKEN;
    /// The signature is not one by this key over this token.
    SignatureInvalid = "signature_invalid", Some(401), INVALID_TOKEN;
    /// `exp` has come.
    TokenExpired = "token_expired", Some(401), INVALID_TOKEN;
    /// `nbf` or `iat` is yet to come.
    TokenNotYetValid = "token_not_yet_valid", Some(401), INVALID_TOKEN;
    /// No provider has this `iss`.
    IssuerUnknown = "issuer_unknown", Some(401), INVALID_TOKEN;
    /// `aud` (or Cognito's `client_id`) names none of the configured audiences.
    AudienceMismatch = "audience_mismatch", Some(401), INVALID_TOKEN;
    /// The header's `typ`, or Cognito's `token_use`, is not a configured one.
    TokenUseMismatch = "token_use_mismatch", Some(401), INVALID_TOKEN;
    /// A claim that validation needs is absent.
    ClaimMissing = "claim_missing", Some(401), INVALID_TOKEN;
    /// A claim that validation needs is of the wrong type.
    ClaimMalformed = "claim_malformed", Some(401), INVALID_TOKEN;

    /// The rule's requirements are not met.
    PolicyDenied = "policy_denied", Some(403), None;
    /// No rule matches the path.
    NoRule = "no_rule", Some(403), None;
    /// The rule asks for a scope that the token lacks, and for nothing else that it lacks.
    InsufficientScope = "insufficient_scope", Some(403), Some("insufficient_scope");

    /// The origin does not have what the path names.
    NotFound = "not_found", Some(404), None;
    /// Files of this type may not be uploaded.
    UploadRefused = "upload_refused", Some(415), None;

    /// A rule matches the path, but none with this method.
    MethodNotAllowed = "method_not_allowed", Some(405), None;
    /// The body is too long to be signed.
    BodyTooLarge = "body_too_large", Some(413), None;

    /// What the function fetched from the origin is no answer for a viewer.
    OriginFailed = "origin_failed", Some(502), None;

    /// The provider's keys are not there and could not be fetched.
    KeysUnavailable = "keys_unavailable", Some(503), None;
    /// The provider's shared secret, or the credentials of the function's role, are not there or have expired.
    SecretsUnavailable = "secrets_unavailable", Some(503), None;
    /// The provider cannot be reached for a sign-in.
    SignInUnavailable = "sign_in_unavailable", Some(503), None;
    /// Something is broken on our side, or the event is not one that the platform sends.
    Internal = "internal", Some(503), None;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_only_four_codes_forward() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());

        let forwards: Vec<_> = Code::ALL.iter().filter(|code| code.status().is_none()).collect();
        assert_eq!(forwards, [&Code::Allowed, &Code::Public, &Code::AuthorizationOff, &Code::Signed]);
    }

    #[test]
    fn a_bearer_error_goes_with_401_or_403() {
        for code in Code::ALL {
            match code.bearer_error() {
                Some("invalid_token") => assert_eq!(code.status(), Some(401)),
                Some("insufficient_scope") => assert_eq!(code.status(), Some(403)),
                other => assert_eq!(other, None),
            }
        }
    }
}
