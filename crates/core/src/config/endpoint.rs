//! What rules answer themselves, as it is written: `signedCookies` and `uploads` by name, and `respond` in a rule.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::problem::{Place, Problems, nearest};
use super::reader::{ObjectReader, boolean, integer, string};
use super::secret::Secret;
use crate::endpoint::{ContentType, CookieScope, Endpoint, Form, KeyHash, SameSite, SignedAccess, Text, Uploads};
use crate::flaw::{Flaw, flaw};
use crate::json::Json;
use crate::secrets::{SecretUse, Secrets};
use crate::url;

/// "Use signed cookies" in the CloudFront Developer Guide sets no limit; a year is no session.
const MAX_LIFETIME_SECONDS: i64 = 31_536_000;
/// "Download and upload objects with presigned URLs" in the Amazon S3 User Guide: seven days.
const MAX_UPLOAD_SECONDS: i64 = 604_800;
/// The largest object of a single upload is 5 GB ("Uploading objects" in the Amazon S3 User Guide).
const MAX_UPLOAD_BYTES: i64 = 5_368_709_120;

/// A signer of CloudFront's cookies and URLs, as it is written.
#[derive(Debug)]
pub(super) struct SignedCookies {
    key_pair_id: Option<String>,
    private_key: Option<Secret>,
    hash: Option<String>,
    resource: Option<String>,
    url: Option<String>,
    lifetime_seconds: Option<i64>,
    starts_at: Option<i64>,
    outlives_token: Option<bool>,
    for_viewer_address: Option<bool>,
    cookies: Option<Cookies>,
}

#[derive(Debug, Default)]
struct Cookies {
    domain: Option<String>,
    path: Option<String>,
    same_site: Option<String>,
}

/// What may be uploaded, as it is written.
#[derive(Debug)]
pub(super) struct Upload {
    bucket: Option<String>,
    region: Option<String>,
    endpoint: Option<String>,
    key: Option<String>,
    content_types: Option<Vec<(String, String)>>,
    expires_seconds: Option<i64>,
    min_bytes: Option<i64>,
    max_bytes: Option<i64>,
}

/// What a rule answers, as it is written.
#[derive(Debug)]
pub(super) struct Respond {
    signed_cookies: Option<String>,
    clear_signed_cookies: Option<String>,
    signed_url: Option<String>,
    upload: Option<String>,
}

impl SignedCookies {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            key_pair_id: object.read("keyPairId", string),
            private_key: object.read("privateKey", Secret::read),
            hash: object.read("hash", string),
            resource: object.read("resource", string),
            url: object.read("url", string),
            lifetime_seconds: object.read("lifetimeSeconds", integer),
            starts_at: object.read("startsAt", integer),
            outlives_token: object.read("outlivesToken", boolean),
            for_viewer_address: object.read("forViewerAddress", boolean),
            cookies: object.read("cookies", Cookies::read),
        })
    }
}

impl Cookies {
    fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            domain: object.read("domain", string),
            path: object.read("path", string),
            same_site: object.read("sameSite", string),
        })
    }
}

impl Upload {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            bucket: object.read("bucket", string),
            region: object.read("region", string),
            endpoint: object.read("endpoint", string),
            key: object.read("key", string),
            content_types: object.map("contentTypes", string),
            expires_seconds: object.read("expiresSeconds", integer),
            min_bytes: object.read("minBytes", integer),
            max_bytes: object.read("maxBytes", integer),
        })
    }
}

impl Respond {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            signed_cookies: object.read("signedCookies", string),
            clear_signed_cookies: object.read("clearSignedCookies", string),
            signed_url: object.read("signedUrl", string),
            upload: object.read("upload", string),
        })
    }
}

/// What rules can name.
#[derive(Debug, Default)]
pub(super) struct Endpoints {
    signed_cookies: BTreeMap<String, Rc<SignedAccess>>,
    uploads: BTreeMap<String, Rc<Uploads>>,
}

impl Endpoints {
    pub(super) fn compile(
        signed_cookies: Vec<(String, SignedCookies)>,
        uploads: Vec<(String, Upload)>,
        secrets: &mut Secrets,
        problems: &mut Problems,
    ) -> Self {
        let mut endpoints = Self::default();
        for (name, written) in signed_cookies {
            let place = Place::top("signedCookies").member(&name);
            if let Some(access) = signed_access(&name, written, &place, secrets, problems) {
                endpoints.signed_cookies.insert(name, Rc::new(access));
            }
        }
        for (name, written) in uploads {
            let place = Place::top("uploads").member(&name);
            if let Some(upload) = upload(written, &place, problems) {
                endpoints.uploads.insert(name, Rc::new(upload));
            }
        }
        endpoints
    }

    /// What a rule whose path has these captures answers.
    pub(super) fn named_by(
        &self,
        written: Respond,
        captures: &[&str],
        place: &Place,
        problems: &mut Problems,
    ) -> Option<Endpoint> {
        let Respond { signed_cookies, clear_signed_cookies, signed_url, upload } = written;
        let access = |key: &str, name: String, problems: &mut Problems| {
            let found = find(&self.signed_cookies, &name, "signedCookies");
            let access = problems.take(&place.member(key), found)?;
            let missing = access.captures().find(|capture| !captures.contains(capture)).map(str::to_owned);
            if let Some(missing) = missing {
                let flaw = flaw!("`{name}` needs `{{path:{missing}}}`, which the rule's path does not capture");
                problems.add(&place.member(key), flaw);
            }
            Some(access)
        };
        match (signed_cookies, clear_signed_cookies, signed_url, upload) {
            (Some(name), None, None, None) => access("signedCookies", name, problems).map(Endpoint::SignedCookies),
            (None, Some(name), None, None) => {
                let found = find(&self.signed_cookies, &name, "signedCookies");
                problems.take(&place.member("clearSignedCookies"), found).map(Endpoint::ClearSignedCookies)
            }
            (None, None, Some(name), None) => access("signedUrl", name, problems).map(Endpoint::SignedUrl),
            (None, None, None, Some(name)) => {
                let found = find(&self.uploads, &name, "uploads");
                problems.take(&place.member("upload"), found).map(Endpoint::Upload)
            }
            _ => {
                problems.add(place, "name one of `signedCookies`, `clearSignedCookies`, `signedUrl` and `upload`");
                None
            }
        }
    }
}

fn find<T>(known: &BTreeMap<String, Rc<T>>, name: &str, key: &str) -> Result<Rc<T>, Flaw> {
    known.get(name).cloned().ok_or_else(|| match nearest(name, known.keys().map(String::as_str)) {
        Some(near) => flaw!("`{key}` has no `{name}`: did you mean `{near}`?"),
        None => flaw!("`{key}` has no `{name}`"),
    })
}

fn signed_access(
    name: &str,
    written: SignedCookies,
    place: &Place,
    secrets: &mut Secrets,
    problems: &mut Problems,
) -> Option<SignedAccess> {
    let key_pair_id = problems.take(&place.member("keyPairId"), key_pair_id(written.key_pair_id));
    let key_place = place.member("privateKey");
    let reference = match written.private_key {
        Some(secret) => secret.reference(&key_place, problems),
        None => {
            problems.add(&key_place, "missing: `{\"file\": \"./private_key.pem\"}`, the key of the key group");
            None
        }
    };
    let hash = problems.take(&place.member("hash"), key_hash(written.hash.as_deref()));
    let resource = problems.take(&place.member("resource"), resource_text(written.resource.as_deref()));
    let url = written.url.map(|url| problems.take(&place.member("url"), resource_text(Some(&url))));
    let lifetime = seconds(written.lifetime_seconds, MAX_LIFETIME_SECONDS);
    let lifetime = problems.take(&place.member("lifetimeSeconds"), lifetime);
    let starts_at = written.starts_at.map(|at| {
        let at = u64::try_from(at).map_err(|_| Flaw::from("a time in seconds since 1970"));
        problems.take(&place.member("startsAt"), at)
    });
    let cookies = cookie_scope(written.cookies.unwrap_or_default(), &place.member("cookies"), problems);
    let key = ["signedCookies.", name, ".privateKey"].concat();
    secrets.refer(key.clone(), reference?, SecretUse::Host);
    Some(SignedAccess {
        key,
        key_pair_id: key_pair_id?,
        hash: hash?,
        resource: resource?,
        url: match url {
            Some(url) => Some(url?),
            None => None,
        },
        lifetime_seconds: lifetime?,
        starts_at: match starts_at {
            Some(at) => Some(at?),
            None => None,
        },
        outlives_token: written.outlives_token.unwrap_or(false),
        for_viewer_address: written.for_viewer_address.unwrap_or(false),
        cookies: cookies?,
    })
}

fn key_pair_id(written: Option<String>) -> Result<String, Flaw> {
    let id = written.ok_or("missing: the id of the public key in CloudFront, `K2JCJMDEHXQW5F` for one")?;
    match !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        true => Ok(id),
        false => Err(flaw!("`{id}` is no id of a public key in CloudFront, as `K2JCJMDEHXQW5F` is one")),
    }
}

fn key_hash(written: Option<&str>) -> Result<KeyHash, Flaw> {
    match written {
        None | Some("SHA1") => Ok(KeyHash::Sha1),
        Some("SHA256") => Ok(KeyHash::Sha256),
        Some(other) => Err(flaw!("unknown hash `{other}`: it is `SHA1`, CloudFront's default, or `SHA256`")),
    }
}

/// What is said of a resource beforehand is said of it with something plain in the place of its parts.
fn resource_text(written: Option<&str>) -> Result<Text, Flaw> {
    let written = written.ok_or("missing: what is opened, `https://media.example.com/{claim:sub}/*` for one")?;
    let text = Text::parse(written, &[], true)?;
    edge_authorizer_aws::cloudfront::Policy::custom(&text.sample(), 1).map_err(|error| flaw!("{error}"))?;
    Ok(text)
}

fn seconds(written: Option<i64>, most: i64) -> Result<u32, Flaw> {
    let seconds =
        written.filter(|seconds| (1..=most).contains(seconds)).and_then(|seconds| u32::try_from(seconds).ok());
    seconds.ok_or_else(|| flaw!("how long it is good: from 1 to {most} seconds"))
}

fn cookie_scope(written: Cookies, place: &Place, problems: &mut Problems) -> Option<CookieScope> {
    let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';');
    let path = written.path.unwrap_or_else(|| "/".to_owned());
    if !path.starts_with('/') || !plain(&path) {
        problems.add(&place.member("path"), "a path begins with `/`, and has no `;` in it");
    }
    if written.domain.as_deref().is_some_and(|domain| !plain(domain) || !domain.contains('.')) {
        problems.add(&place.member("domain"), "a domain that the distribution's own host belongs to, `example.com`");
    }
    let same_site = written.same_site.as_deref().unwrap_or("None");
    let known = SameSite::ALL.into_iter().find(|known| known.as_str() == same_site);
    let known = known.ok_or_else(|| flaw!("unknown value `{same_site}`: it is `Strict`, `Lax` or `None`"));
    Some(CookieScope { domain: written.domain, path, same_site: problems.take(&place.member("sameSite"), known)? })
}

fn upload(written: Upload, place: &Place, problems: &mut Problems) -> Option<Uploads> {
    let bucket = problems.take(&place.member("bucket"), plain_name(written.bucket, "the bucket's name"));
    let region = problems.take(&place.member("region"), plain_name(written.region, "the bucket's Region"));
    let key = problems.take(&place.member("key"), upload_key(written.key.as_deref()));
    let expires = seconds(written.expires_seconds.or(Some(300)), MAX_UPLOAD_SECONDS);
    let expires = problems.take(&place.member("expiresSeconds"), expires);
    if let Some(endpoint) = &written.endpoint {
        let has_path = endpoint.split_once("://").is_some_and(|(_, host)| host.contains(['/', '?']));
        if has_path || url::check_fetchable(endpoint).is_err() {
            problems.add(&place.member("endpoint"), "a server that speaks S3, `https://s3.example.com` for one");
        }
    }
    let types = content_types(written.content_types, &place.member("contentTypes"), problems);
    let form = problems.take(place, form(written.min_bytes, written.max_bytes));
    Some(Uploads {
        bucket: bucket?,
        region: region?,
        endpoint: written.endpoint,
        key: key?,
        types,
        expires_seconds: expires?,
        form: form?,
    })
}

/// "General purpose bucket naming rules" in the Amazon S3 User Guide, and names of Regions.
fn plain_name(written: Option<String>, what: &str) -> Result<String, Flaw> {
    let name = written.ok_or_else(|| flaw!("missing: {what}"))?;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    match !name.is_empty() && name.len() <= 63 && name.bytes().all(plain) && !name.contains("..") {
        true => Ok(name),
        false => Err(flaw!("`{name}`: {what} has small letters, digits, `-` and `.`")),
    }
}

/// Threat 39: a viewer who has a say in the key has a say in whose file it replaces.
fn upload_key(written: Option<&str>) -> Result<Text, Flaw> {
    let written = written.ok_or("missing: `avatars/{claim:sub}.{extension}` for one")?;
    let key = Text::parse(written, &["extension", "now"], false)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!-_.*'()/@=,:~".contains(&byte);
    let sample = key.sample();
    if sample.starts_with('/')
        || !sample.bytes().all(plain)
        || sample.split('/').any(|part| part == ".." || part == ".")
    {
        return Err("a key has no `/` at its beginning, no dot segments, and plain characters only".into());
    }
    if !key.has("extension") {
        return Err("a key ends with `.{extension}`: its type could not be told otherwise".into());
    }
    Ok(key)
}

fn content_types(written: Option<Vec<(String, String)>>, place: &Place, problems: &mut Problems) -> Vec<ContentType> {
    let written = written.unwrap_or_default();
    if written.is_empty() {
        problems.add(place, "what may be uploaded, by extension: `{\"png\": \"image/png\"}` for one");
    }
    let mut types = Vec::new();
    for (extension, content_type) in written {
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+._".contains(&byte));
        let is_type = content_type
            .split_once('/')
            .is_some_and(|(one, two)| !one.is_empty() && !two.is_empty() && plain(one) && plain(two));
        if extension.is_empty() || !extension.bytes().all(|byte| byte.is_ascii_alphanumeric()) || !is_type {
            problems.add(&place.member(&extension), "an extension without dot, and its type, `image/png` for one");
        }
        types.push(ContentType { extension, content_type });
    }
    types
}

fn form(min_bytes: Option<i64>, max_bytes: Option<i64>) -> Result<Option<Form>, Flaw> {
    let limits = 0..=MAX_UPLOAD_BYTES;
    match (min_bytes, max_bytes) {
        (None, None) => Ok(None),
        (Some(_), None) => Err("`minBytes` goes with `maxBytes`".into()),
        (min, Some(max)) if limits.contains(&max) && limits.contains(&min.unwrap_or(1)) && min.unwrap_or(1) <= max => {
            let bytes = |number: i64| u64::try_from(number).unwrap_or_default();
            Ok(Some(Form { min_bytes: bytes(min.unwrap_or(1)), max_bytes: bytes(max) }))
        }
        _ => Err(flaw!("from `minBytes` to `maxBytes`, {MAX_UPLOAD_BYTES} at most")),
    }
}
