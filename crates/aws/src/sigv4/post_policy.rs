//! Uploads from a form ("Browser-Based Uploads Using POST" in the Amazon S3 API Reference): a policy that says what may be
//! uploaded, signed.

use super::credentials::Credentials;
use super::error::SigningError;
use super::presign::MAX_EXPIRY_SECONDS;
use super::scope::{ALGORITHM, Scope};
use crate::date::Second;
use crate::{base64, json};

/// What may be uploaded.
#[derive(Debug, Clone)]
pub struct PostPolicy<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// Fields of the form, each with the one value that it may have: `key`, `Content-Type`, …
    pub fields: &'a [(&'a str, &'a str)],
    /// The smallest and the largest size of the file, in bytes.
    pub content_length: (u64, u64),
    /// When the upload has to begin at the latest, in seconds since 1970.
    pub expires_at: u64,
}

/// The fields of the form, in order; the field `file` comes after them. They carry the right to upload, and are not to be
/// printed.
pub fn sign_post_policy(
    policy: &PostPolicy<'_>,
    scope: &Scope<'_>,
    credentials: &Credentials,
) -> Result<Vec<(String, String)>, SigningError> {
    let lifetime = policy.expires_at.checked_sub(scope.now).ok_or(SigningError::Expiry)?;
    if !(1..=u64::from(MAX_EXPIRY_SECONDS)).contains(&lifetime) {
        return Err(SigningError::Expiry);
    }
    let (least, most) = policy.content_length;
    if least > most || policy.fields.iter().any(|(name, _)| is_set_by_signing(name)) {
        return Err(SigningError::Policy);
    }

    let mut fields: Vec<(String, String)> =
        policy.fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    fields.push(("x-amz-algorithm".to_owned(), ALGORITHM.to_owned()));
    fields.push(("x-amz-credential".to_owned(), scope.credential(credentials)));
    fields.push(("x-amz-date".to_owned(), scope.timestamp.clone()));
    if let Some(token) = &credentials.session_token {
        fields.push(("x-amz-security-token".to_owned(), token.clone()));
    }

    let encoded = base64::encode(policy.text(&fields)?.as_bytes());
    let signature = scope.signature(credentials, &encoded);
    fields.push(("policy".to_owned(), encoded));
    fields.push(("x-amz-signature".to_owned(), signature));
    Ok(fields)
}

fn is_set_by_signing(name: &str) -> bool {
    let set = [
        "file",
        "policy",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-signature",
        "bucket",
    ];
    set.iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
}

impl PostPolicy<'_> {
    /// The policy as JSON: every field has to be just what it is here.
    fn text(&self, fields: &[(String, String)]) -> Result<String, SigningError> {
        let expiration = Second::from_unix(self.expires_at).ok_or(SigningError::Time)?.extended();
        let mut text = ["{\"expiration\":\"", &expiration, "\",\"conditions\":["].concat();
        push_condition(&mut text, "bucket", self.bucket);
        for (name, value) in fields {
            push_condition(&mut text, name, value);
        }
        let (least, most) = self.content_length;
        let limits = ["[\"content-length-range\",", &least.to_string(), ",", &most.to_string(), "]]}"];
        text.push_str(&limits.concat());
        Ok(text)
    }
}

/// `{"name":"value"},`
fn push_condition(text: &mut String, name: &str, value: &str) {
    text.push('{');
    json::push_string(text, name);
    text.push(':');
    json::push_string(text, value);
    text.push_str("},");
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_451_347_200;

    fn policy() -> PostPolicy<'static> {
        let fields = &[("key", "avatars/u\"1.png"), ("Content-Type", "image/png")];
        PostPolicy { bucket: "examplebucket", fields, content_length: (1, 1000), expires_at: NOW + 300 }
    }

    fn signed(policy: &PostPolicy<'_>, token: Option<&str>) -> Result<Vec<(String, String)>, SigningError> {
        let credentials = Credentials::new("AKIDEXAMPLE", "secret", token).unwrap();
        sign_post_policy(policy, &Scope::new("us-east-1", "s3", NOW).unwrap(), &credentials)
    }

    #[test]
    fn every_field_of_the_form_is_a_condition_of_the_policy() {
        let fields = signed(&policy(), Some("token")).unwrap();
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        let set = ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token"];
        assert_eq!(names, [&["key", "Content-Type"], &set[..], &["policy", "x-amz-signature"]].concat());
        assert_eq!(
            policy().text(&fields[..6]).unwrap(),
            "{\"expiration\":\"2015-12-29T00:05:00Z\",\"conditions\":[{\"bucket\":\"examplebucket\"},\
             {\"key\":\"avatars/u\\\"1.png\"},{\"Content-Type\":\"image/png\"},\
             {\"x-amz-algorithm\":\"AWS4-HMAC-SHA256\"},\
             {\"x-amz-credential\":\"AKIDEXAMPLE/20151229/us-east-1/s3/aws4_request\"},\
             {\"x-amz-date\":\"20151229T000000Z\"},{\"x-amz-security-token\":\"token\"},\
             [\"content-length-range\",1,1000]]}"
        );
    }

    #[test]
    fn limits_that_leave_nothing_or_too_much_are_refused() {
        let error = |policy: PostPolicy<'_>| signed(&policy, None).err();
        assert_eq!(error(PostPolicy { expires_at: NOW, ..policy() }), Some(SigningError::Expiry));
        assert_eq!(error(PostPolicy { expires_at: NOW - 1, ..policy() }), Some(SigningError::Expiry));
        assert_eq!(error(PostPolicy { expires_at: NOW + 604_801, ..policy() }), Some(SigningError::Expiry));
        assert_eq!(error(PostPolicy { expires_at: NOW + 604_800, ..policy() }), None);
        assert_eq!(error(PostPolicy { content_length: (2, 1), ..policy() }), Some(SigningError::Policy));
        assert_eq!(error(PostPolicy { fields: &[("X-Amz-Date", "")], ..policy() }), Some(SigningError::Policy));
    }

    /// The policy and the signature of "Example: Browser-Based Upload using HTTP POST" in the Amazon S3 API Reference. Its
    /// text is written by hand, so it is the signature that is compared.
    #[test]
    fn the_example_of_the_documentation() {
        let text = [
            r#"{ "expiration": "2015-12-30T12:00:00.000Z","#,
            r#"  "conditions": ["#,
            r#"    {"bucket": "sigv4examplebucket"},"#,
            r#"    ["starts-with", "$key", "user/user1/"],"#,
            r#"    {"acl": "public-read"},"#,
            r#"    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},"#,
            r#"    ["starts-with", "$Content-Type", "image/"],"#,
            r#"    {"x-amz-meta-uuid": "14365123651274"},"#,
            r#"    {"x-amz-server-side-encryption": "AES256"},"#,
            r#"    ["starts-with", "$x-amz-meta-tag", ""],"#,
            "",
            r#"    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},"#,
            r#"    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},"#,
            r#"    {"x-amz-date": "20151229T000000Z" }"#,
            "  ]",
            "}",
        ];
        let encoded = base64::encode(text.join("\r\n").as_bytes());
        let credentials =
            Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None).unwrap();
        let scope = Scope::new("us-east-1", "s3", NOW).unwrap();
        assert_eq!(
            scope.signature(&credentials, &encoded),
            "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"
        );
    }
}
