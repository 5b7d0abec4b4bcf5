//! What the model is compared on: rules, claims and requests, all of the same few words, so that they often fit.

use edge_authorizer_core::Request;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::RngCore;
use serde_json::{Value, json};

use super::{MOMENTS, WORDS};
use crate::support::{NOW, bearer};

const CLAIMS: [&str; 4] = ["c", "d", "groups", "n.m"];
const ADDRESSES: [&str; 5] = ["192.0.2.1", "192.0.3.1", "::ffff:192.0.2.9", "2001:db8::1", "unknown"];
const RANGES: [&str; 4] = ["192.0.2.0/24", "192.0.2.1", "2001:db8::/32", "0.0.0.0/0"];
const HOSTS: [&str; 4] = ["a.example", "b.example", "c.b.example", "B.EXAMPLE:443"];
const HOST_PATTERNS: [&str; 4] = ["a.example", "*.example", "*.b.example", "b.example"];
const TIMES: [f64; 4] = [NOW - 1.0, NOW, NOW + 0.5, NOW + 60.0];

pub(super) fn random_rule(random: &mut Random) -> Value {
    let path = *random.one_of(&["/{x}/{*y}", "/{x}/{*y}", "/{x}/{y}", "/{x}"]);
    let captures: &[&str] = if path == "/{x}" { &["x"] } else { &["x", "y"] };
    let mut rule = json!({ "match": { "path": path }, "requires": random_requirement(random, captures, 3) });
    // A policy without hosts does not look at them.
    rule["match"]["host"] = json!(random.one_of(&HOST_PATTERNS));
    if random.below(4) == 0 {
        rule["match"].as_object_mut().unwrap().remove("host");
    }
    rule
}

fn random_requirement(random: &mut Random, captures: &[&str], depth: u32) -> Value {
    let some = |random: &mut Random, captures: &[&str], depth: u32| -> Vec<Value> {
        (0..1 + random.below(3)).map(|_| random_requirement(random, captures, depth - 1)).collect()
    };
    match random.below(if depth > 0 { 14 } else { 11 }) {
        0 => json!({ "group": random_text(random, captures) }),
        1 => json!({ "scope": random.one_of(&["r", "w"]) }),
        2 => json!({ "provider": random.one_of(&[json!(["issuer"]), json!(["issuer", "issuer"])]) }),
        3 => json!({ "emailDomain": random.one_of(&["m.example", "M.example", "{x}"]) }),
        4 => json!({ "clientIp": [random.one_of(&RANGES), random.one_of(&RANGES)] }),
        5 => random
            .one_of(&[
                json!({ "time": { "notBefore": MOMENTS[1].0 } }),
                json!({ "time": { "notAfter": MOMENTS[1].0 } }),
                json!({ "time": { "notBefore": MOMENTS[0].0, "notAfter": MOMENTS[2].0 } }),
            ])
            .clone(),
        6..=10 => random_claim(random, captures),
        11 => json!({ "all": some(random, captures, depth) }),
        12 => json!({ "any": some(random, captures, depth) }),
        _ => json!({ "not": random_requirement(random, captures, depth - 1) }),
    }
}

fn random_claim(random: &mut Random, captures: &[&str]) -> Value {
    let name = random
        .one_of(&[json!("c"), json!("c"), json!("d"), json!("n.m"), json!(["n", "m"]), json!(["c", "m"])])
        .clone();
    let mut requirement = json!({ "claim": name });
    let is_text = random.below(3) == 0;
    if is_text {
        requirement["as"] = json!(random.one_of(&["md5", "sha256", "lower", "upper", "lower|md5", "md5|upper"]));
    }
    let value = |random: &mut Random| match random.below(if is_text { 4 } else { 6 }) {
        4 => json!(random.below(2)),
        5 => json!(random.below(2) == 0),
        _ => random_text(random, captures),
    };
    match random.below(4) {
        0 => requirement["equals"] = value(random),
        1 => requirement["oneOf"] = json!([value(random), value(random)]),
        2 => requirement["contains"] = value(random),
        _ => requirement["startsWith"] = json!(random.one_of(&["a", "r", "{x}b", "0"])),
    }
    requirement
}

fn random_text(random: &mut Random, captures: &[&str]) -> Value {
    let (word, md5, sha256) = random.one_of(&WORDS);
    match random.below(6) {
        0 => json!(word),
        1 => json!(md5),
        2 => json!(sha256),
        3 => json!(format!("{{{}}}", random.one_of(captures))),
        4 => json!(format!(
            "{{{}|{}}}",
            random.one_of(captures),
            random.one_of(&["md5", "lower", "upper", "lower|sha256"])
        )),
        _ => json!(format!("a{{{}}}", random.one_of(captures))),
    }
}

pub(super) fn random_claims(random: &mut Random) -> Value {
    let mut claims = json!({});
    for name in CLAIMS {
        if random.below(4) > 0 {
            claims[name] = random_value(random, 2);
        }
    }
    match random.below(4) {
        0 => claims["n"] = json!({ "m": random_value(random, 1) }),
        1 => claims["n"] = random_value(random, 1),
        _ => {}
    }
    claims["scope"] = json!(random.one_of(&["", "r", "w", "r w", "rw"]));
    claims["email"] = random
        .one_of(&[json!("v@m.example"), json!("v@a"), json!("v@x@m.example"), json!("@m.example"), json!(7)])
        .clone();
    claims["email_verified"] = random.one_of(&[json!(true), json!(true), json!(false), json!("true")]).clone();
    claims
}

fn random_value(random: &mut Random, depth: u32) -> Value {
    let (word, md5, _) = random.one_of(&WORDS);
    match random.below(if depth > 0 { 10 } else { 7 }) {
        0 => json!(random.below(2)),
        1 => json!(random.below(2) == 0),
        2 => json!(null),
        3 => json!(md5),
        4..=6 => json!(word),
        7 => json!({ "m": random_value(random, depth - 1) }),
        _ => (0..random.below(3)).map(|_| random_value(random, depth - 1)).collect(),
    }
}

pub(super) fn random_request(random: &mut Random, token: &str) -> (Request, f64) {
    let segments: Vec<&str> = (0..1 + random.below(3)).map(|_| random.one_of(&WORDS).0).collect();
    let path = segments.iter().map(|segment| format!("/{segment}")).collect::<String>();
    let mut request = bearer(&path, token);
    request.client_ip = (*random.one_of(&ADDRESSES)).to_owned();
    request.headers.push(("host".to_owned(), (*random.one_of(&HOSTS)).to_owned()));
    (request, *random.one_of(&TIMES))
}

pub(super) struct Random(pub(super) ChaCha20Rng);

impl Random {
    pub(super) fn below(&mut self, end: u32) -> u32 {
        self.0.next_u32() % end
    }

    fn one_of<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len() as u32) as usize]
    }
}
