//! Secrets: never in the configuration itself, but by a reference to where they are.

use super::key_times::key_times;
use super::names::is_region;
use super::problem::{Place, Problems};
use super::reader::{ObjectReader, integer, string};
use crate::flaw::{Flaw, flaw};
use crate::json::Json;
use crate::secrets::{RemoteSecret, SecretReference, SecretStore};
use crate::url;

/// Where a secret lives unless something else is said: where every Lambda@Edge function lives ("Restrictions on
/// Lambda@Edge" in the CloudFront Developer Guide). Its replicas run elsewhere, but secrets are not replicated with them.
const DEFAULT_REGION: &str = "us-east-1";

/// The longest name or ARN of either service ("GetParameter" and "GetSecretValue" in their API References).
const MAX_ID_BYTES: usize = 2048;

/// A reference, as it is written.
#[derive(Debug)]
pub(super) struct Secret {
    file: Option<String>,
    ssm: Option<String>,
    secrets_manager: Option<String>,
    key: Option<String>,
    region: Option<String>,
    endpoint: Option<String>,
    max_age_seconds: Option<i64>,
    stale_if_error_seconds: Option<i64>,
}

impl Secret {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        if let Json::String(_) = value {
            let where_it_is = "this is a string, but has to be an object: `{\"file\": \"./secret.txt\"}` names a file with the secret";
            problems.add_illegible(place, where_it_is.into());
            return None;
        }
        ObjectReader::read_all(value, place, problems, |object| Self {
            file: object.read("file", string),
            ssm: object.read("ssm", string),
            secrets_manager: object.read("secretsManager", string),
            key: object.read("key", string),
            region: object.read("region", string),
            endpoint: object.read("endpoint", string),
            max_age_seconds: object.read("maxAgeSeconds", integer),
            stale_if_error_seconds: object.read("staleIfErrorSeconds", integer),
        })
    }

    /// Where the secret is; `place` is that of the reference.
    pub(super) fn reference(mut self, place: &Place, problems: &mut Problems) -> Option<SecretReference> {
        let (store, member, id) = match (self.file.take(), self.ssm.take(), self.secrets_manager.take()) {
            (Some(file), None, None) => return self.file_reference(file, place, problems),
            (None, Some(id), None) => (SecretStore::Ssm, "ssm", id),
            (None, None, Some(id)) => (SecretStore::SecretsManager, "secretsManager", id),
            _ => {
                problems.add(place, "it names no `file`, `ssm` or `secretsManager`, or more than one of them");
                return None;
            }
        };
        let max_age = ("maxAgeSeconds", self.max_age_seconds);
        let stale_if_error = ("staleIfErrorSeconds", self.stale_if_error_seconds);
        let times = key_times(max_age, stale_if_error, place, problems);
        if self.key.is_some() && store == SecretStore::Ssm {
            problems.add(&place.member("key"), "only secrets of AWS Secrets Manager are JSON with members");
        }
        let region = problems.take(&place.member(member), region_of(store, &id, self.region.as_deref()));
        let endpoint =
            self.endpoint.map(|endpoint| problems.take(&place.member("endpoint"), checked_endpoint(endpoint)));
        let endpoint = match endpoint {
            None => None,
            Some(checked) => Some(checked?),
        };
        let (times, region) = (times?, region?);
        Some(SecretReference::Remote(RemoteSecret { store, id, key: self.key, region, endpoint, times }))
    }

    /// A file has none of the other members.
    fn file_reference(self, file: String, place: &Place, problems: &mut Problems) -> Option<SecretReference> {
        let Self { key, region, endpoint, max_age_seconds, stale_if_error_seconds, .. } = self;
        if [key, region, endpoint].iter().any(Option::is_some) || max_age_seconds.or(stale_if_error_seconds).is_some() {
            problems.add(place, "beside `file` there is nothing else to say");
        }
        problems.take(&place.member("file"), bundled(&file))?;
        Some(SecretReference::File(file))
    }
}

/// A file that can be bundled: below the configuration's own folder.
pub(super) fn bundled(path: &str) -> Result<(), Flaw> {
    let relative = path.strip_prefix("./").unwrap_or(path);
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
    if relative.split('/').all(plain) {
        Ok(())
    } else {
        Err(flaw!("`{path}`: it has to be a file in the configuration's folder or below, as `./secret.txt` is"))
    }
}

/// The region of a name or an ARN, whose characters are checked as well: those that are allowed need no escape in JSON.
fn region_of(store: SecretStore, id: &str, written: Option<&str>) -> Result<String, Flaw> {
    let others: &[u8] = match store {
        SecretStore::Ssm => b"/_.-:",
        SecretStore::SecretsManager => b"/_.-:+=@!",
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || others.contains(&byte);
    if id.is_empty() || id.len() > MAX_ID_BYTES || !id.bytes().all(plain) {
        return Err(flaw!("`{id}` is no name and no ARN there"));
    }
    if !id.starts_with("arn:") {
        return region(written.unwrap_or(DEFAULT_REGION));
    }
    let mut parts = id.split(':');
    match [(); 4].map(|()| parts.next().unwrap_or_default()) {
        ["arn", "aws", service, region] if service == store.service() => match written {
            Some(written) if written != region => Err(flaw!("the ARN is one in `{region}`, not in `{written}`")),
            _ => self::region(region),
        },
        _ => Err(flaw!("`{id}` is no ARN there: one begins with `arn:aws:{}:us-east-1:`", store.service())),
    }
}

fn region(text: &str) -> Result<String, Flaw> {
    if is_region(text) { Ok(text.to_owned()) } else { Err(flaw!("`{text}` is no region: `us-east-1` is one")) }
}

/// Scheme and host, and nothing behind them.
fn checked_endpoint(endpoint: String) -> Result<String, Flaw> {
    url::check_fetchable(&endpoint).map_err(|reason| flaw!("{reason}"))?;
    let (_, rest) = endpoint.split_once("://").unwrap_or_default();
    if rest.trim_end_matches('/').contains(['/', '?']) {
        return Err("it is a host and nothing behind it, as `https://ssm.us-east-1.api.aws` is".into());
    }
    Ok(endpoint)
}
