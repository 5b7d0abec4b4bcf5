//! What `authorizer.json` says about signing in, as it is written: names and types, no meaning yet.

use super::problem::{Place, Problems};
use super::reader::{ObjectReader, boolean, integer, string};
use super::secret::Secret;
use crate::json::Json;

/// `signIn` at the top.
#[derive(Debug)]
pub(super) struct SignIn {
    pub(super) redirect_path_sign_in: Option<String>,
    pub(super) redirect_path_sign_out: Option<String>,
    pub(super) redirect_path_auth_refresh: Option<String>,
    pub(super) sign_out_url: Option<String>,
    pub(super) cookie_key: Option<Vec<Secret>>,
    pub(super) cookie_settings: Option<CookieSettings>,
    pub(super) attempt_max_age_seconds: Option<i64>,
    pub(super) session_max_age_seconds: Option<i64>,
    pub(super) refresh_before_seconds: Option<i64>,
    pub(super) compatible_cookies: Option<Vec<String>>,
    pub(super) page: Option<Secret>,
}

#[derive(Debug, Default)]
pub(super) struct CookieSettings {
    pub(super) domain: Option<String>,
    pub(super) same_site: Option<String>,
    pub(super) secure: Option<bool>,
}

/// `signIn` of a provider.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) title: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) client_secret: Option<Secret>,
    pub(super) client_authentication: Option<String>,
    pub(super) oauth_scopes: Option<Vec<String>>,
    pub(super) authorize_parameters: Option<Vec<(String, String)>>,
    pub(super) domain: Option<String>,
    pub(super) token: Option<String>,
    pub(super) keep: Option<Vec<String>>,
}

impl SignIn {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            redirect_path_sign_in: object.read("redirectPathSignIn", string),
            redirect_path_sign_out: object.read("redirectPathSignOut", string),
            redirect_path_auth_refresh: object.read("redirectPathAuthRefresh", string),
            sign_out_url: object.read("signOutUrl", string),
            cookie_key: object.read("cookieKey", one_or_many_secrets),
            cookie_settings: object.read("cookieSettings", CookieSettings::read),
            attempt_max_age_seconds: object.read("attemptMaxAgeSeconds", integer),
            session_max_age_seconds: object.read("sessionMaxAgeSeconds", integer),
            refresh_before_seconds: object.read("refreshBeforeSeconds", integer),
            compatible_cookies: object.list("compatibleCookies", string),
            page: object.read("page", Secret::read),
        })
    }
}

impl CookieSettings {
    fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            domain: object.read("domain", string),
            same_site: object.read("sameSite", string),
            secure: object.read("secure", boolean),
        })
    }
}

impl Client {
    pub(super) fn read(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self {
            title: object.read("title", string),
            client_id: object.read("clientId", string),
            client_secret: object.read("clientSecret", Secret::read),
            client_authentication: object.read("clientAuthentication", string),
            oauth_scopes: object.list("oauthScopes", string),
            authorize_parameters: object.map("authorizeParameters", string),
            domain: object.read("domain", string),
            token: object.read("token", string),
            keep: object.list("keep", string),
        })
    }
}

fn one_or_many_secrets(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Vec<Secret>> {
    let Json::Array(items) = value else {
        return Secret::read(value, place, problems).map(|secret| vec![secret]);
    };
    let secrets = items.iter().enumerate().map(|(index, item)| Secret::read(item, &place.item(index), problems));
    secrets.collect()
}
