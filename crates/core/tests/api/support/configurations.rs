//! Configurations that are right but for one thing, and what is said about it.

use serde_json::{Value, json};

use super::tokens::merged;
use super::{configuration, problems, rsa_configuration};

/// A right configuration, with the value at `pointer` (RFC 6901) set.
pub fn with(pointer: &str, value: Value) -> Value {
    let base = json!({ "token": [{ "query": "token" }], "forward": { "claimToHeaders": {} } });
    let mut configuration = rsa_configuration(base);
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match configuration.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.insert(key.to_owned(), value)),
        Value::Array(items) => match items.get_mut(key.parse::<usize>().unwrap()) {
            Some(item) => *item = value,
            None => items.push(value),
        },
        _ => panic!("{pointer}"),
    }
    configuration
}

/// A right configuration, but for one rule's requirement. Its path has the capture `{u}`.
pub fn requiring(requirement: Value) -> Value {
    with("/rules/0", json!({ "match": { "path": "/{u}" }, "requires": requirement }))
}

/// A right provider, with these members.
pub fn provider(members: Value) -> Value {
    configuration(merged(json!({ "issuer": "https://issuer.example", "audience": "images" }), members), json!({}))
}

/// A right provider for a Cognito user pool, with these members.
pub fn cognito(members: Value) -> Value {
    let right = json!({ "userPoolId": "us-east-1_Example01", "tokenUse": "access", "clientId": "app" });
    configuration(merged(right, members), json!({}))
}

/// That nothing but this is wrong.
#[track_caller]
pub fn assert_problem(configuration: &Value, expected: &str) {
    assert_eq!(problems(configuration), [expected]);
}

/// That something is wrong with the provider, and that it is said with these words.
#[track_caller]
pub fn assert_provider_problem(configuration: &Value, words: &str) {
    let problems = problems(configuration);
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert!(problem.starts_with("providers.issuer") && problem.contains(words), "{problem}");
}
