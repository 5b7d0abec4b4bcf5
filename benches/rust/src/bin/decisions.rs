//! Makes decisions, as many as it is told: `decisions FOLDER COUNT`. Whoever counts its instructions for two counts knows
//! what one decision takes.
//!
//! The folder holds `authorizer.json`, `jwks.json` and `tokens.txt`, a token a line; the tokens are used in turn.

use std::fs::read_to_string;
use std::path::PathBuf;

use edge_authorizer_core::{Authorizer, Decision, Keys, Request, Trace, UnixTime};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    let count: usize = arguments.next().and_then(|count| count.parse().ok()).expect("a count");
    let file = |name: &str| read_to_string(folder.join(name)).expect(name);

    let mut authorizer = Authorizer::new(&file("authorizer.json")).expect("a configuration");
    authorizer.set_key_set("staff", &file("jwks.json"), None).expect("a key set");
    let now: f64 = file("now.txt").trim().parse().expect("a time");
    let now = UnixTime::from_seconds(now).expect("a time");
    let tokens = file("tokens.txt");
    let requests: Vec<Request> = tokens.lines().map(request).collect();

    let mut forwarded = 0;
    for request in requests.iter().cycle().take(count) {
        let decision = authorizer.authorize(request, now, Keys::AreFinal, &mut Trace::off());
        forwarded += usize::from(matches!(decision, Decision::Forward(_)));
    }
    assert_eq!(forwarded, count);
}

fn request(token: &str) -> Request {
    Request {
        method: "GET".to_owned(),
        path: "/area0/2026/IMG_1.jpg".to_owned(),
        headers: vec![("authorization".to_owned(), format!("Bearer {token}"))],
        ..Request::default()
    }
}
