//! What AWS knows a caller by.

use std::fmt;

use super::error::SigningError;

/// An access key, with the session token of temporary credentials.
#[derive(Clone)]
pub struct Credentials {
    pub(super) access_key_id: String,
    pub(super) secret_access_key: String,
    pub(super) session_token: Option<String>,
}

impl Credentials {
    /// The values of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    ///
    /// [`SigningError::Credentials`] where one is empty or has anything but printable ASCII in it: it stands in headers.
    pub fn new(
        access_key_id: &str,
        secret_access_key: &str,
        session_token: Option<&str>,
    ) -> Result<Self, SigningError> {
        let all = [Some(access_key_id), Some(secret_access_key), session_token];
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !all.into_iter().flatten().all(plain) || access_key_id.contains('/') {
            return Err(SigningError::Credentials);
        }
        Ok(Self {
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
            session_token: session_token.map(str::to_owned),
        })
    }
}

/// Names the access key, which is public, and nothing that is secret.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_no_secret() {
        let credentials = Credentials::new("AKIDEXAMPLE", "hidden-secret", Some("hidden-token")).unwrap();
        let printed = format!("{credentials:?}");
        assert!(printed.contains("AKIDEXAMPLE"));
        assert!(!printed.contains("hidden"), "{printed}");
    }

    #[test]
    fn what_cannot_be_credentials_is_refused() {
        for (id, secret, token) in
            [("", "s", None), ("a", "", None), ("a", "s", Some("")), ("a/b", "s", None), ("a", "s", Some("t\r\nx: y"))]
        {
            assert_eq!(Credentials::new(id, secret, token).err(), Some(SigningError::Credentials));
        }
    }
}
