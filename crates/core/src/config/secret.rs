//! Secrets: never in the configuration itself, but by a reference to where they are.

use serde_json::Value;

use super::problem::{Flaw, Place, Problems, flaw};
use super::reader::{ObjectReader, string};
use crate::secrets::SecretReference;

/// A reference, as it is written.
#[derive(Debug)]
pub(super) struct Secret {
    file: Option<String>,
}

impl Secret {
    pub(super) fn read(value: &Value, place: &Place, problems: &mut Problems) -> Option<Self> {
        ObjectReader::read_all(value, place, problems, |object| Self { file: object.read("file", string) })
    }

    /// Where the secret is; `place` is that of the reference.
    pub(super) fn reference(self, place: &Place, problems: &mut Problems) -> Option<SecretReference> {
        let Some(file) = self.file else {
            problems.add(place, "it names no `file`");
            return None;
        };
        problems.take(&place.member("file"), bundled(&file))?;
        Some(SecretReference::File(file))
    }
}

/// A file that can be bundled: below the configuration's own folder.
fn bundled(path: &str) -> Result<(), Flaw> {
    let relative = path.strip_prefix("./").unwrap_or(path);
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
    if relative.split('/').all(plain) {
        Ok(())
    } else {
        Err(flaw!("`{path}`: it has to be a file in the configuration's folder or below, as `./secret.txt` is"))
    }
}
