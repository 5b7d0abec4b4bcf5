//! Signing in, as it is written: paths, cookies, and how each provider knows us.

use std::cell::RefCell;

use super::problem::{Place, Problems, child};
use super::secret::Secret;
use super::sign_in_document as document;
use crate::discovery;
use crate::expectations::{Audience, TokenUse};
use crate::flaw::{Flaw, flaw};
use crate::json::Json;
use crate::path::CanonicalPath;
use crate::policy::SignInChoice;
use crate::provider::{Issuer, Provider};
use crate::secrets::{SecretId, SecretUse, Secrets};
use crate::sign_in::{
    Client, ClientAuthentication, CookieSettings, EndpointSource, Endpoints, Keep, MAX_KEYS, OWN_PARAMETERS, Paths,
    SessionToken, SignIn, check_secret,
};
use crate::url;

/// Whether checks are made that keep nobody out: of what could only make the sign-in fail. The module at the edge is without
/// them, as a configuration is checked before it is bundled.
const CHECKS_ALL: bool = cfg!(feature = "tooling");

/// The paths of cloudfront-authorization-at-edge.
const REDIRECT_PATH_SIGN_IN: &str = "/parseauth";
const REDIRECT_PATH_AUTH_REFRESH: &str = "/refreshauth";
const SIGN_OUT_URL: &str = "/signout";

/// The signing in, where any provider is set up for it.
pub(super) fn sign_in(
    written: Option<Box<document::SignIn>>,
    clients: Vec<(String, Box<document::Client>)>,
    providers: &[Provider],
    secrets: &mut Secrets,
    problems: &mut Problems,
) -> Option<Box<SignIn>> {
    let place = Place::top("signIn");
    let Some(written) = written else {
        if !clients.is_empty() {
            problems.add(&place, "`signIn` is missing: with a `cookieKey` at least, since providers have `signIn`");
        }
        return None;
    };
    if clients.is_empty() {
        problems.add(&place, "no provider has `signIn`: one needs a `clientId` there");
    }
    let several = clients.len() > 1;
    let clients: Vec<_> = clients
        .into_iter()
        .map(|(name, written)| client(&name, *written, several, providers, secrets, problems))
        .collect();
    let at = |key: &str| place.member(key);
    let mut path = |key: &str, written: Option<String>, default: Option<&str>| {
        let written = written.or(default.map(str::to_owned));
        written.map_or(Some(None), |path| problems.take(&at(key), own_path(path)).map(Some))
    };
    let sign_in = path("redirectPathSignIn", written.redirect_path_sign_in, Some(REDIRECT_PATH_SIGN_IN));
    let refresh = path("redirectPathAuthRefresh", written.redirect_path_auth_refresh, Some(REDIRECT_PATH_AUTH_REFRESH));
    let sign_out = path("signOutUrl", written.sign_out_url, Some(SIGN_OUT_URL));
    let after_sign_out = path("redirectPathSignOut", written.redirect_path_sign_out, None)?;
    let mut seconds = |key: &str, written: Option<i64>, default: u32, allowed: std::ops::RangeInclusive<u32>| {
        let seconds = written.map_or(Some(default), |seconds| u32::try_from(seconds).ok());
        let seconds = seconds.filter(|seconds| allowed.contains(seconds));
        if seconds.is_none() {
            problems.add(&at(key), flaw!("from {} to {} seconds are allowed", allowed.start(), allowed.end()));
        }
        seconds.map(f64::from)
    };
    let attempt_seconds = seconds("attemptMaxAgeSeconds", written.attempt_max_age_seconds, 600, 30..=3_600);
    let session_seconds = seconds("sessionMaxAgeSeconds", written.session_max_age_seconds, 604_800, 60..=31_536_000);
    let refresh_before = seconds("refreshBeforeSeconds", written.refresh_before_seconds, 300, 0..=86_400);
    let cookies = cookie_settings(written.cookie_settings.unwrap_or_default(), &at("cookieSettings"), problems);
    let keys = cookie_keys(written.cookie_key.unwrap_or_default(), &at("cookieKey"), secrets, problems);
    let compatible = problems.take(&at("compatibleCookies"), compatible(written.compatible_cookies));
    let page = written.page.map(|page| {
        let is_text: fn(&[u8]) -> Result<(), &'static str> =
            |page| std::str::from_utf8(page).map(drop).map_err(|_| "it is not UTF-8 text");
        kept(page, "signIn.page".to_owned(), &at("page"), is_text, secrets, problems)
    });

    let paths = Paths { sign_in: sign_in??, refresh: refresh??, sign_out: sign_out??, after_sign_out };
    let own = [&paths.sign_in, &paths.refresh, &paths.sign_out];
    if CHECKS_ALL
        && own.iter().enumerate().any(|(index, path)| own.iter().skip(index + 1).any(|other| lie_together(path, other)))
    {
        problems
            .add(&place, "`redirectPathSignIn`, `redirectPathAuthRefresh` and `signOutUrl` are three different paths");
    }
    Some(Box::new(SignIn {
        paths,
        cookies: cookies?,
        keys,
        clients: clients.into_iter().collect::<Option<_>>()?,
        attempt_seconds: attempt_seconds?,
        session_seconds: session_seconds?,
        refresh_before_seconds: refresh_before?,
        reads_cognito_cookies: compatible?,
        page: page.flatten(),
    }))
}

/// The signing in, as rules see it.
#[derive(Clone, Copy)]
pub(super) enum ForRules<'s> {
    Absent,
    /// Something is wrong with it, which was said: what rules want of it cannot be judged.
    Wrong,
    Right(&'s SignIn),
}

/// What a rule says with `signIn`.
pub(super) fn choice(written: Option<Json<'_>>, is_quiet: bool, sign_in: ForRules<'_>) -> Result<SignInChoice, Flaw> {
    let clients = match sign_in {
        ForRules::Right(sign_in) => &sign_in.clients[..],
        ForRules::Absent => &[],
        ForRules::Wrong => return Ok(SignInChoice::Never),
    };
    match written {
        None if is_quiet || clients.is_empty() => Ok(SignInChoice::Never),
        Some(Json::Bool(false)) => Ok(SignInChoice::Never),
        Some(_) if clients.is_empty() => Err("no provider has `signIn`: nobody could".into()),
        None | Some(Json::Bool(true)) => Ok(SignInChoice::Any),
        Some(Json::String(name)) => {
            let found = clients.iter().position(|client| client.name == *name);
            found.map(SignInChoice::With).ok_or_else(|| flaw!("no provider with `signIn` is called `{name}`"))
        }
        Some(_) => Err("it is `true`, `false` or the name of a provider".into()),
    }
}

fn lie_together(one: &str, other: &str) -> bool {
    let below =
        |one: &str, other: &str| one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    below(one, other) || below(other, one)
}

/// A path as browsers send it, so that no second spelling leads elsewhere.
fn own_path(path: String) -> Result<String, Flaw> {
    if !CHECKS_ALL {
        return Ok(path);
    }
    match CanonicalPath::parse(&path) {
        Ok(canonical) if canonical.as_str() == path && !path.contains('+') => Ok(path),
        _ => Err(flaw!("`{path}` is no plain path, as `/parseauth` is one")),
    }
}

fn cookie_settings(
    written: document::CookieSettings,
    place: &Place,
    problems: &mut Problems,
) -> Option<CookieSettings> {
    let document::CookieSettings { domain, same_site, secure } = written;
    let same_site = problems.take(&place.member("sameSite"), same_site_of(same_site.as_deref()))?;
    let is_domain = |domain: &str| {
        domain.contains('.')
            && domain.split('.').all(|label| !label.is_empty())
            && domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
    };
    if let Some(domain) = domain.as_deref().filter(|domain| CHECKS_ALL && !is_domain(domain)) {
        problems.add(&place.member("domain"), flaw!("`{domain}` is no domain, as `example.com` is one"));
    }
    Some(CookieSettings { domain, same_site, secure: secure.unwrap_or(true) })
}

fn same_site_of(written: Option<&str>) -> Result<&'static str, Flaw> {
    match written {
        None | Some("Lax") => Ok("Lax"),
        Some("None") => Ok("None"),
        Some("Strict") => {
            Err("browsers would keep the session back on the way from the provider: it is `Lax` or `None`".into())
        }
        Some(other) => Err(flaw!("unknown value `{other}`: it is `Lax` or `None`")),
    }
}

fn cookie_keys(written: Vec<Secret>, place: &Place, secrets: &mut Secrets, problems: &mut Problems) -> Vec<SecretId> {
    if written.is_empty() || written.len() > MAX_KEYS {
        let flaw = flaw!("1 to {MAX_KEYS} keys: `{{\"file\": \"./cookie-key\"}}`, or a list, of which the first seals");
        problems.add(place, flaw);
    }
    let several = written.len() > 1;
    let keys = written.into_iter().enumerate().filter_map(|(index, secret)| {
        let name = if several { format!("signIn.cookieKey[{index}]") } else { "signIn.cookieKey".to_owned() };
        kept(secret, name, place, check_secret, secrets, problems)
    });
    keys.collect()
}

fn kept(
    secret: Secret,
    name: String,
    place: &Place,
    check: fn(&[u8]) -> Result<(), &'static str>,
    secrets: &mut Secrets,
    problems: &mut Problems,
) -> Option<SecretId> {
    let reference = secret.reference(place, problems)?;
    Some(secrets.refer(name, reference, SecretUse::Kept { check }))
}

fn compatible(written: Option<Vec<String>>) -> Result<bool, Flaw> {
    let written = written.unwrap_or_default();
    match written.iter().find(|name| *name != "cognito") {
        Some(other) => Err(flaw!("unknown cookies `{other}`: `cognito` are those that can be read")),
        None => Ok(!written.is_empty()),
    }
}

fn client(
    name: &str,
    written: document::Client,
    several: bool,
    providers: &[Provider],
    secrets: &mut Secrets,
    problems: &mut Problems,
) -> Option<Client> {
    let place = Place::top("providers").member(name).member("signIn");
    let at = |key: &str| place.member(key);
    if CHECKS_ALL && several && !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        problems.add(&place, "where people can choose, the name is part of a path: letters, digits, `-` and `_`");
    }
    // A provider that has a problem of its own is not there.
    let (index, provider) = (0..).zip(providers).find(|(_, provider)| *provider.name == *name)?;
    let endpoints = problems.take(&place, endpoint_source(written.domain, provider));
    let token = problems.take(&at("token"), session_token(written.token.as_deref(), provider, &written.client_id));
    let keep = problems.take(&at("keep"), keep(written.keep));
    let client_id = written.client_id.or_else(|| only_client_id(provider));
    if client_id.is_none() {
        problems.add(&at("clientId"), "`clientId` is missing: what the provider knows this site by");
    }
    let has_secret = written.client_secret.is_some();
    let secret_name = [&child("providers", name), ".signIn.clientSecret"].concat();
    let is_text: fn(&[u8]) -> Result<(), &'static str> = |secret| match secret {
        [] => Err("a client secret is not empty"),
        _ => std::str::from_utf8(secret).map(drop).map_err(|_| "a client secret is text"),
    };
    let secret =
        written.client_secret.map(|secret| kept(secret, secret_name, &at("clientSecret"), is_text, secrets, problems));
    let authentication = authentication(written.client_authentication.as_deref(), has_secret);
    let authentication = problems.take(&at("clientAuthentication"), authentication);
    if !has_secret && authentication.is_some_and(|authentication| authentication != ClientAuthentication::None) {
        problems.add(&at("clientSecret"), "`clientSecret` is missing: `clientAuthentication` says how it is shown");
    }
    let scopes = problems.take(&at("oauthScopes"), scopes(written.oauth_scopes));
    let parameters = problems.take(&at("authorizeParameters"), parameters(written.authorize_parameters));
    Some(Client {
        provider: index,
        name: name.to_owned(),
        title: written.title.unwrap_or_else(|| name.to_owned()),
        client_id: client_id?,
        authentication: authentication?,
        secret: secret.map_or(Some(None), |secret| secret.map(Some))?,
        scopes: scopes?,
        parameters: parameters?,
        endpoints: endpoints?,
        token: token?,
        keep: keep?,
    })
}

fn only_client_id(provider: &Provider) -> Option<String> {
    match &provider.expectations.audience {
        Audience::Cognito { client_ids: Some(ids), .. } => match &ids[..] {
            [id] => Some(id.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn endpoint_source(domain: Option<String>, provider: &Provider) -> Result<EndpointSource, Flaw> {
    let Issuer::OneOf(issuers) = &provider.issuer else {
        return Err("the provider has no `issuer`: its ID tokens could not be told from others".into());
    };
    if let Some(domain) = domain {
        let url = if domain.contains("://") { domain } else { ["https://", &domain].concat() };
        url::check_fetchable(&url).map_err(|reason| flaw!("`domain`: {reason}"))?;
        return Ok(EndpointSource::Cognito(Endpoints::of_cognito(url.trim_end_matches('/'))));
    }
    let issuer = issuers.first().filter(|issuer| url::check_fetchable(issuer).is_ok());
    let issuer = issuer.ok_or("its issuer is no URL: where its endpoints are could not be asked there")?;
    Ok(EndpointSource::Discovery {
        uri: [issuer.trim_end_matches('/'), discovery::PATH].concat(),
        known: RefCell::default(),
    })
}

/// The token that the provider's other settings are for.
fn session_token(written: Option<&str>, provider: &Provider, client_id: &Option<String>) -> Result<SessionToken, Flaw> {
    match written {
        Some("id") => Ok(SessionToken::Id),
        Some("access") => Ok(SessionToken::Access),
        Some(other) => Err(flaw!("unknown token `{other}`: it is `id` or `access`")),
        None => Ok(match &provider.expectations.audience {
            Audience::Cognito { token_use: Some(TokenUse::Access), .. } => SessionToken::Access,
            // An ID token's audience is the client, an access token's is not.
            Audience::Claim(Some(audiences)) if client_id.as_ref().is_none_or(|id| !audiences.contains(id)) => {
                SessionToken::Access
            }
            _ => SessionToken::Id,
        }),
    }
}

fn keep(written: Option<Vec<String>>) -> Result<Keep, Flaw> {
    let Some(written) = written else {
        return Ok(Keep { refresh: true, ..Keep::default() });
    };
    let mut keep = Keep::default();
    for token in &written {
        match token.as_str() {
            "id" => keep.id = true,
            "access" => keep.access = true,
            "refresh" => keep.refresh = true,
            other => return Err(flaw!("unknown token `{other}`: they are `id`, `access` and `refresh`")),
        }
    }
    Ok(keep)
}

fn authentication(written: Option<&str>, has_secret: bool) -> Result<ClientAuthentication, Flaw> {
    match (written, has_secret) {
        (None | Some("client_secret_basic"), true) => Ok(ClientAuthentication::Basic),
        (Some("client_secret_post"), true) => Ok(ClientAuthentication::Post),
        (None | Some("none"), false) => Ok(ClientAuthentication::None),
        (Some("none"), true) => Err("`none` goes without `clientSecret`".into()),
        // What is lacking is said about the secret.
        (Some("client_secret_basic"), false) => Ok(ClientAuthentication::Basic),
        (Some("client_secret_post"), false) => Ok(ClientAuthentication::Post),
        (Some(other), _) => {
            Err(flaw!("unknown value `{other}`: it is `client_secret_basic`, `client_secret_post` or `none`"))
        }
    }
}

/// OpenID Connect Core 1.0, section 3.1.2.1: without `openid` there is no ID token.
fn scopes(written: Option<Vec<String>>) -> Result<String, Flaw> {
    let Some(scopes) = written else {
        return Ok("openid".to_owned());
    };
    if !CHECKS_ALL {
        return Ok(scopes.join(" "));
    }
    if !scopes.iter().any(|scope| scope == "openid") {
        return Err("`openid` has to be among them: without it there is no ID token".into());
    }
    // RFC 6749, section 3.3.
    let is_scope_byte = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    match scopes.iter().find(|scope| scope.is_empty() || !scope.bytes().all(is_scope_byte)) {
        Some(scope) => Err(flaw!("`{scope}` is not one scope")),
        None => Ok(scopes.join(" ")),
    }
}

fn parameters(written: Option<Vec<(String, String)>>) -> Result<Vec<(String, String)>, Flaw> {
    let parameters = written.unwrap_or_default();
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
    };
    for (name, _) in parameters.iter().filter(|_| CHECKS_ALL) {
        if OWN_PARAMETERS.contains(&name.as_str()) {
            return Err(flaw!("`{name}` is set by the sign-in itself"));
        }
        if !is_name(name) {
            return Err(flaw!("`{name}` is no name for a parameter"));
        }
    }
    Ok(parameters)
}
