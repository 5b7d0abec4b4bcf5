//! Providers, as they are written: Amazon Cognito, any issuer with a key set, a shared secret.

use super::document;
use super::key_times::key_times;
use super::names::{claim_name, is_region};
use super::problem::{Place, Problems, child, nearest};
use crate::algorithm::Algorithm;
use crate::claims::ClaimName;
use crate::discovery;
use crate::expectations::{Audience, Expectations, TokenUse};
use crate::flaw::{Flaw, flaw};
use crate::json::Json;
use crate::jwk::KeySet;
use crate::provider::{Issuer, KeySource, Provider, TrustedKeys};
use crate::secrets::{SecretId, SecretReference, SecretUse, Secrets};
use crate::url;

/// The most that the clocks of issuer and edge may differ, in seconds.
const MAX_GRACE_SECONDS: u8 = 60;

/// All providers; every problem is noted, and the provider that has one is left out.
pub(super) fn providers(
    written: Vec<(String, document::Provider)>,
    secrets: &mut Secrets,
    problems: &mut Problems,
) -> Vec<Provider> {
    let mut providers: Vec<Provider> = Vec::new();
    for (name, written) in written {
        let place = Place::top("providers").member(&name);
        if name.is_empty() || name.chars().any(char::is_control) {
            problems.add(&place, "a name has at least one character, and no control characters");
        }
        let mut refer_to_secret = |reference| {
            let name = child(&child("providers", &name), "secret");
            secrets.refer(name, reference, SecretUse::ProviderKey(providers.len()))
        };
        if let Some(provider) = provider(&name, written, &mut refer_to_secret, &place, problems) {
            if let Some(other) = providers.iter().find(|other| share_issuer(&other.issuer, &provider.issuer)) {
                problems
                    .add(&place, flaw!("the provider `{}` has the same issuer: whose keys prove a token?", other.name));
            }
            providers.push(provider);
        }
    }
    providers
}

fn provider(
    name: &str,
    mut written: document::Provider,
    refer_to_secret: &mut dyn FnMut(SecretReference) -> SecretId,
    place: &Place,
    problems: &mut Problems,
) -> Option<Provider> {
    let at = |key: &str| place.member(key);
    let of_cognito = written.user_pool_id.is_some();
    let identity = match written.user_pool_id.take() {
        Some(pool) => cognito(&pool, &mut written, place, problems),
        None => open_id(&mut written, place, problems),
    };
    let grace_seconds = problems.take(&at("graceSeconds"), grace_seconds(written.grace_seconds));
    let media_types = written.typ.take().map(|types| problems.take(&at("typ"), media_types(types)));
    let algorithms = problems.take(&at("algorithms"), algorithms(&written, of_cognito));
    let max_age = ("jwksMaxAgeSeconds", written.jwks_max_age_seconds);
    let stale_if_error = ("jwksStaleIfErrorSeconds", written.jwks_stale_if_error_seconds);
    let key_times = key_times(max_age, stale_if_error, place, problems);
    let max_age_seconds = problems.take(&at("maxTokenAgeSeconds"), max_token_age(written.max_token_age_seconds));
    let groups_claim = written.groups_claim.take().map(|name| problems.take(&at("groupsClaim"), claim_name(name)));
    let secret = written.secret.take();
    let secret = secret.map(|secret| secret.reference(&at("secret"), problems));
    let algorithms = algorithms?;
    let keys = key_source(&mut written, secret, &algorithms, refer_to_secret);
    let keys = keys.map_err(|(key, flaw)| problems.add(&key.map_or_else(|| place.clone(), at), flaw)).ok();
    let (identity, grace_seconds, key_times, max_age_seconds) =
        (identity?, grace_seconds?, key_times?, max_age_seconds?);
    let (key_source, keys) = keys?;
    let key_source = key_source.or(identity.default_key_source).unwrap_or(KeySource::HandedOver);
    Some(Provider {
        name: name.into(),
        issuer: identity.issuer,
        algorithms,
        expectations: Expectations {
            media_types: media_types.flatten(),
            audience: identity.audience,
            grace_seconds: grace_seconds.into(),
            allow_missing_expiry: written.allow_missing_expiry.unwrap_or(false),
            max_age_seconds,
        },
        groups_claim: groups_claim.unwrap_or_else(|| Some(ClaimName::top(identity.groups_claim)))?,
        key_source,
        key_times,
        keys: keys.map(|set| TrustedKeys { set, until: None }),
    })
}

struct Identity {
    issuer: Issuer,
    audience: Audience,
    groups_claim: &'static str,
    /// Where the keys are, if nothing else is said.
    default_key_source: Option<KeySource>,
}

/// Amazon Cognito ("Verifying JSON web tokens" in its Developer Guide): everything follows from the user pool. Its
/// tokens have one of two issuers, and are signed with RS256.
fn cognito(pool: &str, written: &mut document::Provider, place: &Place, problems: &mut Problems) -> Option<Identity> {
    let at = |key: &str| place.member(key);
    let settled = [("issuer", written.issuer.is_some()), ("audience", written.audience.is_some())];
    for (key, _) in settled.into_iter().filter(|(_, written)| *written) {
        problems.add(&at(key), "`userPoolId` says what `issuer` and `audience` would: take this out");
    }
    if written.secret.is_some() {
        problems.add(&at("secret"), "Cognito has no shared secrets: it signs with RS256");
    }
    let algorithms = written.algorithms.iter().flatten();
    if algorithms.filter_map(|name| Algorithm::by_name(name)).any(Algorithm::is_symmetric) {
        problems.add(&at("algorithms"), "Cognito has no shared secrets: it signs with `RS256`");
    }
    let region = pool.split_once('_').map(|(region, _)| region).filter(|region| is_region(region) && is_pool_id(pool));
    let region = region.ok_or_else(|| flaw!("`{pool}` is no user pool: one is called `us-east-1_Example01`"));
    let region = problems.take(&at("userPoolId"), region);
    let token_use = match written.token_use.take() {
        None => {
            problems.add(place, "`tokenUse` is missing: `\"access\"` or `\"id\"`, or `null` for either");
            None
        }
        Some(None) => Some(None),
        Some(Some(token_use)) => problems.take(&at("tokenUse"), self::token_use(&token_use)).map(Some),
    };
    let client_ids = match written.client_id.take() {
        None => {
            problems.add(place, "`clientId` is missing: the app client's id, a list of them, or `null` for any");
            None
        }
        Some(None) => Some(None),
        Some(Some(ids)) => problems.take(&at("clientId"), names(ids)).map(Some),
    };
    let region = region?;
    let issuer = format!("https://cognito-idp.{region}.amazonaws.com/{pool}");
    Some(Identity {
        default_key_source: Some(KeySource::Uri(format!("{issuer}/.well-known/jwks.json"))),
        issuer: Issuer::OneOf(vec![issuer, format!("https://issuer-cognito-idp.{region}.amazonaws.com/{pool}")]),
        audience: Audience::Cognito { token_use: token_use?, client_ids: client_ids? },
        groups_claim: "cognito:groups",
    })
}

fn token_use(written: &str) -> Result<TokenUse, Flaw> {
    match written {
        "id" => Ok(TokenUse::Id),
        "access" => Ok(TokenUse::Access),
        other => Err(flaw!("`{other}` is no use of a token: it is `\"access\"` or `\"id\"`, or `null` for either")),
    }
}

fn is_pool_id(text: &str) -> bool {
    text.len() <= 55
        && text
            .split_once('_')
            .is_some_and(|(_, id)| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Any other issuer. Silence is not consent: what is not to be checked is said with `null`.
fn open_id(written: &mut document::Provider, place: &Place, problems: &mut Problems) -> Option<Identity> {
    let at = |key: &str| place.member(key);
    let of_cognito = [("tokenUse", written.token_use.is_some()), ("clientId", written.client_id.is_some())];
    for (key, _) in of_cognito.into_iter().filter(|(_, written)| *written) {
        problems.add(&at(key), "`tokenUse` and `clientId` go with `userPoolId`: for other issuers use `audience`");
    }
    let issuer = match written.issuer.take() {
        None => {
            problems
                .add(place, "`issuer` is missing: the exact `iss` of its tokens, or `userPoolId` for Amazon Cognito");
            None
        }
        Some(None) => Some(Issuer::Absent),
        Some(Some(issuer)) if issuer.is_empty() => {
            problems.add(&at("issuer"), "it is empty: the exact `iss` of its tokens, or `null` for tokens without");
            None
        }
        Some(Some(issuer)) => Some(Issuer::OneOf(vec![issuer])),
    };
    let audience = match written.audience.take() {
        None => {
            problems
                .add(place, "`audience` is missing: what `aud` has to name, a list of that, or `null` for anything");
            None
        }
        Some(None) => Some(None),
        Some(Some(audience)) => problems.take(&at("audience"), names(audience)).map(Some),
    };
    let (issuer, audience) = (issuer?, audience?);
    let default_key_source = match &issuer {
        Issuer::OneOf(issuers) => issuers
            .first()
            .filter(|issuer| url::check_fetchable(issuer).is_ok())
            .map(|issuer| KeySource::Discovery(format!("{}{}", issuer.trim_end_matches('/'), discovery::PATH))),
        Issuer::Absent => None,
    };
    let has_keys = written.jwks_uri.is_some() || written.jwks.is_some() || written.secret.is_some();
    if matches!(&default_key_source, Some(KeySource::Discovery(uri)) if !has_keys && uri.contains('?')) {
        // OpenID Connect Discovery 1.0, section 3: an issuer has no query.
        problems.add(
            &at("issuer"),
            "with a query in it, it leads to no document that says where the keys are: name `jwksUri`",
        );
    }
    Some(Identity { issuer, audience: Audience::Claim(audience), groups_claim: "groups", default_key_source })
}

fn names(names: Vec<String>) -> Result<Vec<String>, Flaw> {
    if names.is_empty() || names.iter().any(String::is_empty) {
        return Err("it is empty, and nothing could match it: `null` is for anything".into());
    }
    Ok(names)
}

/// A name without `/`, or a media type (RFC 7515, section 4.1.9).
fn media_types(types: Vec<String>) -> Result<Vec<String>, Flaw> {
    let is_name = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    match types.iter().find(|media_type| media_type.split('/').count() > 2 || !media_type.split('/').all(is_name)) {
        Some(other) => Err(flaw!("`{other}` is no media type: `at+jwt` is one")),
        None if types.is_empty() => {
            Err("it is empty, and nothing could match it: `at+jwt` is for access tokens".into())
        }
        None => Ok(types),
    }
}

fn grace_seconds(written: Option<i64>) -> Result<u8, Flaw> {
    let seconds = written.unwrap_or(0);
    u8::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds <= MAX_GRACE_SECONDS)
        .ok_or_else(|| flaw!("`{seconds}` seconds of grace: from 0 to {MAX_GRACE_SECONDS} are allowed"))
}

fn max_token_age(written: Option<i64>) -> Result<Option<u32>, Flaw> {
    let Some(seconds) = written else {
        return Ok(None);
    };
    let age = u32::try_from(seconds).ok().filter(|seconds| *seconds > 0);
    age.map(Some).ok_or_else(|| "an age in seconds, `43200` for half a day; without the key age does not matter".into())
}

/// The allowed algorithms: all for keys of this kind, unless some are named; for Amazon Cognito, the one that it signs with.
/// Those for public keys and those for secrets never meet in one provider, or a public key could be tried as a secret.
fn algorithms(written: &document::Provider, of_cognito: bool) -> Result<Vec<Algorithm>, Flaw> {
    let Some(named) = &written.algorithms else {
        if of_cognito && written.secret.is_none() {
            return Ok(vec![Algorithm::Rs256]);
        }
        let symmetric = written.secret.is_some() || written.jwks.is_some_and(has_only_secrets);
        return Ok(Algorithm::all().filter(|algorithm| algorithm.is_symmetric() == symmetric).collect());
    };
    let known: Vec<_> = Algorithm::all().map(Algorithm::name).collect();
    let mut algorithms = Vec::new();
    for name in named {
        algorithms.push(Algorithm::by_name(name).ok_or_else(|| match nearest(name, of_the_kind(name, &known)) {
            _ if name == "ES512" => {
                flaw!("this module is without `ES512`: `./build.sh build --features es512` makes one with it")
            }
            Some(near) => flaw!("unknown algorithm `{name}`: did you mean `{near}`?"),
            None => flaw!("unknown algorithm `{name}`: the known ones are `{}`", known.join("`, `")),
        })?);
    }
    let first = algorithms.first().ok_or("no algorithm is allowed: name at least one, `\"RS256\"` say")?;
    if algorithms.iter().any(|algorithm| algorithm.is_symmetric() != first.is_symmetric()) {
        return Err("algorithms for public keys and for secrets do not go together: make two providers".into());
    }
    Ok(algorithms)
}

/// The algorithms of the same kind: from a public key no hint may lead to a secret.
fn of_the_kind<'k>(name: &str, known: &[&'k str]) -> impl Iterator<Item = &'k str> {
    let kind = name.bytes().next().map(|first| first.to_ascii_uppercase());
    known.iter().copied().filter(move |known| known.bytes().next() == kind)
}

fn has_only_secrets(jwks: Json<'_>) -> bool {
    let keys = jwks.get("keys").and_then(Json::as_array);
    let is_secret = |key: Json<'_>| key.get("kty").and_then(Json::as_str) == Some("oct");
    keys.is_some_and(|keys| !keys.is_empty() && keys.iter().all(is_secret))
}

/// Where keys are, if it is said, and those that are in the configuration.
type Keys = (Option<KeySource>, Option<KeySet>);

/// The keys, as far as they are in the configuration, or where they are, if that is said. `secret` is a reference, and none
/// where it is wrong. An error is of the member that it names, or of the provider as a whole.
fn key_source(
    written: &mut document::Provider,
    secret: Option<Option<SecretReference>>,
    algorithms: &[Algorithm],
    refer_to_secret: &mut dyn FnMut(SecretReference) -> SecretId,
) -> Result<Keys, (Option<&'static str>, Flaw)> {
    let symmetric = algorithms.iter().any(|algorithm| algorithm.is_symmetric());
    match (written.jwks_uri.take(), written.jwks.take(), secret) {
        (Some(_), None, None) if symmetric => {
            Err((Some("jwksUri"), "a secret that lies at a URL is none: use `secret` instead".into()))
        }
        (Some(uri), None, None) => {
            url::check_fetchable(&uri).map_err(|reason| (Some("jwksUri"), flaw!("{reason}")))?;
            Ok((Some(KeySource::Uri(uri)), None))
        }
        (None, Some(jwks), None) => {
            let (keys, report) =
                KeySet::from_value(jwks, algorithms).map_err(|reason| (Some("jwks"), flaw!("{reason}")))?;
            Ok((Some(KeySource::Inline(report)), Some(keys)))
        }
        (None, None, Some(_)) if !symmetric => {
            Err((Some("secret"), "it goes with `\"algorithms\": [\"HS256\"]`, `HS384` or `HS512`".into()))
        }
        (None, None, Some(secret)) => {
            let secret = secret.unwrap_or(SecretReference::HandedOver);
            Ok((Some(KeySource::Secret(refer_to_secret(secret))), None))
        }
        (None, None, None) if symmetric => {
            Ok((Some(KeySource::Secret(refer_to_secret(SecretReference::HandedOver))), None))
        }
        (None, None, None) => Ok((None, None)),
        _ => Err((None, "name one of `jwksUri`, `jwks` and `secret`".into())),
    }
}

fn share_issuer(one: &Issuer, other: &Issuer) -> bool {
    match (one, other) {
        (Issuer::OneOf(one), Issuer::OneOf(other)) => one.iter().any(|issuer| other.contains(issuer)),
        (Issuer::Absent, Issuer::Absent) => true,
        _ => false,
    }
}
