//! `authorizer.json` as it is written: names and types, no meaning yet.
//!
//! Every member is optional here, so that [`super::compile`] can say what is missing in the user's words.

use super::answers::Cors;
use super::claims_header::ClaimsHeader;
use super::endpoint::{Respond, SignedCookies, Upload};
use super::logging::LogSample;
use super::problem::{Place, Problems};
use super::reader::{Nullable, ObjectReader, anything, boolean, integer, one_or_many, string};
use super::secret::Secret;
use super::sign::Sign;
use super::sign_in_document::{Client, SignIn};
use crate::json::{Items, Json};

/// The whole file.
#[derive(Debug)]
pub(super) struct Document<'v> {
    pub(super) providers: Option<Vec<(String, Provider<'v>)>>,
    pub(super) token: Option<Items<'v>>,
    pub(super) rules: Option<Items<'v>>,
    pub(super) forward: Option<Forward>,
    pub(super) cors: Option<Cors>,
    pub(super) pages: Option<Vec<(String, String)>>,
    pub(super) realm: Option<String>,
    pub(super) authorization: Option<String>,
    pub(super) log_level: Option<String>,
    pub(super) log_sample: Option<LogSample>,
    pub(super) metrics: Option<bool>,
    pub(super) dicom_web: Option<DicomWeb>,
    pub(super) signed_cookies: Option<Vec<(String, SignedCookies)>>,
    pub(super) uploads: Option<Vec<(String, Upload)>>,
    pub(super) sign_in: Option<Box<SignIn>>,
}

#[derive(Debug)]
pub(super) struct Provider<'v> {
    pub(super) issuer: Nullable<String>,
    pub(super) audience: Nullable<Vec<String>>,
    pub(super) jwks_uri: Option<String>,
    pub(super) jwks_max_age_seconds: Option<i64>,
    pub(super) jwks_stale_if_error_seconds: Option<i64>,
    pub(super) jwks: Option<Json<'v>>,
    pub(super) secret: Option<Secret>,
    pub(super) algorithms: Option<Vec<String>>,
    pub(super) typ: Option<Vec<String>>,

    pub(super) user_pool_id: Option<String>,
    pub(super) token_use: Nullable<String>,
    pub(super) client_id: Nullable<Vec<String>>,

    pub(super) grace_seconds: Option<i64>,
    pub(super) allow_missing_expiry: Option<bool>,
    pub(super) max_token_age_seconds: Option<i64>,
    pub(super) groups_claim: Option<Vec<String>>,
    pub(super) sign_in: Option<Box<Client>>,
}

#[derive(Debug)]
pub(super) struct TokenSource {
    pub(super) header: Option<String>,
    pub(super) scheme: Option<String>,
    pub(super) query: Option<String>,
    pub(super) cookie: Option<String>,
}

#[derive(Debug)]
pub(super) struct Rule<'v> {
    pub(super) name: Option<String>,
    pub(super) matches: Option<Match>,
    pub(super) allow: Option<String>,
    pub(super) requires: Option<Json<'v>>,
    pub(super) provider: Option<Vec<String>>,
    pub(super) token: Option<Items<'v>>,
    pub(super) on_failure: Option<String>,
    pub(super) respond: Option<Respond>,
    pub(super) sign_in: Option<Json<'v>>,
}

#[derive(Debug)]
pub(super) struct Match {
    pub(super) host: Option<Vec<String>>,
    pub(super) path: Option<String>,
    pub(super) methods: Option<Vec<String>>,
}

#[derive(Debug, Default)]
pub(super) struct Forward {
    pub(super) strip_credentials: Option<bool>,
    pub(super) claim_to_headers: Option<Vec<(String, Vec<String>)>>,
    pub(super) claim_to_context: Option<Vec<(String, Vec<String>)>>,
    pub(super) sign: Option<Sign>,
    pub(super) claims_header: Option<ClaimsHeader>,
}

#[derive(Debug)]
pub(super) struct DicomWeb {
    pub(super) role_arn: Option<String>,
}

impl<'v> Document<'v> {
    pub(super) fn read(value: Json<'v>, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, &Place::root(), problems, |object| {
            object.value("$schema");
            Self {
                providers: object.map("providers", Provider::read),
                token: object.array("token"),
                rules: object.array("rules"),
                forward: object.read("forward", Forward::read),
                cors: object.read("cors", Cors::read),
                pages: object.map("pages", string),
                realm: object.read("realm", string),
                authorization: object.read("authorization", string),
                log_level: object.read("logLevel", string),
                log_sample: object.read("logSample", LogSample::read),
                metrics: object.read("metrics", boolean),
                dicom_web: object.read("dicomWeb", DicomWeb::read),
                signed_cookies: object.map("signedCookies", SignedCookies::read),
                uploads: object.map("uploads", Upload::read),
                sign_in: object.read("signIn", SignIn::read).map(Box::new),
            }
        })
    }
}

impl<'v> Provider<'v> {
    fn read(value: Json<'v>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            issuer: object.nullable("issuer", string),
            audience: object.nullable("audience", one_or_many),
            jwks_uri: object.read("jwksUri", string),
            jwks_max_age_seconds: object.read("jwksMaxAgeSeconds", integer),
            jwks_stale_if_error_seconds: object.read("jwksStaleIfErrorSeconds", integer),
            jwks: object.read("jwks", anything),
            secret: object.read("secret", Secret::read),
            algorithms: object.list("algorithms", string),
            typ: object.read("typ", one_or_many),
            user_pool_id: object.read("userPoolId", string),
            token_use: object.nullable("tokenUse", string),
            client_id: object.nullable("clientId", one_or_many),
            grace_seconds: object.read("graceSeconds", integer),
            allow_missing_expiry: object.read("allowMissingExpiry", boolean),
            max_token_age_seconds: object.read("maxTokenAgeSeconds", integer),
            groups_claim: object.read("groupsClaim", one_or_many),
            sign_in: object.read("signIn", Client::read).map(Box::new),
        })
    }
}

impl TokenSource {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            header: object.read("header", string),
            scheme: object.read("scheme", string),
            query: object.read("query", string),
            cookie: object.read("cookie", string),
        })
    }
}

/// `true`, `false` or a name.
fn flag_or_name<'v>(value: Json<'v>, place: &Place, problems: &mut Problems) -> Option<Json<'v>> {
    if !matches!(value, Json::Bool(_) | Json::String(_)) {
        problems.add(place, "this is something else, but has to be `true`, `false` or the name of a provider");
        return None;
    }
    Some(value)
}

impl<'v> Rule<'v> {
    pub(super) fn read(value: Json<'v>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            name: object.read("name", string),
            matches: object.read("match", Match::read),
            allow: object.read("allow", string),
            requires: object.value("requires"),
            provider: object.read("provider", one_or_many),
            token: object.array("token"),
            on_failure: object.read("onFailure", string),
            respond: object.read("respond", Respond::read),
            sign_in: object.read("signIn", flag_or_name),
        })
    }
}

impl Match {
    fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            host: object.read("host", one_or_many),
            path: object.read("path", string),
            methods: object.list("methods", string),
        })
    }
}

impl Forward {
    fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            strip_credentials: object.read("stripCredentials", boolean),
            claim_to_headers: object.map("claimToHeaders", one_or_many),
            claim_to_context: object.map("claimToContext", one_or_many),
            sign: object.read("sign", Sign::read),
            claims_header: object.read("claimsHeader", ClaimsHeader::read),
        })
    }
}

impl DicomWeb {
    fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self { role_arn: object.read("roleArn", string) })
    }
}
