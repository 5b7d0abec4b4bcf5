//! Secrets by reference: what a configuration says, what is asked for, and what is answered without one.

use edge_authorizer_core::{
    Authorizer, Code, Decision, Fetch, Keys, RoleCredentials, SecretNeeded, SecretReference, UnixTime,
};
use serde_json::{Value, json};

use crate::support::configurations::assert_problem;
use crate::support::keys::SECRET;
use crate::support::tokens::{claims, hs256, merged};
use crate::support::{AUDIENCE, ISSUER, NOW, authorizer, bearer, code, configuration, decide_with, warnings};

const NAME: &str = "providers.issuer.secret";
const ARN: &str = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:images-AbCdEf";
const ROLE: RoleCredentials<'_> = RoleCredentials {
    access_key_id: Some("AKIDEXAMPLE"),
    secret_access_key: Some("example"),
    session_token: Some("token"),
    expires_at: None,
};

fn with_secret(reference: Value) -> Value {
    configuration(json!({ "issuer": ISSUER, "audience": AUDIENCE, "secret": reference }), json!({}))
}

fn now(seconds: f64) -> UnixTime {
    UnixTime::from_seconds(seconds).unwrap()
}

fn request(authorizer: &Authorizer) -> Fetch {
    authorizer.secret_request(NAME, &ROLE, now(NOW)).unwrap()
}

fn header<'f>(fetch: &'f Fetch, name: &str) -> &'f str {
    let [value] = fetch.headers.iter().filter(|(other, _)| other == name).collect::<Vec<_>>()[..] else {
        panic!("not one {name}")
    };
    &value.1
}

#[test]
fn a_secret_is_asked_for_where_it_lies() {
    for (reference, url, target, body, scope) in [
        (
            json!({ "ssm": "/images/token" }),
            "https://ssm.us-east-1.amazonaws.com/",
            "AmazonSSM.GetParameter",
            r#"{"Name":"/images/token","WithDecryption":true}"#,
            "us-east-1/ssm",
        ),
        (
            json!({ "ssm": "/images/token:3", "region": "ap-south-1" }),
            "https://ssm.ap-south-1.amazonaws.com/",
            "AmazonSSM.GetParameter",
            r#"{"Name":"/images/token:3","WithDecryption":true}"#,
            "ap-south-1/ssm",
        ),
        (
            json!({ "secretsManager": ARN, "key": "token" }),
            "https://secretsmanager.eu-central-1.amazonaws.com/",
            "secretsmanager.GetSecretValue",
            r#"{"SecretId":"arn:aws:secretsmanager:eu-central-1:111122223333:secret:images-AbCdEf"}"#,
            "eu-central-1/secretsmanager",
        ),
        (
            json!({ "secretsManager": "rds!db-1/a_b+c=d.e@f", "endpoint": "http://127.0.0.1:4566/" }),
            "http://127.0.0.1:4566/",
            "secretsmanager.GetSecretValue",
            r#"{"SecretId":"rds!db-1/a_b+c=d.e@f"}"#,
            "us-east-1/secretsmanager",
        ),
    ] {
        let fetch = request(&authorizer(&with_secret(reference.clone())));
        assert_eq!((fetch.method, fetch.url.as_str(), fetch.body.as_str()), ("POST", url, body), "{reference}");
        assert_eq!(header(&fetch, "x-amz-target"), target);
        assert_eq!(header(&fetch, "x-amz-security-token"), "token");
        assert!(url.contains(&format!("//{}/", header(&fetch, "host"))));
        let expected = format!("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/{scope}/aws4_request, SignedHeaders=");
        assert!(header(&fetch, "authorization").starts_with(&expected), "{}", header(&fetch, "authorization"));
    }
}

#[test]
fn nothing_is_asked_without_credentials_that_are_good() {
    let authorizer = authorizer(&with_secret(json!({ "ssm": "/a" })));
    let error = |role| authorizer.secret_request(NAME, &role, now(NOW)).err().unwrap();
    for role in [
        RoleCredentials::default(),
        RoleCredentials { access_key_id: None, ..ROLE },
        RoleCredentials { secret_access_key: None, ..ROLE },
    ] {
        assert_eq!(error(role), "there are no credentials of the function's role in its environment");
    }
    for expiry in [0.0, NOW - 1.0, NOW] {
        let role = RoleCredentials { expires_at: Some(now(expiry)), ..ROLE };
        assert_eq!(error(role), "the credentials of the function's role have expired");
    }
    let unprintable = RoleCredentials { session_token: Some("a\r\nb"), ..ROLE };
    assert_eq!(error(unprintable), "the credentials of the function's role are empty or not printable ASCII");
    assert!(
        authorizer
            .secret_request(NAME, &RoleCredentials { expires_at: Some(now(NOW + 1.0)), ..ROLE }, now(NOW))
            .is_ok()
    );
}

#[test]
fn only_a_secret_that_lies_with_a_service_can_be_asked_for() {
    for reference in [json!({ "file": "./s" }), json!({ "ssm": "/a" })] {
        let authorizer = authorizer(&with_secret(reference));
        let error = authorizer.secret_request("providers.other.secret", &ROLE, now(NOW)).err().unwrap();
        assert_eq!(error, "no secret to fetch is called `providers.other.secret`");
    }
    let authorizer = authorizer(&with_secret(json!({ "file": "./s" })));
    assert!(authorizer.secret_request(NAME, &ROLE, now(NOW)).is_err());
}

#[test]
fn a_secret_is_needed_until_it_is_there_and_again_when_its_time_has_come() {
    let mut authorizer = authorizer(&with_secret(json!({ "ssm": "/a" })));
    let decide = |authorizer: &Authorizer, seconds: f64, keys| {
        decide_with(authorizer, &bearer("/a.png", &hs256(&claims())), seconds, keys)
    };
    let needed = Decision::SecretNeeded(SecretNeeded { name: NAME.to_owned() });
    assert_eq!(decide(&authorizer, NOW, Keys::MayBeFetched), needed);
    assert_eq!(code(&decide(&authorizer, NOW, Keys::AreFinal)), Code::SecretsUnavailable.as_str());

    authorizer.set_secret(NAME, SECRET, Some(now(NOW + 60.0))).unwrap();
    for seconds in [NOW, NOW + 59.0] {
        assert_eq!(code(&decide(&authorizer, seconds, Keys::MayBeFetched)), "allowed");
    }
    assert_eq!(decide(&authorizer, NOW + 60.0, Keys::MayBeFetched), needed);
    assert_eq!(code(&decide(&authorizer, NOW + 60.0, Keys::AreFinal)), "secrets_unavailable");

    // A value that cannot be one changes nothing.
    assert_eq!(
        authorizer.set_secret(NAME, &SECRET[..31], None).unwrap_err(),
        "the secret has 31 bytes; HS256 needs at least 32"
    );
    assert_eq!(code(&decide(&authorizer, NOW + 59.0, Keys::MayBeFetched)), "allowed");
}

#[test]
fn a_host_knows_how_long_a_secret_is_good() {
    let times = |reference: Value| {
        let authorizer = authorizer(&with_secret(merged(json!({ "ssm": "/a" }), reference)));
        let secrets: Vec<_> = authorizer.secrets().collect();
        let [secret] = &secrets[..] else { panic!("{secrets:?}") };
        let SecretReference::Remote(remote) = secret.reference else { panic!("{secret:?}") };
        (remote.times.max_age_seconds, remote.times.stale_if_error_seconds)
    };
    assert_eq!(times(json!({})), (3600, 86_400));
    assert_eq!(times(json!({ "maxAgeSeconds": 60, "staleIfErrorSeconds": 0 })), (60, 0));
}

#[test]
fn a_reference_that_is_wrong_is_an_error_with_its_place() {
    let one = "providers.issuer.secret: it names no `file`, `ssm` or `secretsManager`, or more than one of them";
    for (reference, expected) in [
        (json!({}), one),
        (json!({ "file": "s", "ssm": "/a" }), one),
        (json!({ "ssm": "/a", "secretsManager": "a" }), one),
        (
            json!({ "file": "s", "region": "us-east-1" }),
            "providers.issuer.secret: beside `file` there is nothing else to say",
        ),
        (
            json!({ "file": "s", "maxAgeSeconds": 60 }),
            "providers.issuer.secret: beside `file` there is nothing else to say",
        ),
        (json!({ "ssm": "" }), "providers.issuer.secret.ssm: `` is no name and no ARN there"),
        (json!({ "ssm": "a\"b" }), "providers.issuer.secret.ssm: `a\"b` is no name and no ARN there"),
        (json!({ "ssm": "a b" }), "providers.issuer.secret.ssm: `a b` is no name and no ARN there"),
        (
            json!({ "ssm": "a", "key": "b" }),
            "providers.issuer.secret.key: only secrets of AWS Secrets Manager are JSON with members",
        ),
        (
            json!({ "ssm": "a", "region": "Frankfurt" }),
            "providers.issuer.secret.ssm: `Frankfurt` is no region: `us-east-1` is one",
        ),
        (
            json!({ "ssm": "a", "region": "x-1.evil.example/" }),
            "providers.issuer.secret.ssm: `x-1.evil.example/` is no region: `us-east-1` is one",
        ),
        (
            json!({ "ssm": ARN }),
            "providers.issuer.secret.ssm: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:images-AbCdEf` is no ARN there: one begins with `arn:aws:ssm:us-east-1:`",
        ),
        (
            json!({ "secretsManager": ARN, "region": "us-east-1" }),
            "providers.issuer.secret.secretsManager: the ARN is one in `eu-central-1`, not in `us-east-1`",
        ),
        (
            json!({ "secretsManager": "a", "endpoint": "http://a.example" }),
            "providers.issuer.secret.endpoint: only https is allowed (http on loopback, for development)",
        ),
        (
            json!({ "secretsManager": "a", "endpoint": "https://a.example/path" }),
            "providers.issuer.secret.endpoint: it is a host and nothing behind it, as `https://ssm.us-east-1.api.aws` is",
        ),
        (
            json!({ "secretsManager": "a", "maxAgeSeconds": 59 }),
            "providers.issuer.secret.maxAgeSeconds: from 60 to 86400 seconds are allowed",
        ),
        (
            json!({ "secretsManager": "a", "staleIfErrorSeconds": 604_801 }),
            "providers.issuer.secret.staleIfErrorSeconds: from 0 to 604800 seconds are allowed",
        ),
    ] {
        assert_problem(&with_secret(reference), expected);
    }
}

#[test]
fn a_secret_over_http_is_said_aloud() {
    let endpoint = |endpoint: &str| with_secret(json!({ "ssm": "/a", "endpoint": endpoint }));
    let notice = "providers.issuer.secret.endpoint: a secret from a loopback address: for development only";
    assert_eq!(warnings(&endpoint("http://localhost:4566")), [notice]);
    assert_eq!(warnings(&endpoint("https://ssm.us-east-1.api.aws")), [""; 0]);
}
