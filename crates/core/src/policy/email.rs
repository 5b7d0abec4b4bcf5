//! The domain of a verified e-mail address.

use crate::claims::ValidatedClaims;
use crate::json::Json;

/// What a token says about its subject's e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EmailDomain<'c> {
    /// There is no `email`.
    Absent,
    /// There is one, but nothing follows from it: not an address with one `@`, or the provider has not verified it.
    Unproven,
    /// What follows the `@` of an address that the provider has verified.
    Proven(&'c str),
}

impl<'c> EmailDomain<'c> {
    /// By `email` and `email_verified`, which has to be `true` (OpenID Connect Core 1.0, section 5.1), not the string.
    ///
    /// With a second `@`, as quotes and comments may hold one (RFC 5322, section 3.4.1), readers differ about the domain.
    pub(crate) fn of(claims: &'c ValidatedClaims) -> Self {
        let Some(email) = claims.get("email") else {
            return Self::Absent;
        };
        let parts = email.as_str().and_then(|email| email.split_once('@'));
        match (parts, claims.get("email_verified")) {
            (Some((name, domain)), Some(Json::Bool(true))) if !name.is_empty() && !domain.contains('@') => {
                Self::Proven(domain)
            }
            _ => Self::Unproven,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn domain(claims: Value) -> String {
        format!("{:?}", EmailDomain::of(&ValidatedClaims::for_tests(claims)))
    }

    /// Threat 36: e-mail claims with several `@`, or unverified.
    #[test]
    fn threat_36_only_a_verified_address_with_one_at_has_a_domain() {
        assert_eq!(domain(json!({ "email": "a@b.example", "email_verified": true })), "Proven(\"b.example\")");
        assert_eq!(domain(json!({})), "Absent");
        assert_eq!(domain(json!({ "email_verified": true })), "Absent");
        for email in
            ["", "@", "a", "@b.example", "a@x.example@b.example", "a@b.example@x.example", "\"a@b.example\"@x.example"]
        {
            assert_eq!(domain(json!({ "email": email, "email_verified": true })), "Unproven", "{email}");
        }
        for email in [json!(null), json!(1), json!(["a@b.example"]), json!({ "a": "a@b.example" })] {
            assert_eq!(domain(json!({ "email": email, "email_verified": true })), "Unproven", "{email}");
        }
        assert_eq!(domain(json!({ "email": "a@b.example" })), "Unproven");
        for verified in [json!(false), json!(null), json!("true"), json!(1), json!([true])] {
            assert_eq!(domain(json!({ "email": "a@b.example", "email_verified": verified })), "Unproven", "{verified}");
        }
    }
}
