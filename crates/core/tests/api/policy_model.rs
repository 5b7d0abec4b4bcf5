//! Requirements against an independent model of them: intervals of truth instead of verdicts, tables instead of hashes.
//!
//! What cannot be compared is somewhere between false and true; `not` turns the interval around, `all` and `any` take the
//! least and the greatest of each end. A request passes where the lower end is true. Since each condition stands for itself,
//! that is what Kleene's logic says, by another way.

mod random;

use std::net::IpAddr;

use edge_authorizer_core::{Authorizer, Decision, Keys, Request, Trace, UnixTime};
use md5::{Digest, Md5};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::{Value, json};
use sha2::Sha256;

use random::{Random, random_claims, random_request, random_rule};

use crate::support::tokens::{claims_with, hs256};
use crate::support::{NOW, code, refusal, rule, secret_authorizer};

const CASES: usize = 400_000;
const TOKENS_FOR_EACH_POLICY: usize = 10;
const REQUESTS_FOR_EACH_TOKEN: usize = 20;

/// Words of paths and claims, with their MD5 and SHA-256 by Python's hashlib.
const WORDS: [(&str, &str, &str); 6] = [
    ("a", "0cc175b9c0f1b6a831c399e269772661", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
    ("b", "92eb5ffee6ae2fec3ad71c777531578f", "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"),
    ("A", "7fc56270e7a70fa81a5935b72eacbe29", "559aead08264d5795d3909718cdd05abd49572e84fe55590eef31a88a08fdffd"),
    ("red", "bda9643ac6601722a28f238714274da4", "b1f51a511f1da0cd348b8f8598db32e61cb963e5fc69e2b41485bf99590ed75a"),
    ("Red", "ee38e4d5dd68c4e440825018d549cb47", "ba19e9c3d5f49882ddaafed4f286a8a81491150426d321179270e27e74a89097"),
    ("ab", "187ef4436122d1cc2f40dc2b92f0eba0", "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603"),
];

const MOMENTS: [(&str, f64); 3] =
    [("2023-11-14T22:13:19Z", NOW - 1.0), ("2023-11-14T22:13:20Z", NOW), ("2023-11-15T00:14:20+02:00", NOW + 60.0)];

#[test]
fn requirements_are_judged_as_an_independent_model_says() {
    for seed in [41, 42] {
        println!("seed {seed}");
        compare_with_the_model(&mut Random(ChaCha20Rng::seed_from_u64(seed)), CASES / 2);
    }
}

fn compare_with_the_model(random: &mut Random, cases: usize) {
    let mut allowed = 0;
    for _ in 0..cases / TOKENS_FOR_EACH_POLICY / REQUESTS_FOR_EACH_TOKEN {
        let rules: Vec<Value> = (0..1 + random.below(4)).map(|_| random_rule(random)).collect();
        let authorizer = secret_authorizer(json!({ "rules": rules }));
        for _ in 0..TOKENS_FOR_EACH_POLICY {
            let claims = claims_with(random_claims(random));
            let token = hs256(&claims);
            for _ in 0..REQUESTS_FOR_EACH_TOKEN {
                let (request, now) = random_request(random, &token);
                let decision = decided(&authorizer, &request, now);
                let expected = model(&rules, &claims, &request, now);
                let actual = (rule(&decision).map(str::to_owned), passes(&decision));
                assert_eq!(actual, expected, "{} {claims} {request:?} at {now}", json!(rules));
                allowed += usize::from(expected.1);
                check_wanted_scopes(&rules, &claims, &request, now, decision);
            }
        }
    }
    assert!(
        (cases / 8..cases * 7 / 8).contains(&allowed),
        "{allowed} of {cases} pass: neither all nor hardly any should"
    );
}

fn decided(authorizer: &Authorizer, request: &Request, now: f64) -> Decision {
    authorizer.authorize(request, UnixTime::from_seconds(now).unwrap(), Keys::AreFinal, &mut Trace::off())
}

fn passes(decision: &Decision) -> bool {
    let code = code(decision);
    assert!(["allowed", "public", "policy_denied", "insufficient_scope", "no_rule"].contains(&code), "{code}");
    matches!(decision, Decision::Forward(_))
}

/// Whoever is told which scopes are missing passes with them.
fn check_wanted_scopes(rules: &[Value], claims: &Value, request: &Request, now: f64, decision: Decision) {
    if code(&decision) == "insufficient_scope" && !json!(rules).to_string().contains("\"not\"") {
        let wanted = refusal(decision).wanted.join(" ");
        let mut more = claims.clone();
        more["scp"] = json!(wanted);
        assert!(model(rules, &more, request, now).1, "{} {claims} {request:?} with {wanted}", json!(rules));
    }
}

/// The rule that decides, and whether the request passes.
fn model(rules: &[Value], claims: &Value, request: &Request, now: f64) -> (Option<String>, bool) {
    let host = request.headers.iter().find(|(name, _)| name == "host").map_or("", |(_, host)| host.as_str());
    let host = host.to_lowercase().replace(":443", "");
    let mut segments = request.path.split('/').skip(1);
    let (first, second, third) = (segments.next().unwrap(), segments.next(), segments.next());
    for (index, rule) in rules.iter().enumerate() {
        let is_for_host = rule["match"]["host"].as_str().is_none_or(|pattern| match pattern.strip_prefix('*') {
            Some(end) => host.ends_with(end),
            None => host == pattern,
        });
        let rest = match (rule["match"]["path"].as_str().unwrap(), second, third) {
            ("/{x}/{*y}", Some(second), None) => second.to_owned(),
            ("/{x}/{*y}", Some(second), Some(third)) => format!("{second}/{third}"),
            ("/{x}/{y}", Some(second), None) => second.to_owned(),
            ("/{x}", None, None) => String::new(),
            _ => continue,
        };
        if is_for_host {
            let facts = Facts { claims, x: first, y: &rest, address: &request.client_ip, now };
            return (Some(format!("rules[{index}]")), facts.truth(&rule["requires"]).0);
        }
    }
    (None, false)
}

struct Facts<'f> {
    claims: &'f Value,
    x: &'f str,
    y: &'f str,
    address: &'f str,
    now: f64,
}

/// From at least to at most.
type Truth = (bool, bool);

const UNKNOWN: Truth = (false, true);

fn known(truth: bool) -> Truth {
    (truth, truth)
}

impl Facts<'_> {
    fn truth(&self, requirement: &Value) -> Truth {
        let (kind, about) = requirement
            .as_object()
            .unwrap()
            .iter()
            .find(|(kind, _)| !["as", "equals", "oneOf", "contains", "startsWith"].contains(&kind.as_str()))
            .unwrap();
        let parts = || about.as_array().unwrap().iter().map(|part| self.truth(part));
        match kind.as_str() {
            "all" => parts().fold((true, true), |all, part| (all.0 && part.0, all.1 && part.1)),
            "any" => parts().fold((false, false), |any, part| (any.0 || part.0, any.1 || part.1)),
            "not" => {
                let (least, most) = self.truth(about);
                (!most, !least)
            }
            "claim" => self.claim(about, requirement),
            "group" => self.one_of_items(self.claims.get("groups"), &mut |item| text_is(item, &self.filled(about))),
            "scope" => known(["scope", "scp"].iter().any(|name| {
                let words = self.claims.get(name).and_then(Value::as_str).unwrap_or_default();
                words.split(' ').any(|word| word == about.as_str().unwrap())
            })),
            "provider" => known(about.as_array().unwrap().contains(&json!("issuer"))),
            "emailDomain" => self.email_domain(about),
            "clientIp" => self.client_ip(about),
            "time" => {
                let seconds = |key: &str, open: f64| {
                    let text = about.get(key).and_then(Value::as_str);
                    text.map_or(open, |text| MOMENTS.iter().find(|(moment, _)| *moment == text).unwrap().1)
                };
                known((seconds("notBefore", 0.0)..=seconds("notAfter", f64::MAX)).contains(&self.now))
            }
            other => panic!("{other}"),
        }
    }

    fn claim(&self, name: &Value, requirement: &Value) -> Truth {
        let names: Vec<&str> = match name {
            Value::String(name) => vec![name],
            names => names.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect(),
        };
        let mut claim = self.claims;
        for name in names {
            match claim {
                Value::Object(members) if !members.contains_key(name) => return known(false),
                Value::Object(members) => claim = &members[name],
                _ => return UNKNOWN,
            }
        }
        let transforms = requirement["as"].as_str().unwrap_or_default();
        let equal = |actual: &Value, expected: &Value| match expected {
            Value::String(_) => match actual.as_str() {
                Some(actual) => known(transformed(actual, transforms) == self.filled(expected)),
                None => UNKNOWN,
            },
            // Numbers and booleans.
            expected if expected.is_number() == actual.is_number() && expected.is_boolean() == actual.is_boolean() => {
                known(expected == actual)
            }
            _ => UNKNOWN,
        };
        if let Some(expected) = requirement.get("equals") {
            equal(claim, expected)
        } else if let Some(expected) = requirement.get("oneOf") {
            let expected = expected.as_array().unwrap().iter().map(|expected| equal(claim, expected));
            expected.fold(known(false), |any, one| (any.0 || one.0, any.1 || one.1))
        } else if let Some(expected) = requirement.get("contains") {
            self.one_of_items(Some(claim), &mut |item| equal(item, expected))
        } else {
            let beginning = self.filled(&requirement["startsWith"]);
            claim.as_str().map_or(UNKNOWN, |text| known(transformed(text, transforms).starts_with(&beginning)))
        }
    }

    fn one_of_items(&self, claim: Option<&Value>, is: &mut dyn FnMut(&Value) -> Truth) -> Truth {
        match claim {
            None => known(false),
            Some(Value::Array(items)) => items.iter().fold(known(false), |any, item| {
                let item = is(item);
                (any.0 || item.0, any.1 || item.1)
            }),
            Some(_) => UNKNOWN,
        }
    }

    fn email_domain(&self, domain: &Value) -> Truth {
        let Some(email) = self.claims.get("email") else {
            return known(false);
        };
        let parts: Vec<&str> = email.as_str().unwrap_or_default().split('@').collect();
        match parts[..] {
            [name, actual] if !name.is_empty() && self.claims.get("email_verified") == Some(&json!(true)) => {
                known(actual.to_lowercase() == self.filled(domain).to_lowercase())
            }
            _ => UNKNOWN,
        }
    }

    /// By the octets of what is written, for the few addresses that there are.
    fn client_ip(&self, ranges: &Value) -> Truth {
        let Ok(address) = self.address.replace("::ffff:", "").parse::<IpAddr>() else {
            return UNKNOWN;
        };
        let text = address.to_string();
        known(ranges.as_array().unwrap().iter().any(|range| match range.as_str().unwrap() {
            "192.0.2.0/24" => text.starts_with("192.0.2."),
            "192.0.2.1" => text == "192.0.2.1",
            "2001:db8::/32" => text.starts_with("2001:db8:"),
            "0.0.0.0/0" => text.contains('.'),
            other => panic!("{other}"),
        }))
    }

    /// A value with its captures, one at most.
    fn filled(&self, value: &Value) -> String {
        let text = value.as_str().unwrap();
        let Some((before, rest)) = text.split_once('{') else {
            return text.to_owned();
        };
        let (capture, after) = rest.split_once('}').unwrap();
        let (name, transforms) = capture.split_once('|').unwrap_or((capture, ""));
        let captured = if name == "x" { self.x } else { self.y };
        format!("{before}{}{after}", transformed(captured, transforms))
    }
}

fn text_is(actual: &Value, expected: &str) -> Truth {
    actual.as_str().map_or(UNKNOWN, |actual| known(actual == expected))
}

fn transformed(text: &str, transforms: &str) -> String {
    transforms.split('|').filter(|name| !name.is_empty()).fold(text.to_owned(), |text, name| {
        let hashes = WORDS.iter().find(|(word, ..)| *word == text);
        match name {
            "lower" => text.to_lowercase(),
            "upper" => text.to_uppercase(),
            "md5" => hashes.map_or_else(|| digits(&Md5::digest(&text)), |(_, md5, _)| (*md5).to_owned()),
            "sha256" => hashes.map_or_else(|| digits(&Sha256::digest(&text)), |(.., sha256)| (*sha256).to_owned()),
            other => panic!("{other}"),
        }
    })
}

/// For what is no word: what is to be compared is the order of transforms and their spelling, not the hash functions.
fn digits(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
