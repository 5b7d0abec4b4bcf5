//! An authorizer that remembers tokens, against one that is made anew for each decision and so remembers nothing.
//!
//! Tokens, paths, times and what happens to the keys are random, from a fixed seed. The decisions are the same, context
//! and edits included.

use edge_authorizer_core::{Authorizer, Decision, Keys, Trace, UnixTime};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};

use crate::support::keys::{KEY, STRANGERS_KEY, Sign, key_set, oct};
use crate::support::tokens::{claims_with, token};
use crate::support::{AUDIENCE, NOW, authorizer, bearer, code};

const SEED: u64 = 62_636_426;
const STEPS: usize = 6_000;
const PROVIDERS: [&str; 2] = ["rsa", "hmac"];
const SECRETS: [&[u8]; 2] = [&[1; 32], &[2; 32]];
const PATHS: [&str; 4] = ["/a.png", "/users/alice/a.png", "/users/bob/a.png", "/public/a.png"];

/// What a provider's keys are now.
type KeyState = Option<(String, Option<f64>)>;

#[test]
fn threats_26_62_636_426_remembering_tokens_changes_no_decision() {
    println!("seed {SEED}");
    let mut random = ChaCha20Rng::seed_from_u64(SEED);
    let tokens = tokens();
    let mut remembering = authorizer(&configuration());
    let mut state: [KeyState; 2] = [None, None];
    let mut now = NOW;
    let mut codes: Vec<&str> = Vec::new();
    for step in 0..STEPS {
        match below(&mut random, 40) {
            0 | 1 => change_keys(&mut random, &mut remembering, &mut state, now),
            2 => trust_longer(&mut random, &mut remembering, &mut state, now),
            // Mostly forward, at times back; around the times that are in the tokens.
            3 | 4 => now = NOW + below(&mut random, 800) as f64 - 400.0,
            _ => {}
        }
        let request = bearer(pick(&mut random, &PATHS), pick(&mut random, &tokens));
        let keys = if below(&mut random, 2) == 0 { Keys::AreFinal } else { Keys::MayBeFetched };
        let decision = decide(&remembering, &request, now, keys);
        assert_eq!(decision, decide(&made_anew(&state), &request, now, keys), "step {step}");
        codes.push(code(&decision));
    }
    for expected in ["allowed", "policy_denied", "token_expired", "token_not_yet_valid", "signature_invalid"] {
        let count = codes.iter().filter(|code| **code == expected).count();
        assert!(count > STEPS / 100, "{expected}: {count} of {STEPS}");
    }
}

fn configuration() -> Value {
    let provider = |issuer: &str, members: Value| {
        let mut provider = json!({ "issuer": issuer, "audience": AUDIENCE });
        provider.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        provider
    };
    json!({
        "providers": {
            "rsa": provider("https://rsa.example", json!({ "jwksUri": "https://rsa.example/keys", "graceSeconds": 20 })),
            "hmac": provider("https://hmac.example", json!({ "algorithms": ["HS256"] })),
        },
        "rules": [
            { "match": { "path": "/public/{*rest}" }, "allow": "anyone" },
            { "match": { "path": "/users/{user}/{*rest}" }, "requires": { "claim": "sub", "equals": "{user}" } },
            { "match": { "path": "/{*rest}" }, "allow": "authenticated" },
        ],
        "forward": { "claimToHeaders": { "x-user": "sub" } },
    })
}

/// Good ones and bad ones of both providers, by keys that they have at times, and with times that come and go.
fn tokens() -> Vec<String> {
    let keys: [(&str, &str, &dyn Sign); 4] = [
        ("RS256", "https://rsa.example", &*KEY),
        ("RS256", "https://rsa.example", &*STRANGERS_KEY),
        ("HS256", "https://hmac.example", &Secret(SECRETS[0])),
        ("HS256", "https://hmac.example", &Secret(SECRETS[1])),
    ];
    let times = [
        json!({ "exp": NOW + 1000.0, "iat": NOW - 1000.0 }),
        json!({ "exp": NOW + 100.0, "iat": NOW - 1000.0 }),
        json!({ "exp": NOW + 1000.0, "iat": NOW - 1000.0, "nbf": NOW - 100.0 }),
        json!({ "exp": NOW + 1000.0, "iat": NOW + 50.0 }),
    ];
    let mut tokens = Vec::new();
    for (algorithm, issuer, key) in keys {
        for (number, times) in times.iter().enumerate() {
            let sub = ["alice", "bob"][number % 2];
            let mut claims = claims_with(json!({ "iss": issuer, "sub": sub }));
            claims.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
            let kid = ["k1", "k2"][number / 2];
            tokens.push(token(&json!({ "alg": algorithm, "kid": kid }), &claims, key));
        }
    }
    // A known token with the signature of another one.
    let ends: Vec<String> = tokens.iter().map(|token| token.rsplit_once('.').unwrap().1.to_owned()).collect();
    tokens.push(format!("{}.{}", tokens[0].rsplit_once('.').unwrap().0, ends[1]));
    tokens
}

struct Secret(&'static [u8]);

impl Sign for Secret {
    fn sign(&self, algorithm: &str, signing_input: &[u8]) -> Vec<u8> {
        self.0.sign(algorithm, signing_input)
    }
}

fn change_keys(random: &mut ChaCha20Rng, authorizer: &mut Authorizer, state: &mut [KeyState; 2], now: f64) {
    let provider = below(random, 2);
    let stranger = below(random, 4) == 0;
    let jwk = |kid: &str| match (provider, stranger) {
        (0, false) => KEY.jwk(kid),
        (0, true) => STRANGERS_KEY.jwk(kid),
        (_, _) => oct(kid, SECRETS[usize::from(stranger)]),
    };
    let keys = match below(random, 4) {
        0 => vec![jwk("k1")],
        1 => vec![jwk("k2")],
        _ => vec![jwk("k1"), jwk("k2")],
    };
    let until = (below(random, 2) == 0).then(|| now + below(random, 300) as f64);
    let text = key_set(&keys).to_string();
    authorizer.set_key_set(PROVIDERS[provider], &text, until.map(time)).unwrap();
    state[provider] = Some((text, until));
}

fn trust_longer(random: &mut ChaCha20Rng, authorizer: &mut Authorizer, state: &mut [KeyState; 2], now: f64) {
    let provider = below(random, 2);
    let longer = now + below(random, 300) as f64;
    authorizer.trust_keys_until(PROVIDERS[provider], time(longer)).unwrap();
    if let Some((_, until)) = &mut state[provider] {
        *until = Some(longer);
    }
}

fn made_anew(state: &[KeyState; 2]) -> Authorizer {
    let mut authorizer = authorizer(&configuration());
    for (provider, keys) in PROVIDERS.iter().zip(state) {
        if let Some((text, until)) = keys {
            authorizer.set_key_set(provider, text, until.map(time)).unwrap();
        }
    }
    authorizer
}

fn decide(authorizer: &Authorizer, request: &edge_authorizer_core::Request, now: f64, keys: Keys) -> Decision {
    authorizer.authorize(request, time(now), keys, &mut Trace::off())
}

fn time(seconds: f64) -> UnixTime {
    UnixTime::from_seconds(seconds).unwrap()
}

fn below(random: &mut ChaCha20Rng, limit: usize) -> usize {
    random.next_u32() as usize % limit
}

fn pick<'p, T: AsRef<str>>(random: &mut ChaCha20Rng, from: &'p [T]) -> &'p str {
    from[below(random, from.len())].as_ref()
}
