//! What stands in a sealed cookie: byte strings, one after the other, each after its length.

/// Writes fields.
#[derive(Default)]
pub(super) struct FieldWriter {
    bytes: Vec<u8>,
}

impl FieldWriter {
    /// A field of at most 65,535 bytes: nothing longer comes near a cookie. What is longer is written as empty, which no
    /// reader takes for anything.
    pub(super) fn bytes(mut self, field: &[u8]) -> Self {
        let field = if field.len() > usize::from(u16::MAX) { &[] } else { field };
        self.bytes.extend_from_slice(&(field.len() as u16).to_be_bytes());
        self.bytes.extend_from_slice(field);
        self
    }

    pub(super) fn text(self, field: &str) -> Self {
        self.bytes(field.as_bytes())
    }

    pub(super) fn seconds(self, seconds: f64) -> Self {
        self.bytes(&seconds.to_be_bytes())
    }

    pub(super) fn into_vec(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads fields, in the order in which they were written.
pub(super) struct FieldReader<'f> {
    bytes: &'f [u8],
}

impl<'f> FieldReader<'f> {
    pub(super) fn new(bytes: &'f [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn bytes(&mut self) -> Option<&'f [u8]> {
        let (length, rest) = self.bytes.split_first_chunk()?;
        let (field, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
        self.bytes = rest;
        Some(field)
    }

    pub(super) fn text(&mut self) -> Option<&'f str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub(super) fn seconds(&mut self) -> Option<f64> {
        Some(f64::from_be_bytes(self.bytes()?.try_into().ok()?))
    }
}
