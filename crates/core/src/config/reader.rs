//! Reading members of JSON objects by name and type, and noting whatever is not as it should be.

use super::problem::{Place, Problems, nearest};
use crate::flaw::{Flaw, flaw};
use crate::json::{Items, Json, Members, Number};

/// A member that may be `null`, which is not the same as its absence: `null` is a deliberate opt-out.
pub(super) type Nullable<T> = Option<Option<T>>;

/// How one kind of value is read: from the value and its place, noting problems.
pub(super) type Read<'v, T> = fn(Json<'v>, &Place, &mut Problems) -> Option<T>;

/// An object whose members are asked for one by one.
pub(super) struct ObjectReader<'v, 'p> {
    members: Members<'v>,
    place: &'p Place,
    asked: Vec<&'static str>,
    problems: &'p mut Problems,
}

impl<'v, 'p> ObjectReader<'v, 'p> {
    /// Reads an object by asking for its members, and notes those that `read` did not ask for.
    pub(super) fn read_all<T>(
        value: Json<'v>,
        place: &'p Place,
        problems: &'p mut Problems,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let Json::Object(members) = value else {
            problems.add_illegible(place, not("an object", value));
            return None;
        };
        let mut object = Self { members, place, asked: Vec::new(), problems };
        let result = read(&mut object);
        object.finish();
        Some(result)
    }

    pub(super) fn value(&mut self, key: &'static str) -> Option<Json<'v>> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.members.get(key)
    }

    pub(super) fn read<T>(&mut self, key: &'static str, read: Read<'v, T>) -> Option<T> {
        let value = self.value(key)?;
        read(value, &self.place.member(key), self.problems)
    }

    pub(super) fn nullable<T>(&mut self, key: &'static str, read: Read<'v, T>) -> Nullable<T> {
        match self.value(key)? {
            Json::Null => Some(None),
            value => read(value, &self.place.member(key), self.problems).map(Some),
        }
    }

    pub(super) fn list<T>(&mut self, key: &'static str, read: Read<'v, T>) -> Option<Vec<T>> {
        let place = self.place.member(key);
        match self.value(key)? {
            Json::Array(items) => Some(read_items(items, &place, self.problems, read)),
            other => {
                self.problems.add_illegible(&place, not("an array", other));
                None
            }
        }
    }

    /// An array whose items are looked at later.
    pub(super) fn array(&mut self, key: &'static str) -> Option<Items<'v>> {
        match self.value(key)? {
            Json::Array(items) => Some(items),
            other => {
                self.problems.add_illegible(&self.place.member(key), not("an array", other));
                None
            }
        }
    }

    /// An object whose names are the user's own, in the order of the text.
    pub(super) fn map<T>(&mut self, key: &'static str, read: Read<'v, T>) -> Option<Vec<(String, T)>> {
        let place = self.place.member(key);
        match self.value(key)? {
            Json::Object(members) => {
                let members = members.iter().map(|(name, value)| {
                    read(value, &place.member(name), self.problems).map(|value| (name.to_owned(), value))
                });
                Some(members.collect::<Vec<_>>().into_iter().flatten().collect())
            }
            other => {
                self.problems.add_illegible(&place, not("an object", other));
                None
            }
        }
    }

    /// Those of `keys` that are there.
    pub(super) fn named(&mut self, keys: &[&'static str]) -> Vec<&'static str> {
        keys.iter().copied().filter(|key| self.value(key).is_some()).collect()
    }

    /// A member and its place.
    pub(super) fn member(&mut self, key: &'static str) -> Option<(Json<'v>, Place)> {
        let value = self.value(key)?;
        Some((value, self.place.member(key)))
    }

    /// The items of an array and their places. An empty one is a problem, since nothing follows from it.
    pub(super) fn items(&mut self, key: &'static str) -> Option<Vec<(Json<'v>, Place)>> {
        let (value, place) = self.member(key)?;
        match value {
            Json::Array(items) if items.is_empty() => {
                self.problems.add(&place, "the list is empty: name at least one");
                None
            }
            Json::Array(items) => {
                Some((0..).zip(items.iter()).map(|(index, item)| (item, place.item(index))).collect())
            }
            other => {
                self.problems.add_illegible(&place, not("an array", other));
                None
            }
        }
    }

    /// A string with a meaning.
    pub(super) fn parse<T>(&mut self, key: &'static str, parse: &mut dyn FnMut(&str) -> Result<T, Flaw>) -> Option<T> {
        let text = self.read(key, string)?;
        self.take(key, parse(&text))
    }

    /// A string with a meaning, or an array of them.
    pub(super) fn each<T>(
        &mut self,
        key: &'static str,
        parse: &mut dyn FnMut(&str) -> Result<T, Flaw>,
    ) -> Option<Vec<T>> {
        let mut parsed = Vec::new();
        let are_right = self.each_text(key, &mut |text| {
            parsed.push(parse(text)?);
            Ok(())
        });
        are_right.then_some(parsed)
    }

    /// Not generic, so that it is there once. Whether all of them are right.
    fn each_text(&mut self, key: &'static str, parse: &mut dyn FnMut(&str) -> Result<(), Flaw>) -> bool {
        let Some((value, place)) = self.member(key) else {
            return false;
        };
        if let Json::String(text) = value {
            return self.problems.take(&place, parse(text)).is_some();
        }
        let Some(items) = self.items(key) else {
            return false;
        };
        let mut are_right = true;
        for (item, place) in items {
            let text = string(item, &place, self.problems);
            are_right &= text.and_then(|text| self.problems.take(&place, parse(&text))).is_some();
        }
        are_right
    }

    /// The value of `result`, or its error noted at the member `key`.
    pub(super) fn take<T>(&mut self, key: &str, result: Result<T, Flaw>) -> Option<T> {
        self.problems.take(&self.place.member(key), result)
    }

    /// Notes a problem of the object as a whole.
    pub(super) fn add(&mut self, flaw: Flaw) {
        self.problems.add(self.place, flaw);
    }

    pub(super) fn problems(&mut self) -> &mut Problems {
        self.problems
    }

    fn finish(self) {
        for (name, _) in self.members.iter().filter(|(name, _)| !self.asked.contains(name)) {
            let message = match nearest(name, self.asked.iter().copied()) {
                Some(near) => flaw!("unknown key: did you mean `{near}`?"),
                None => flaw!("unknown key: the keys here are `{}`", self.asked.join("`, `")),
            };
            self.problems.add_illegible(&self.place.member(name), message);
        }
    }
}

pub(super) fn string(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<String> {
    let text = value.as_str().map(str::to_owned);
    noted(text, "a string", value, place, problems)
}

pub(super) fn boolean(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<bool> {
    noted(value.as_bool(), "`true` or `false`", value, place, problems)
}

pub(super) fn integer(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<i64> {
    noted(value.as_number().and_then(Number::as_i64), "a whole number", value, place, problems)
}

pub(super) fn number(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<f64> {
    noted(value.as_number().map(Number::as_f64), "a number", value, place, problems)
}

/// A string, or an array of strings.
pub(super) fn one_or_many(value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<Vec<String>> {
    match value {
        Json::String(text) => Some(vec![text.to_owned()]),
        Json::Array(items) => Some(read_items(items, place, problems, string)),
        other => noted(None, "a string or an array of strings", other, place, problems),
    }
}

/// Any value, for a closer look later.
pub(super) fn anything<'v>(value: Json<'v>, _place: &Place, _problems: &mut Problems) -> Option<Json<'v>> {
    Some(value)
}

fn read_items<'v, T>(items: Items<'v>, place: &Place, problems: &mut Problems, read: Read<'v, T>) -> Vec<T> {
    let items = items.iter().enumerate();
    items.filter_map(|(index, item)| read(item, &place.item(index), problems)).collect()
}

fn noted<T>(read: Option<T>, right: &str, value: Json<'_>, place: &Place, problems: &mut Problems) -> Option<T> {
    if read.is_none() {
        problems.add_illegible(place, not(right, value));
    }
    read
}

/// Names the type only: the value may be a secret at a wrong place.
fn not(right: &str, value: Json<'_>) -> Flaw {
    let actual = match value {
        Json::Null => "`null`",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    };
    flaw!("this is {actual}, but has to be {right}")
}
