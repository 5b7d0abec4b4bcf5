//! Texts that somebody else wrote, as part of a sentence for the log or a terminal.

/// What would break a line stands for itself no longer.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { char::REPLACEMENT_CHARACTER } else { character }).collect()
}
