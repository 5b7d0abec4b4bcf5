//! The page for all that people are told: a title, a sentence, and perhaps links. Nothing in it comes from elsewhere.

/// A template that is filled in by [`filled`]: ours.
pub(crate) const TEMPLATE: &str = concat!(
    "<!doctype html>\n<html lang=\"en\" data-code=\"{{code}}\">\n<meta charset=\"utf-8\">\n",
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{{title}}</title>\n<style>",
    include_str!("page.css"),
    "</style>\n",
    include_str!("page.html")
);

/// What a Content-Security-Policy calls the style of [`TEMPLATE`] (Content Security Policy Level 3, section 6.7.3.3).
pub(crate) const STYLE_HASH: &str = "'sha256-u63WAtyy/56tp77xsWJlbrw98hobhXv1tgB9+tzm78A='";

/// What stands in a page. All of it is HTML.
#[derive(Clone, Copy)]
pub(crate) struct Content<'a> {
    /// For styles that depend on it.
    pub(crate) code: &'a str,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
    /// `<a>` elements.
    pub(crate) links: &'a str,
    /// What the Content-Security-Policy knows styles of other templates by.
    pub(crate) nonce: &'a str,
}

/// The Content-Security-Policy of a page with one style: nothing else is loaded, and nobody may put it into a frame.
pub(crate) fn policy(style: &str) -> String {
    let [before, after] = [
        "default-src 'none'; img-src data:; style-src ",
        "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ];
    [before, style, after].concat()
}

/// The page that comes of a template, in one pass: what is filled in is not looked at again.
pub(crate) fn filled(template: &str, content: Content<'_>) -> String {
    let mut page = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        page.push_str(before);
        rest = match placeholder(after, content) {
            Some((part, after)) => {
                page.push_str(part);
                after
            }
            None => {
                page.push('{');
                after
            }
        };
    }
    page.push_str(rest);
    page
}

/// What stands for a placeholder, and what follows it; `text` comes after its first brace.
fn placeholder<'a>(text: &'a str, content: Content<'a>) -> Option<(&'a str, &'a str)> {
    let (name, after) = text.strip_prefix('{')?.split_once('}')?;
    let part = match name {
        "code" => content.code,
        "nonce" => content.nonce,
        "title" => content.title,
        "text" => content.text,
        "links" => content.links,
        _ => return None,
    };
    Some((part, after.strip_prefix('}')?))
}

/// A link of a page.
pub(crate) fn link(to: &str, text: &str) -> String {
    ["<a href=\"", &escaped(to), "\">", &escaped(text), "</a>\n"].concat()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::base64url;

    #[test]
    fn each_placeholder_is_filled_in_wherever_it_stands_and_nothing_else() {
        let content = Content { code: "c", title: "{{text}}", text: "x", links: "", nonce: "n" };
        for (template, expected) in [
            ("", ""),
            ("a{{code}}{{nonce}}{{links}}b{{code}}", "acnbc"),
            ("{{title}}", "{{text}}"),
            ("{{{text}}} { {{ {{text} {{text}}", "{x} { {{ {{text} x"),
            ("{{other}}{{text}}{{text}", "{{other}}x{{text}"),
            ("b{c:d}{", "b{c:d}{"),
        ] {
            assert_eq!(filled(template, content), expected, "{template}");
        }
    }

    #[test]
    fn the_policy_knows_our_style_by_its_hash() {
        let digest = base64url::encode(&Sha256::digest(include_str!("page.css")));
        let hash = format!("'sha256-{}='", digest.replace('-', "+").replace('_', "/"));
        assert_eq!(STYLE_HASH, hash);
    }

    #[test]
    fn our_page_loads_nothing() {
        for word in ["http:", "https:", "url(", "@import", "src=", "<script", "onclick"] {
            assert!(!TEMPLATE.contains(word), "{word}");
        }
    }
}
