//! Lists of methods, as they are written.

use crate::flaw::{Flaw, flaw};
use crate::policy::{Method, Methods};

/// The methods of a rule that names none: reading. Whoever lets viewers write, says so.
const DEFAULT_METHODS: [Method; 1] = [Method::Get];

/// The methods of a list; GET and HEAD where there is none.
pub(super) fn methods(written: Option<Vec<String>>) -> Result<Methods, Flaw> {
    let Some(written) = written else {
        return Ok(Methods::of(&DEFAULT_METHODS));
    };
    if written.is_empty() {
        return Err("no method at all: leave `methods` out for GET and HEAD".into());
    }
    let known = "`GET`, `HEAD`, `OPTIONS`, `PUT`, `PATCH`, `POST`, `DELETE`";
    let method = |name: &String| {
        Method::by_name(name).ok_or_else(|| flaw!("unknown method `{name}`: CloudFront passes {known}"))
    };
    Ok(Methods::of(&written.iter().map(method).collect::<Result<Vec<_>, _>>()?))
}
