//! OpenID Connect Discovery 1.0: the document in which an issuer says where its keys are.

use crate::json::{self, Json, Object};
use crate::provider::Issuer;
use crate::url;

/// What has to follow an issuer to make the URL of its document (section 4).
pub(crate) const PATH: &str = "/.well-known/openid-configuration";

/// The `jwks_uri` of an issuer's document, which has to be a URL that keys may be fetched from.
pub(crate) fn jwks_uri(issuer: &Issuer, document: &str) -> Result<String, String> {
    let (document, issuers) = of_issuer(issuer, document)?;
    let uri = document.get("jwks_uri").and_then(Json::as_str).ok_or("it has no `jwks_uri`")?;
    url::check_discovered(uri, issuers).map_err(|reason| format!("its `jwks_uri`: {reason}"))?;
    Ok(uri.to_owned())
}

/// The members of a document, whose `issuer` has to be the configured one, exactly (section 4.3); and that issuer.
pub(crate) fn of_issuer<'i>(issuer: &'i Issuer, document: &str) -> Result<(Object, &'i [String]), String> {
    let document = json::parse_object(document.into()).map_err(|error| format!("not a JSON object: {error}"))?;
    let Issuer::OneOf(issuers) = issuer else {
        return Err("the provider has no issuer to compare with".to_owned());
    };
    let claimed = document.get("issuer").and_then(Json::as_str);
    if !issuers.iter().any(|issuer| claimed == Some(issuer)) {
        return Err("its `issuer` is not the configured one".to_owned());
    }
    Ok((document, issuers))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(document: &str) -> Result<String, String> {
        jwks_uri(&Issuer::OneOf(vec!["https://issuer.example/".to_owned()]), document)
    }

    #[test]
    fn the_document_of_the_issuer_names_its_keys() {
        let document = r#"{"issuer":"https://issuer.example/","jwks_uri":"https://keys.example/set","x":[1]}"#;
        assert_eq!(found(document).as_deref(), Ok("https://keys.example/set"));
    }

    /// A document that is another issuer's, or that sends us elsewhere.
    #[test]
    fn threat_20_another_document_is_refused() {
        for document in [
            r#"{"issuer":"https://issuer.example","jwks_uri":"https://keys.example/set"}"#,
            r#"{"issuer":"https://evil.example/","jwks_uri":"https://keys.example/set"}"#,
            r#"{"issuer":["https://issuer.example/"],"jwks_uri":"https://keys.example/set"}"#,
            r#"{"issuer":"https://evil.example/","issuer":"https://issuer.example/","jwks_uri":"https://keys.example/set"}"#,
            r#"{"jwks_uri":"https://keys.example/set"}"#,
            r#"{"issuer":"https://issuer.example/"}"#,
            r#"{"issuer":"https://issuer.example/","jwks_uri":7}"#,
            r#"{"issuer":"https://issuer.example/","jwks_uri":"http://keys.example/set"}"#,
            r#"{"issuer":"https://issuer.example/","jwks_uri":"http://127.0.0.1/latest/meta-data"}"#,
            r#"{"issuer":"https://issuer.example/","jwks_uri":"https://localhost/set"}"#,
            r#"{"issuer":"https://issuer.example/","jwks_uri":"file:///etc/passwd"}"#,
            "[]",
            "",
        ] {
            assert!(found(document).is_err(), "{document}");
        }
    }
}
