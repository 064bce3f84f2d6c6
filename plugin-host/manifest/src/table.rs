//! Reads one TOML table key by key and knows each key's line. What was never
//! asked for is an unknown key.

use std::ops::Range;
use std::str::FromStr;

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::SourceError;

pub(crate) struct Table<'i> {
    text: &'i str,
    /// What stands before a key in messages: nothing, or `limits.`.
    prefix: String,
    entries: DeTable<'i>,
    asked_for: Vec<String>,
}

impl<'i> Table<'i> {
    pub(crate) fn parse(text: &'i str) -> Result<Self, SourceError> {
        let entries = DeTable::parse(text).map_err(|error| SourceError::Syntax {
            line: line(text, error.span().map_or(text.len(), |span| span.start)),
            reason: error.message().to_owned(),
        })?;
        Ok(Self {
            text,
            prefix: String::new(),
            entries: entries.into_inner(),
            asked_for: Vec::new(),
        })
    }

    /// The table under a key, empty where there is none.
    pub(crate) fn table(&mut self, key: &str) -> Result<Self, SourceError> {
        let entries = match self
            .remove(key)
            .map(|value| (value.span(), value.into_inner()))
        {
            None => DeTable::new(),
            Some((_, DeValue::Table(entries))) => entries,
            Some((span, _)) => return Err(self.wrong_type(key, "a table", span)),
        };
        Ok(Self {
            text: self.text,
            prefix: format!("{}{key}.", self.prefix),
            entries,
            asked_for: Vec::new(),
        })
    }

    /// The value under a key, by its type alone.
    pub(crate) fn value<T: DeserializeOwned>(
        &mut self,
        key: &str,
        expected: &'static str,
    ) -> Result<Option<T>, SourceError> {
        let Some(value) = self.remove(key) else {
            return Ok(None);
        };
        let span = value.span();
        T::deserialize(value.into_deserializer())
            .map(Some)
            .map_err(|error| self.wrong_type(key, expected, error.span().unwrap_or(span)))
    }

    /// The value under a key, which is a string that stands for something else.
    pub(crate) fn parsed<T: FromStr<Err: ToString>>(
        &mut self,
        key: &str,
        expected: &'static str,
    ) -> Result<Option<T>, SourceError> {
        let Some(found) = self.value::<Spanned<String>>(key, expected)? else {
            return Ok(None);
        };
        found
            .get_ref()
            .parse()
            .map(Some)
            .map_err(|reason: T::Err| SourceError::Unreadable {
                key: self.full(key),
                line: line(self.text, found.span().start),
                expected,
                reason: reason.to_string(),
                found: found.into_inner(),
            })
    }

    /// The keys of a table in which every key has a meaning.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.entries
            .keys()
            .map(|key| key.get_ref().to_string())
            .collect()
    }

    /// Refuses the first key that nobody asked for.
    pub(crate) fn finish(self) -> Result<(), SourceError> {
        let Some(key) = self.entries.keys().min_by_key(|key| key.span().start) else {
            return Ok(());
        };
        let full = |key: &String| format!("`{}`", self.full(key));
        let hint = match nearest(key.get_ref(), &self.asked_for) {
            Some(near) => format!("did you mean {}?", full(near)),
            None if self.asked_for.is_empty() => "no keys are defined here".to_owned(),
            None => {
                let all: Vec<String> = self.asked_for.iter().map(full).collect();
                format!("the keys here are {}", all.join(", "))
            }
        };
        Err(SourceError::UnknownKey {
            key: self.full(key.get_ref()),
            line: line(self.text, key.span().start),
            hint,
        })
    }

    fn remove(&mut self, key: &str) -> Option<Spanned<DeValue<'i>>> {
        self.asked_for.push(key.to_owned());
        self.entries.remove(key)
    }

    fn wrong_type(&self, key: &str, expected: &'static str, span: Range<usize>) -> SourceError {
        let line = line(self.text, span.start);
        let found = self.text.get(span).unwrap_or_default();
        SourceError::WrongType {
            key: self.full(key),
            line,
            expected,
            found: found.lines().next().unwrap_or_default().to_owned(),
        }
    }

    fn full(&self, key: &str) -> String {
        format!("{}{}", self.prefix, key.escape_debug())
    }
}

fn line(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}

/// The known key within two edits. An edit for every letter is no likeness.
fn nearest<'k>(key: &str, known: &'k [String]) -> Option<&'k String> {
    let near = known.iter().map(|known| (distance(key, known), known));
    near.filter(|(edits, known)| *edits <= 2 && *edits < known.len())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, known)| known)
}

/// Levenshtein's distance, one row of the matrix at a time.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[row.len() - 1]
}
