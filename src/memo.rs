//! Texts that JavaScript has been given before.

use std::cell::RefCell;

use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/boundary.js")]
extern "C" {
    #[wasm_bindgen(js_name = keepText)]
    fn keep_text(texts: &Array, number: u32, text: &str);
}

/// How many texts of each kind are remembered.
const SLOTS: usize = 64;

/// What [`Memo::numbers`] numbers.
const KINDS: usize = 4;

/// Longer texts are given anew each time.
const MAX_BYTES: usize = 64;

/// What stands for no text.
const NONE: u32 = (KINDS * SLOTS) as u32;

/// Remembers texts that come again and again, such as the names of rules: to compare one costs less than to decode it, and a
/// number crosses the boundary for less than a text.
///
/// Each text of a kind has one slot, which the last one that belongs there takes. Kinds share none, so that the texts of one
/// outcome do not push each other out.
pub(crate) struct Memo {
    /// What JavaScript has.
    texts: Array,
    known: RefCell<[[Option<Box<str>>; SLOTS]; KINDS]>,
}

impl Memo {
    pub(crate) fn new() -> Self {
        let texts = Array::new_with_length(NONE + 1);
        texts.set(NONE, JsValue::NULL);
        Self { texts, known: RefCell::new([const { [const { None }; SLOTS] }; KINDS]) }
    }

    /// What the numbers are of; no text is `null`.
    pub(crate) fn texts(&self) -> &Array {
        &self.texts
    }

    /// The numbers of these texts, until numbers are asked for again.
    pub(crate) fn numbers(&self, texts: [Option<&str>; KINDS]) -> [u32; KINDS] {
        let mut known = self.known.borrow_mut();
        let mut numbers = [NONE; KINDS];
        let kinds = known.iter_mut().zip(&mut numbers).zip(texts).zip(0..);
        for (((known, number), text), kind) in kinds {
            let Some(text) = text else { continue };
            let slot = slot_of(text);
            *number = kind * SLOTS as u32 + slot as u32;
            let Some(known) = known.get_mut(slot) else { continue };
            if known.as_deref() != Some(text) {
                keep_text(&self.texts, *number, text);
                *known = (text.len() <= MAX_BYTES).then(|| text.into());
            }
        }
        numbers
    }
}

/// The end tells numbered names apart, the length most others.
fn slot_of(text: &str) -> usize {
    let end = text.as_bytes().last_chunk().map_or(0, |end| u32::from_le_bytes(*end));
    // Knuth's multiplicative hashing; the upper bits are the mixed ones.
    (end.wrapping_add(text.len() as u32).wrapping_mul(2_654_435_761) >> 26) as usize % SLOTS
}
