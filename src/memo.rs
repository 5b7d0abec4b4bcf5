//! Texts that JavaScript has been given before.

use std::cell::RefCell;

use js_sys::JsString;
use wasm_bindgen::prelude::*;

const SLOTS: usize = 64;

/// Longer texts are given anew each time.
const MAX_BYTES: usize = 64;

/// Remembers texts that come again and again, such as the names of rules: to compare one costs less than to decode it.
///
/// Each text has one slot, which the last one that belongs there takes.
pub(crate) struct Memo(RefCell<[Option<Known>; SLOTS]>);

struct Known {
    text: Box<str>,
    value: JsString,
}

impl Memo {
    pub(crate) fn new() -> Self {
        Self(RefCell::new([const { None }; SLOTS]))
    }

    /// The text, for JavaScript; `null` for none.
    pub(crate) fn text(&self, text: Option<&str>) -> JsValue {
        let Some(text) = text else {
            return JsValue::NULL;
        };
        let mut slots = self.0.borrow_mut();
        let Some(slot) = slots.get_mut(slot_of(text)).filter(|_| text.len() <= MAX_BYTES) else {
            return JsValue::from_str(text);
        };
        match slot {
            Some(known) if *known.text == *text => known.value.clone().into(),
            _ => {
                let value = JsString::from(text);
                *slot = Some(Known { text: text.into(), value: value.clone() });
                value.into()
            }
        }
    }
}

/// The end tells numbered names apart, the length most others.
fn slot_of(text: &str) -> usize {
    let end = text.as_bytes().last_chunk().map_or(0, |end| u32::from_le_bytes(*end));
    // Knuth's multiplicative hashing; the upper bits are the mixed ones.
    (end.wrapping_add(text.len() as u32).wrapping_mul(2_654_435_761) >> 26) as usize % SLOTS
}
