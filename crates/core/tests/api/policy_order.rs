//! The index over the rules against an independent model of them: rules in a row, patterns and paths as lists of segments.
//!
//! Rules and paths are random, from a fixed seed and few words, so that many rules match one path in different ways.

use edge_authorizer_core::{Authorizer, Decision, Keys, Request, Trace, UnixTime};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};

use crate::support::tokens::{claims_with, hs256};
use crate::support::{NOW, bearer, code, get, rule, secret_authorizer};

const CASES: usize = 100_000;
const PATHS_FOR_EACH_POLICY: usize = 50;
const METHODS: [&str; 4] = ["GET", "HEAD", "PUT", "DELETE"];

/// Segments of patterns: `?` is a capture.
const WHOLE_SEGMENTS: [&str; 6] = ["a", "b", "a b", "a.b", "?", "?"];
const PARTS_OF_SEGMENTS: [&str; 12] = ["a", "b", "a.b", "?", "?", "a?", "ab?", "?.b", "?b", "?.a.b", "a?b", "a.?.b"];

/// Segments of paths, as they are sent.
const SENT: [&str; 10] = ["a", "b", "a%20b", "a.b", "b.b", "ab", "a.a.b", "aab.b", "a.b.a.b", ".b"];

#[test]
fn order_wins_over_specificity() {
    compare_with_the_model(1, &WHOLE_SEGMENTS);
}

#[test]
fn order_wins_over_specificity_with_captures_of_parts_of_segments() {
    compare_with_the_model(2, &PARTS_OF_SEGMENTS);
}

/// The router that serves as the index does not find `/images/{id}/original` beside the second pattern: whoever relied on it
/// would let everybody see what the first rule guards.
#[test]
fn the_first_rule_decides_beside_patterns_that_the_router_loses_its_way_in() {
    let authorizer = secret_authorizer(json!({ "rules": [
        { "name": "guarded", "match": { "path": "/images/{id}/original" }, "allow": "authenticated" },
        { "name": "thumbs", "match": { "path": "/images/{id}.png/thumb" }, "allow": "anyone" },
        { "name": "rest", "match": { "path": "/images/{*rest}" }, "allow": "anyone" },
    ] }));
    assert_eq!(decided(&authorizer, &get("/images/7.png/original")).code, "credentials_missing");
    assert_eq!(decided(&authorizer, &get("/images/7.png/thumb")).code, "public");
    assert_eq!(decided(&authorizer, &get("/images/7.png/other")).code, "public");
}

fn compare_with_the_model(seed: u64, segments: &[&'static str]) {
    println!("seed {seed}");
    let mut random = Random(ChaCha20Rng::seed_from_u64(seed));
    let mut matched = 0;
    for _ in 0..CASES / PATHS_FOR_EACH_POLICY {
        let rules: Vec<Rule> = (0..1 + random.below(12)).map(|_| Rule::random(&mut random, segments)).collect();
        let written: Vec<Value> = rules.iter().map(Rule::to_json).collect();
        let authorizer = secret_authorizer(json!({ "rules": written }));
        for _ in 0..PATHS_FOR_EACH_POLICY {
            let request = random_request(&mut random);
            let (expected, capture) = model(&rules, &request);
            matched += usize::from(expected.rule.is_some());
            assert_eq!(
                decided(&authorizer, &request),
                expected,
                "{} {} by {}",
                request.method,
                request.path,
                json!(written)
            );
            if let Some(capture) = capture {
                check_capture(&authorizer, &request, &capture, &written);
            }
        }
    }
    assert!((CASES / 4..CASES).contains(&matched), "{matched} of {CASES} match: neither all nor hardly any should");
}

/// What an answer shows of the policy.
#[derive(Debug, PartialEq)]
struct Outcome {
    code: &'static str,
    rule: Option<String>,
    wanted: Vec<String>,
}

fn decided(authorizer: &Authorizer, request: &Request) -> Outcome {
    let decision = decide(authorizer, request);
    let wanted = match &decision {
        Decision::Refuse(refused) => refused.refusal.wanted.clone(),
        _ => Vec::new(),
    };
    Outcome { code: code(&decision), rule: rule(&decision).map(str::to_owned), wanted }
}

/// A quick one, without the checks of [`crate::support::decide`].
fn decide(authorizer: &Authorizer, request: &Request) -> Decision {
    authorizer.authorize(request, UnixTime::from_seconds(NOW).unwrap(), Keys::AreFinal, &mut Trace::off())
}

fn check_capture(authorizer: &Authorizer, request: &Request, capture: &str, rules: &[Value]) {
    for (claim, expected) in [(capture.to_owned(), "allowed"), (format!("{capture}."), "policy_denied")] {
        let token = hs256(&claims_with(json!({ "captured": claim })));
        let request = Request { method: request.method.clone(), ..bearer(&request.path, &token) };
        assert_eq!(code(&decide(authorizer, &request)), expected, "{} for {claim} by {}", request.path, json!(rules));
    }
}

/// The model: each rule in turn, each segment in turn. And what the claim `captured` has to be, where a rule asks for it.
fn model(rules: &[Rule], request: &Request) -> (Outcome, Option<String>) {
    let decoded = request.path.replace("%20", " ");
    let path: Vec<&str> = decoded.split('/').skip(1).collect();
    let matching: Vec<_> =
        rules.iter().enumerate().filter_map(|(index, rule)| Some((index, rule, rule.captured(&path)?))).collect();
    let Some((index, rule, captured)) = matching.iter().find(|(_, rule, _)| rule.takes(&request.method)) else {
        let wanted = METHODS.into_iter().filter(|method| matching.iter().any(|(_, rule, _)| rule.takes(method)));
        let wanted: Vec<String> = wanted.map(str::to_owned).collect();
        let code = if matching.is_empty() { "no_rule" } else { "method_not_allowed" };
        return (Outcome { code, rule: None, wanted }, None);
    };
    let code = if rule.public { "public" } else { "credentials_missing" };
    let capture = captured.first().filter(|_| !rule.public).cloned();
    (Outcome { code, rule: Some(format!("rules[{index}]")), wanted: Vec::new() }, capture)
}

struct Rule {
    /// As in [`PARTS_OF_SEGMENTS`]; the last may be `*`, for the rest.
    segments: Vec<&'static str>,
    methods: Vec<&'static str>,
    public: bool,
}

impl Rule {
    fn random(random: &mut Random, words: &[&'static str]) -> Self {
        let mut segments: Vec<&'static str> = (0..random.below(4)).map(|_| *random.one_of(words)).collect();
        match random.below(4) {
            0 => segments.push("*"),
            1 => segments.push(""),
            _ if segments.is_empty() => segments.push("*"),
            _ => {}
        }
        let methods = match random.below(4) {
            0 => vec![*random.one_of(&METHODS)],
            1 => vec!["PUT", "DELETE"],
            _ => vec!["GET"],
        };
        Self { segments, methods, public: random.below(2) == 0 }
    }

    fn to_json(&self) -> Value {
        let named = self.segments.iter().enumerate().map(|(index, segment)| match *segment {
            "*" => format!("/{{*c{index}}}"),
            segment => format!("/{}", segment.replace('?', &format!("{{c{index}}}"))),
        });
        let matches = json!({ "path": named.collect::<String>(), "methods": self.methods });
        let capture = self.segments.iter().position(|segment| segment.contains(['?', '*']));
        match capture {
            _ if self.public => json!({ "match": matches, "allow": "anyone" }),
            None => json!({ "match": matches, "allow": "authenticated" }),
            Some(index) => {
                let requires = json!({ "claim": "captured", "equals": format!("{{c{index}}}") });
                json!({ "match": matches, "requires": requires })
            }
        }
    }

    fn takes(&self, method: &str) -> bool {
        self.methods.contains(&method) || (method == "HEAD" && self.methods.contains(&"GET"))
    }

    /// What the captures stand for, if the path matches.
    fn captured(&self, path: &[&str]) -> Option<Vec<String>> {
        let mut captured = Vec::new();
        for (index, pattern) in self.segments.iter().enumerate() {
            let actual = path.get(index)?;
            match (*pattern, pattern.split_once('?')) {
                ("*", _) => {
                    let rest = path[index..].join("/");
                    return (!rest.is_empty()).then(|| {
                        captured.push(rest);
                        captured
                    });
                }
                (_, Some((prefix, suffix))) => {
                    let middle = actual.strip_prefix(prefix)?.strip_suffix(suffix)?;
                    if middle.is_empty() {
                        return None;
                    }
                    captured.push(middle.to_owned());
                }
                (literal, None) if literal == *actual => {}
                _ => return None,
            }
        }
        (path.len() == self.segments.len()).then_some(captured)
    }
}

fn random_request(random: &mut Random) -> Request {
    let mut path: String = (0..random.below(5)).map(|_| format!("/{}", random.one_of(&SENT))).collect();
    if path.is_empty() || random.below(4) == 0 {
        path.push('/');
    }
    Request { method: (*random.one_of(&METHODS)).to_owned(), ..get(&path) }
}

struct Random(ChaCha20Rng);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32() % end
    }

    fn one_of<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len() as u32) as usize]
    }
}
