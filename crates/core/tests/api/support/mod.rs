//! What the tests share: keys, tokens, configurations, and one way to ask for a decision, which looks for leaks each time.

pub mod configurations;
pub mod keys;
pub mod origin;
pub mod sign_in;
pub mod tokens;

use std::collections::HashSet;

use edge_authorizer_core::{Authorizer, Decision, Edits, Forward, Keys, Refusal, Request, Trace, UnixTime};
use serde_json::{Value, json};

use keys::{KEY, SECRET, key_set};
use tokens::{UNNAMED, merged};

pub const NOW: f64 = 1_700_000_000.0;
pub const ISSUER: &str = "https://issuer.example";
pub const AUDIENCE: &str = "images";

/// The longest part of a token or a secret that may stand in a text for the log: shorter ones say nothing.
const LONGEST_PART: usize = 12;

/// One provider with an RSA key, one rule for every path, and what `changes` says instead.
pub fn rsa_configuration(changes: Value) -> Value {
    let provider =
        json!({ "issuer": ISSUER, "audience": AUDIENCE, "jwks": key_set(&[KEY.jwk("k1")]), "algorithms": ["RS256"] });
    configuration(provider, changes)
}

/// The same with a shared secret, which is quicker to sign with.
pub fn secret_configuration(changes: Value) -> Value {
    let secret = json!({ "file": "./secret.txt" });
    configuration(json!({ "issuer": ISSUER, "audience": AUDIENCE, "secret": secret }), changes)
}

/// One provider, `issuer`, one rule for every path, and what `changes` says instead.
pub fn configuration(provider: Value, changes: Value) -> Value {
    let rule = json!({ "name": "all", "match": { "path": "/{*rest}" }, "allow": "authenticated" });
    merged(json!({ "providers": { "issuer": provider }, "rules": [rule] }), changes)
}

pub fn authorizer(configuration: &Value) -> Authorizer {
    Authorizer::new(&configuration.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

pub fn rsa_authorizer() -> Authorizer {
    authorizer(&rsa_configuration(json!({})))
}

/// For tokens by [`tokens::hs256`].
pub fn secret_authorizer(changes: Value) -> Authorizer {
    with_secret(&secret_configuration(changes))
}

/// For tokens by [`tokens::hs256`], the provider's members changed.
pub fn secret_authorizer_with(provider: Value) -> Authorizer {
    let mut configuration = secret_configuration(json!({}));
    configuration["providers"]["issuer"] = merged(configuration["providers"]["issuer"].take(), provider);
    with_secret(&configuration)
}

fn with_secret(configuration: &Value) -> Authorizer {
    let mut authorizer = authorizer(configuration);
    authorizer.set_secret("providers.issuer.secret", SECRET, None).unwrap();
    authorizer
}

pub fn get(path: &str) -> Request {
    Request { method: "GET".to_owned(), path: path.to_owned(), ..Request::default() }
}

pub fn bearer(path: &str, token: &str) -> Request {
    with_header(get(path), "authorization", &format!("Bearer {token}"))
}

/// With one more header line, its name as the viewer wrote it.
pub fn with_header(mut request: Request, name: &str, value: &str) -> Request {
    request.headers.push((name.to_ascii_lowercase(), value.to_owned()));
    request.header_names.push(name.to_owned());
    request
}

/// The code for a token in an otherwise ordinary request.
pub fn code_of(authorizer: &Authorizer, token: &str) -> &'static str {
    code(&decide(authorizer, &bearer("/a.png", token)))
}

pub fn decide(authorizer: &Authorizer, request: &Request) -> Decision {
    decide_at(authorizer, request, NOW)
}

pub fn decide_at(authorizer: &Authorizer, request: &Request, now: f64) -> Decision {
    decide_with(authorizer, request, now, Keys::AreFinal)
}

/// Decides, and holds every decision to what must never be: a token, a secret or an unnamed claim in a text, and a trace
/// that changes what it records.
pub fn decide_with(authorizer: &Authorizer, request: &Request, now: f64, keys: Keys) -> Decision {
    let now = UnixTime::from_seconds(now).unwrap();
    let mut trace = Trace::on();
    let decision = authorizer.authorize(request, now, keys, &mut trace);
    assert_eq!(decision, authorizer.authorize(request, now, keys, &mut Trace::off()), "the trace changed the decision");

    let mut texts: Vec<String> = trace.into_steps().into_iter().map(|step| step.text).collect();
    if let Decision::Refuse(refused) = &decision {
        texts.push(refused.refusal.detail.to_string());
        texts.extend(answers(authorizer, &refused.refusal, request));
    }
    for text in &texts {
        refuse_leaks(text, request);
    }
    decision
}

/// Everything that a viewer may be told.
fn answers(authorizer: &Authorizer, refusal: &Refusal, request: &Request) -> impl Iterator<Item = String> {
    let answer = |accept| format!("{:?}", authorizer.answer_to(refusal, request, accept));
    ["", "text/html", "text/plain"].map(answer).into_iter()
}

fn refuse_leaks(text: &str, request: &Request) {
    assert!(!text.contains(UNNAMED), "a claim that no configuration names: {text}");
    assert!(!text.chars().any(char::is_control), "a control character: {text:?}");
    assert!(!text.ends_with('.'), "a full stop: {text}");
    let parts: HashSet<&[u8]> = text.as_bytes().windows(LONGEST_PART + 1).collect();
    // What belongs to CORS stands in answers.
    let is_credential = |name: &str| !matches!(name, "host" | "origin") && !name.starts_with("access-control-");
    let credentials = request.headers.iter().filter(|(name, _)| is_credential(name));
    let headers = credentials.map(|(_, value)| value.as_bytes());
    for credential in headers.chain([request.query.as_bytes(), SECRET]) {
        let part = credential.windows(LONGEST_PART + 1).find(|part| parts.contains(part));
        assert_eq!(part.map(String::from_utf8_lossy), None, "a part of a credential: {text}");
    }
}

/// The code's name; `keys_needed` where there is none.
pub fn code(decision: &Decision) -> &'static str {
    match decision {
        Decision::Forward(forward) => forward.code.as_str(),
        Decision::Refuse(refused) => refused.refusal.code.as_str(),
        Decision::Answer(answered) => answered.code.as_str(),
        Decision::Unsigned(unsigned) => unsigned.unsigned.code().as_str(),
        Decision::KeysNeeded(_) => "keys_needed",
        Decision::SecretNeeded(_) => "secret_needed",
        other => panic!("of the sign-in: {other:?}"),
    }
}

/// The name of the rule that a decision was made by.
pub fn rule(decision: &Decision) -> Option<&str> {
    match decision {
        Decision::Forward(Forward { context, .. }) => context.rule.as_deref(),
        Decision::Refuse(refused) => refused.context.rule.as_deref(),
        Decision::Answer(answered) => answered.context.rule.as_deref(),
        Decision::Unsigned(unsigned) => unsigned.context.rule.as_deref(),
        _ => None,
    }
}

pub fn edits(decision: Decision) -> Edits {
    match decision {
        Decision::Forward(forward) => forward.edits,
        other => panic!("not forwarded: {other:?}"),
    }
}

pub fn refusal(decision: Decision) -> Refusal {
    match decision {
        Decision::Refuse(refused) => refused.refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// What is wrong with a configuration, a line each: `place: message`.
pub fn problems(configuration: &Value) -> Vec<String> {
    match Authorizer::new(&configuration.to_string()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// What is doubtful in a configuration that is right.
pub fn warnings(configuration: &Value) -> Vec<String> {
    Authorizer::check(&configuration.to_string()).unwrap().iter().map(ToString::to_string).collect()
}

/// What is doubtful in rules.
pub fn warnings_about(rules: Value) -> Vec<String> {
    warnings(&rsa_configuration(json!({ "rules": rules })))
}

/// The code for a token with this header, rightly signed.
pub fn code_of_header(header: &[u8]) -> &'static str {
    code_of(&rsa_authorizer(), &tokens::token_of_bytes(header, tokens::claims().to_string().as_bytes()))
}

/// The code for a token with this payload, rightly signed.
pub fn code_of_payload(payload: &[u8]) -> &'static str {
    code_of(&rsa_authorizer(), &tokens::token_of_bytes(tokens::header().to_string().as_bytes(), payload))
}
