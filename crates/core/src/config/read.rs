//! From text to [`Document`]: syntax, unknown and misspelt names, wrong types.

use super::document::Document;
use super::problem::{Problem, nearest};
use crate::json;

/// Reads the document; the first thing that is wrong, with its line and column.
pub(super) fn read(text: &str) -> Result<Document, Problem> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let document = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        problem(&path, &error.into_inner())
    })?;
    deserializer.end().map_err(|error| problem("", &error))?;
    // serde lets the last of two equal names win in a map, `providers` for one.
    json::parse(text.as_bytes()).map_err(|error| Problem {
        place: String::new(),
        position: None,
        message: format!("not the JSON that a configuration is written in: {error}"),
    })?;
    Ok(document)
}

fn problem(path: &str, error: &serde_json::Error) -> Problem {
    let position = (error.line() > 0).then(|| (error.line(), error.column()));
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    let place = if path == "." { String::new() } else { path.to_owned() };
    Problem { place, position, message: with_suggestion(message) }
}

/// serde's message for an unknown name lists the known ones, all in backticks: name the nearest first.
fn with_suggestion(message: &str) -> String {
    let Some(rest) = message.strip_prefix("unknown field `") else {
        return message.to_owned();
    };
    let mut words = rest.split('`');
    let unknown = words.next().unwrap_or_default();
    let known: Vec<&str> = words.skip(1).step_by(2).collect();
    match nearest(unknown, known.iter().copied()) {
        Some(near) => format!("unknown key `{unknown}`: did you mean `{near}`?"),
        None => format!("unknown key `{unknown}`: the keys here are `{}`", known.join("`, `")),
    }
}
