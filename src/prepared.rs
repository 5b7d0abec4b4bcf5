//! A configuration that was read when the zip was made.
//!
//! `scripts/module/prepare.mjs` calls [`prepare`] in an instance, and writes the memory of that instance back as the data of the
//! module. Each instance of the module made so has the configuration from the start, and the code that reads one is not in it
//! (docs/decisions/0027-a-module-for-each-configuration.md).

use std::cell::RefCell;

use edge_authorizer_core::Authorizer as Core;
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::*;

use crate::{Authorizer, Lasting};

thread_local! {
    static PREPARED: RefCell<Option<Prepared>> = const { RefCell::new(None) };
}

struct Prepared {
    core: Lasting<Core>,
    /// SHA-256 of the text that it was read from.
    digest: [u8; 32],
}

#[wasm_bindgen]
impl Authorizer {
    /// Reads the text of an `authorizer.json` for the instances to come; whether it is one. The host is asked nothing meanwhile:
    /// what it has is there for this instance only.
    pub fn prepare(configuration: &str) -> bool {
        let Ok(core) = Core::new(configuration) else {
            return false;
        };
        PREPARED.set(Some(Prepared { core: Lasting::new(core), digest: digest(configuration) }));
        true
    }

    /// Whether this instance has had a configuration from the start. It reads no other then.
    #[wasm_bindgen(js_name = isPrepared)]
    pub fn is_prepared() -> bool {
        PREPARED.with_borrow(Option::is_some)
    }

    /// The authorizer that this instance has had from the start; it can be had once. Throws where it was read from another text
    /// than that of `configuration`: whoever edits the file in a zip must not believe that it says what is allowed.
    pub fn prepared(configuration: &str) -> Result<Authorizer, JsError> {
        match PREPARED.take() {
            Some(Prepared { core, digest: of }) if of == digest(configuration) => Ok(Authorizer::of(core)),
            Some(_) => Err(JsError::new(
                "not the configuration that the module was made with: a zip with another one is made by `./build.sh build`",
            )),
            None => Err(JsError::new("there is no configuration that the module was made with")),
        }
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}
