//! A JSON text that was read: the text itself, and beside it what stands where (docs/decisions/0035-json-in-one-piece.md).
//!
//! Nothing in it is allocated by itself. A value is a view, which is copied, not cloned.

use std::fmt;

use super::number::{self, Number};

/// The longest text that is read: places in it, with what was escaped, have room in a [`Node`].
pub(super) const MAX_TEXT_BYTES: usize = 1 << 28;
const _: () = assert!(MAX_TEXT_BYTES < 1 << 29 && 2 * MAX_TEXT_BYTES <= u32::MAX as usize);

/// A text and its values.
#[derive(Clone)]
pub struct Tape {
    /// As it was written; after it come the strings with escapes, without them.
    text: Box<str>,
    /// The values in the order of the text. After an array stand its items, after an object the name and the value of each
    /// of its members.
    nodes: Box<[Node]>,
}

/// What kind of value stands where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// For a string or a number where it begins in the text; for an array or an object the index of the node after it.
    pub(super) place: u32,
    /// For a string or a number how many bytes it has; for an array or an object how many items or members. Three bits are
    /// the kind.
    length_and_kind: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}

/// A value of a [`Tape`].
#[derive(Debug, Clone, Copy)]
pub enum Json<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string, without its escapes.
    String(&'t str),
    /// An array.
    Array(Items<'t>),
    /// An object.
    Object(Members<'t>),
}

/// The items of an array.
#[derive(Debug, Clone, Copy)]
pub struct Items<'t> {
    tape: &'t Tape,
    first: usize,
    count: usize,
}

/// The members of an object. No two have the same name.
#[derive(Debug, Clone, Copy)]
pub struct Members<'t> {
    tape: &'t Tape,
    first: usize,
    count: usize,
}

impl Tape {
    pub(super) fn new(text: String, nodes: Vec<Node>) -> Self {
        Self { text: text.into_boxed_str(), nodes: nodes.into_boxed_slice() }
    }

    /// The value that the text is.
    pub fn root(&self) -> Json<'_> {
        self.value(0)
    }

    /// The memory that it takes beside itself, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        /// What an allocation takes beyond the bytes that were asked for.
        const ALLOCATION: usize = 16;
        2 * ALLOCATION + self.text.len() + size_of_val(&*self.nodes)
    }

    fn node(&self, at: usize) -> Node {
        self.nodes.get(at).copied().unwrap_or(Node::new(Kind::Null, 0, 0))
    }

    fn value(&self, at: usize) -> Json<'_> {
        let node = self.node(at);
        let (first, count) = (at + 1, node.length());
        match node.kind() {
            Kind::Null => Json::Null,
            Kind::False => Json::Bool(false),
            Kind::True => Json::Bool(true),
            // It was a number when the text was read.
            Kind::Number => number::read(self.bytes_of(node)).map_or(Json::Null, |(number, _)| Json::Number(number)),
            Kind::String => Json::String(self.string(node)),
            Kind::Array => Json::Array(Items { tape: self, first, count }),
            Kind::Object => Json::Object(Members { tape: self, first, count }),
        }
    }

    fn string(&self, node: Node) -> &str {
        self.text.get(node.range()).unwrap_or_default()
    }

    fn bytes_of(&self, node: Node) -> &[u8] {
        self.text.as_bytes().get(node.range()).unwrap_or_default()
    }

    /// Whether a string is this one. Most differ in their lengths: the text is not looked at for these.
    fn is_text(&self, node: Node, text: &str) -> bool {
        node.length() == text.len() && self.bytes_of(node) == text.as_bytes()
    }

    /// The index of the node after a value.
    fn after(&self, at: usize) -> usize {
        let node = self.node(at);
        if node.has_inner() { node.place as usize } else { at + 1 }
    }
}

impl fmt::Debug for Tape {
    /// Without the text, which may be a token: what prints something that holds one shall not print it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tape").finish_non_exhaustive()
    }
}

impl Node {
    pub(super) fn new(kind: Kind, place: usize, length: usize) -> Self {
        Self { place: place as u32, length_and_kind: (length as u32) << 3 | kind as u32 }
    }

    fn kind(self) -> Kind {
        match self.length_and_kind & 7 {
            0 => Kind::Null,
            1 => Kind::False,
            2 => Kind::True,
            3 => Kind::Number,
            4 => Kind::String,
            5 => Kind::Array,
            _ => Kind::Object,
        }
    }

    pub(super) fn length(self) -> usize {
        (self.length_and_kind >> 3) as usize
    }

    pub(super) fn range(self) -> std::ops::Range<usize> {
        let start = self.place as usize;
        start..start + self.length()
    }

    fn has_inner(self) -> bool {
        matches!(self.kind(), Kind::Array | Kind::Object)
    }
}

impl<'t> Json<'t> {
    /// The string, if it is one.
    pub fn as_str(self) -> Option<&'t str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// `true` or `false`, if it is that.
    pub fn as_bool(self) -> Option<bool> {
        if let Self::Bool(flag) = self { Some(flag) } else { None }
    }

    /// The number, if it is one.
    pub fn as_number(self) -> Option<Number> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    /// The items, if it is an array.
    pub fn as_array(self) -> Option<Items<'t>> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The members, if it is an object.
    pub fn as_object(self) -> Option<Members<'t>> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// The member with this name, if it is an object and has one.
    pub fn get(self, name: &str) -> Option<Json<'t>> {
        self.as_object()?.get(name)
    }
}

impl<'t> Items<'t> {
    /// How many there are.
    pub fn len(self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.count == 0
    }

    /// The items, in their order.
    pub fn iter(self) -> impl Iterator<Item = Json<'t>> + Clone {
        ItemsIter(self)
    }

    /// Whether one of them is this string. A token may be in thousands of groups: nothing is made of those that are another.
    pub(crate) fn has(self, text: &str) -> bool {
        self.nodes().any(|node| node.kind() == Kind::String && self.tape.is_text(node, text))
    }

    /// Whether there is nothing but strings.
    pub(crate) fn are_strings(self) -> bool {
        self.nodes().all(|node| node.kind() == Kind::String)
    }

    fn nodes(self) -> impl Iterator<Item = Node> {
        let Self { tape, first: mut at, count } = self;
        (0..count).map(move |_| {
            let node = tape.node(at);
            at = tape.after(at);
            node
        })
    }
}

#[derive(Clone)]
struct ItemsIter<'t>(Items<'t>);

impl<'t> Iterator for ItemsIter<'t> {
    type Item = Json<'t>;

    /// It is there once, however many chains of iterators begin with it.
    #[inline(never)]
    fn next(&mut self) -> Option<Json<'t>> {
        let Items { tape, first: at, count } = &mut self.0;
        *count = count.checked_sub(1)?;
        let value = tape.value(*at);
        *at = tape.after(*at);
        Some(value)
    }
}

impl<'t> Members<'t> {
    /// The value of the member with exactly this name.
    pub fn get(self, name: &str) -> Option<Json<'t>> {
        let mut at = self.first;
        for _ in 0..self.count {
            let node = self.tape.node(at);
            if self.tape.is_text(node, name) {
                return Some(self.tape.value(at + 1));
            }
            at = self.tape.after(at + 1);
        }
        None
    }

    /// Whether there is a member with this name.
    pub fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Names and values, in the order of the text.
    pub fn iter(self) -> impl Iterator<Item = (&'t str, Json<'t>)> {
        let Self { tape, mut first, count } = self;
        (0..count).map(move |_| {
            let at = first;
            first = tape.after(at + 1);
            (tape.string(tape.node(at)), tape.value(at + 1))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn tape(text: &str) -> Tape {
        parse(text.into()).unwrap()
    }

    #[test]
    fn a_value_is_found_by_its_name_behind_others_of_every_kind() {
        let tape = tape(r#"{"a":[1,[2],{"d":3}],"b":{"d":4,"e":[]},"c":null,"d":"5","\u0064\"":6,"":7}"#);
        let found = |name| tape.root().get(name).and_then(Json::as_number).and_then(Number::as_u64);
        assert_eq!(tape.root().get("d").and_then(Json::as_str), Some("5"));
        assert_eq!((found("d\""), found(""), found("e"), found("dd")), (Some(6), Some(7), None, None));
        assert_eq!(tape.root().get("a").and_then(|a| a.get("d")).map(|_| ()), None, "an array has no names");
    }

    #[test]
    fn a_string_is_found_among_items_of_every_kind() {
        for (items, is_there, are_strings) in [
            ("[]", false, true),
            (r#"["b","ab","A"]"#, false, true),
            (r#"["b","\u0061"]"#, true, true),
            (r#"["b",["c"],{"d":1},7,"a"]"#, true, false),
            (r#"[["a"],"b"]"#, false, false),
            (r#"[{"a":"a"},null]"#, false, false),
            ("[7,true]", false, false),
        ] {
            let tape = tape(items);
            let found = tape.root().as_array().map(|items| (items.has("a"), items.are_strings()));
            assert_eq!(found, Some((is_there, are_strings)), "{items}");
        }
        // A number has a length, too; what is empty has none.
        let tape = tape(r#"[7,null,[],{}]"#);
        let items = tape.root().as_array().unwrap();
        assert!(!items.has("7") && !items.has(""));
    }

    /// Lengths and counts share their 32 bits with the kind.
    #[test]
    fn long_strings_and_arrays_keep_their_lengths() {
        let (count, length) = (70_000, (1 << 20) + 5);
        let text = format!(r#"[[{}0],"{}","\u0061{1}",true]"#, "0,".repeat(count - 1), "x".repeat(length));
        let tape = tape(&text);
        let items: Vec<_> = tape.root().as_array().unwrap().iter().collect();
        let zeros = items[0].as_array().map(|zeros| (zeros.len(), zeros.iter().count()));
        let lengths = [1, 2].map(|index| items[index].as_str().map(str::len));
        assert_eq!((zeros, lengths), (Some((count, count)), [Some(length), Some(length + 1)]));
        assert_eq!(items[3].as_bool(), Some(true));
    }

    /// Threat 64: what a verdict takes is counted to the byte.
    #[test]
    fn threat_64_all_that_is_allocated_is_counted() {
        let nested = "[".repeat(10) + &"]".repeat(10);
        for text in
            ["0", "[]", "{}", r#"{"a":"b\n"}"#, "[0,0,0,0,0,0,0,0,0]", &nested, &format!("\"{}\"", "x".repeat(9_000))]
        {
            let tape = tape(text);
            assert_eq!(tape.bytes(), 32 + tape.text.len() + 8 * tape.nodes.len(), "{text}");
            assert!(tape.text.len() <= 2 * text.len() && tape.nodes.len() <= text.len(), "{text}");
        }
        assert_eq!(size_of::<Node>(), 8);
    }
}
