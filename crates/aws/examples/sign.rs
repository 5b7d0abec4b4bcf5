//! Signs requests from standard input, a JSON object a line, and prints what the signature is made of, for comparison with
//! another signer:
//!
//! ```text
//! echo '{"service": "s3", "region": "us-east-1", "now": 1767225600, "accessKeyId": "AKIDEXAMPLE", "secretAccessKey": "secret",
//!        "method": "GET", "path": "/a", "query": "", "headers": [["host", "h"]], "body": "", "expires": 60}' |
//!   cargo run --quiet --package edge-authorizer-aws --example sign
//! ```
//!
//! With `expires` the signature goes into the query, without into headers.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is a tool for tests")]

use std::io::{BufRead, stdin};

use edge_authorizer_aws::sigv4::{Credentials, Options, Payload, Request, Scope, presign, sign};
use serde_json::{Value, json};

fn main() {
    for line in stdin().lock().lines() {
        let asked: Value = serde_json::from_str(&line.unwrap()).unwrap();
        println!("{}", answer(&asked));
    }
}

fn answer(asked: &Value) -> Value {
    let text = |name: &str| asked[name].as_str().unwrap();
    let service = text("service");
    let credentials =
        Credentials::new(text("accessKeyId"), text("secretAccessKey"), asked["sessionToken"].as_str()).unwrap();
    let scope = Scope::new(text("region"), service, asked["now"].as_u64().unwrap()).unwrap();
    let headers: Vec<(&str, &str)> = asked["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|header| (header[0].as_str().unwrap(), header[1].as_str().unwrap()))
        .collect();
    let expires = asked["expires"].as_u64();
    let payload = match (service, expires) {
        ("s3", Some(_)) => Payload::Unsigned,
        _ => Payload::Bytes(text("body").as_bytes()),
    };
    let request =
        Request { method: text("method"), path: text("path"), query: text("query"), headers: &headers, payload };
    let options = Options::for_service(service);
    match expires {
        Some(expires) => {
            let expires = u32::try_from(expires).unwrap();
            match presign(&request, &scope, &credentials, options, expires) {
                Ok(signed) => json!({ "path": signed.path, "query": signed.query, "signature": signed.signature }),
                Err(error) => json!({ "error": error.message() }),
            }
        }
        None => match sign(&request, &scope, &credentials, options) {
            Ok(signed) => {
                let headers: serde_json::Map<String, Value> =
                    signed.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
                json!({ "headers": headers, "signature": signed.signature })
            }
            Err(error) => json!({ "error": error.message() }),
        },
    }
}
