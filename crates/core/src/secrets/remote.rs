//! Secrets in AWS Systems Manager Parameter Store and AWS Secrets Manager: the requests for them.

use edge_authorizer_aws::sigv4::{self, Options, Payload, Request, Scope};

use crate::fetch::Fetch;
use crate::key_times::KeyTimes;
use crate::role::RoleCredentials;
use crate::time::UnixTime;
use crate::url::split_at_scheme;

/// A secret that the host fetches with the function's own role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSecret {
    /// Which service has it.
    pub store: SecretStore,
    /// Its name or ARN there. Every character stands for itself in JSON.
    pub id: String,
    /// The member of the secret's JSON that is meant; none where it is the whole text.
    pub key: Option<String>,
    /// Where it lives: `us-east-1`.
    pub region: String,
    /// Where to ask, instead of at the service's own address.
    pub endpoint: Option<String>,
    /// How long a fetched value is good.
    pub times: KeyTimes,
}

/// A service that keeps secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretStore {
    /// AWS Systems Manager Parameter Store: a parameter, decrypted if it is a `SecureString`.
    Ssm,
    /// AWS Secrets Manager: the current version of a secret.
    SecretsManager,
}

impl SecretStore {
    /// The name in the credential scope, and in the host's name.
    pub(crate) fn service(self) -> &'static str {
        match self {
            Self::Ssm => "ssm",
            Self::SecretsManager => "secretsmanager",
        }
    }
}

impl RemoteSecret {
    /// The signed request for the value at the time `now`: `GetParameter` in the AWS Systems Manager API Reference,
    /// `GetSecretValue` in the AWS Secrets Manager API Reference.
    pub(crate) fn request(&self, role: &RoleCredentials<'_>, now: UnixTime) -> Result<Fetch, &'static str> {
        let service = self.store.service();
        let (target, body) = match self.store {
            SecretStore::Ssm => {
                ("AmazonSSM.GetParameter", ["{\"Name\":\"", &self.id, "\",\"WithDecryption\":true}"].concat())
            }
            SecretStore::SecretsManager => {
                ("secretsmanager.GetSecretValue", ["{\"SecretId\":\"", &self.id, "\"}"].concat())
            }
        };
        let url = match &self.endpoint {
            Some(endpoint) => [endpoint.trim_end_matches('/'), "/"].concat(),
            None => ["https://", service, ".", &self.region, ".amazonaws.com/"].concat(),
        };
        let (_, host) = split_at_scheme(url.trim_end_matches('/')).unwrap_or_default();
        let headers = [("host", host), ("content-type", "application/x-amz-json-1.1"), ("x-amz-target", target)];
        let request = Request {
            method: "POST",
            path: "/",
            query: "",
            headers: &headers,
            payload: Payload::Bytes(body.as_bytes()),
        };
        let credentials = role.at(now)?;
        let signed = Scope::new(&self.region, service, now.whole_seconds())
            .and_then(|scope| sigv4::sign(&request, &scope, &credentials, Options::for_service(service)))
            .map_err(|_| "the request for the secret cannot be signed")?;
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let signed = signed.headers.into_iter().map(|(name, value)| (name.to_owned(), value));
        Ok(Fetch { method: "POST", headers: headers.chain(signed).collect(), url, body })
    }
}
