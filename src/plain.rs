//! Plain data for the host, by way of JSON: one call of `JSON.parse` makes all of its objects, where serde would bring code for
//! each kind of value, and call the host for each member.

use edge_authorizer_core::write_json_text;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// It throws where a text is no JSON, which those written here are.
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(json: &str) -> JsValue;
}

/// What JSON can say, as far as it is needed.
pub(crate) enum Plain<'a> {
    Null,
    Flag(bool),
    Number(u64),
    Text(&'a str),
    List(Vec<Self>),
    Object(Vec<(&'static str, Self)>),
}

impl<'a> Plain<'a> {
    /// `null` for what is not there.
    pub(crate) fn text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }

    pub(crate) fn list(items: impl Iterator<Item = Self>) -> Self {
        Self::List(items.collect())
    }

    pub(crate) fn to_js(&self) -> JsValue {
        let mut json = String::new();
        self.write(&mut json);
        parse(&json)
    }

    fn write(&self, json: &mut String) {
        match self {
            Self::Null => json.push_str("null"),
            Self::Flag(flag) => json.push_str(if *flag { "true" } else { "false" }),
            Self::Number(number) => json.push_str(&number.to_string()),
            Self::Text(text) => write_json_text(text, json),
            Self::List(items) => {
                json.push('[');
                for (index, item) in items.iter().enumerate() {
                    separate(index, json);
                    item.write(json);
                }
                json.push(']');
            }
            Self::Object(members) => {
                json.push('{');
                for (index, (name, member)) in members.iter().enumerate() {
                    separate(index, json);
                    write_json_text(name, json);
                    json.push(':');
                    member.write(json);
                }
                json.push('}');
            }
        }
    }
}

fn separate(index: usize, json: &mut String) {
    if index > 0 {
        json.push(',');
    }
}
