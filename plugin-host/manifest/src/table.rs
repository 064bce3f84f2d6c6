//! Reads one TOML table key by key and knows each key's line. What was never
//! asked for is an unknown key.

use std::ops::Range;
use std::str::FromStr;

use serde::de::{DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::SourceError;

/// One table of a TOML text.
pub struct Table<'i> {
    text: &'i str,
    /// The table's own key with the tables that it is in; empty for the top.
    name: String,
    line: usize,
    entries: DeTable<'i>,
    asked_for: Vec<String>,
}

impl<'i> Table<'i> {
    /// The top table of a text.
    ///
    /// # Errors
    ///
    /// When the text is not TOML.
    pub fn parse(text: &'i str) -> Result<Self, SourceError> {
        let entries = DeTable::parse(text).map_err(|error| SourceError::Syntax {
            line: line(text, error.span().map_or(text.len(), |span| span.start)),
            reason: error.message().to_owned(),
        })?;
        Ok(Self {
            text,
            name: String::new(),
            line: 1,
            entries: entries.into_inner(),
            asked_for: Vec::new(),
        })
    }

    /// The table under a key, empty where there is none.
    ///
    /// # Errors
    ///
    /// When something else is there.
    pub fn table(&mut self, key: &str) -> Result<Self, SourceError> {
        let line = self.line_of(key);
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
            name: self.full(key),
            line,
            entries,
            asked_for: Vec::new(),
        })
    }

    /// The value under a key, by its type alone.
    ///
    /// # Errors
    ///
    /// When it has another type.
    pub fn value<T: DeserializeOwned>(
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
    ///
    /// # Errors
    ///
    /// When it is no string, or one that stands for nothing.
    pub fn parsed<T: FromStr<Err: ToString>>(
        &mut self,
        key: &str,
        expected: &'static str,
    ) -> Result<Option<T>, SourceError> {
        let found: Option<Spanned<String>> = self.value(key, expected)?;
        found
            .map(|found| self.parse_one(key, expected, found))
            .transpose()
    }

    /// The list of up to `limit` strings under a key, each of which stands for
    /// something else; empty where there is none.
    pub(crate) fn parsed_list<T: FromStr<Err: ToString>>(
        &mut self,
        key: &str,
        expected: &'static str,
        limit: usize,
    ) -> Result<Vec<T>, SourceError> {
        let line = self.line_of(key);
        let found: Vec<Spanned<String>> = self.value(key, expected)?.unwrap_or_default();
        within(limit, found.len(), line, || self.full(key))?;
        found
            .into_iter()
            .map(|found| self.parse_one(key, expected, found))
            .collect()
    }

    /// A key, which stands for something else.
    ///
    /// # Errors
    ///
    /// When it stands for nothing.
    pub fn parsed_key<T: FromStr<Err: ToString>>(
        &self,
        key: &str,
        expected: &'static str,
    ) -> Result<T, SourceError> {
        key.parse()
            .map_err(|reason: T::Err| SourceError::UnreadableKey {
                key: self.full(key),
                line: self.line_of(key),
                expected,
                reason: reason.to_string(),
            })
    }

    /// Refuses more than `limit` entries.
    pub(crate) fn at_most(&self, limit: usize) -> Result<(), SourceError> {
        within(limit, self.entries.len(), self.line, || self.name.clone())
    }

    /// The error that a key which must be there is not.
    #[must_use]
    pub fn missing(&self, key: &str, expected: &'static str) -> SourceError {
        SourceError::MissingKey {
            table: self.name.clone(),
            line: self.line,
            key: key.to_owned(),
            expected,
        }
    }

    /// The line of a key that was not read yet, else the table's own.
    #[must_use]
    pub fn line_of(&self, key: &str) -> usize {
        match self.entries.get_key_value(key) {
            Some((key, _)) => line(self.text, key.span().start),
            None => self.line,
        }
    }

    /// Whether a table is under a key that was not read yet.
    #[must_use]
    pub fn has_table(&self, key: &str) -> bool {
        let value = self.entries.get(key);
        value.is_some_and(|value| matches!(value.get_ref(), DeValue::Table(_)))
    }

    /// The keys of a table in which every key has a meaning.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.entries
            .keys()
            .map(|key| key.get_ref().to_string())
            .collect()
    }

    /// Refuses the first key that nobody asked for.
    ///
    /// # Errors
    ///
    /// When there is one.
    pub fn finish(self) -> Result<(), SourceError> {
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

    fn parse_one<T: FromStr<Err: ToString>>(
        &self,
        key: &str,
        expected: &'static str,
        found: Spanned<String>,
    ) -> Result<T, SourceError> {
        found
            .get_ref()
            .parse()
            .map_err(|reason: T::Err| SourceError::Unreadable {
                key: self.full(key),
                line: line(self.text, found.span().start),
                expected,
                reason: reason.to_string(),
                found: found.into_inner(),
            })
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

    /// A key with the tables that it is in, as it could stand in the text.
    #[must_use]
    pub fn full(&self, key: &str) -> String {
        let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let key = if key.chars().all(bare) && !key.is_empty() {
            key.to_owned()
        } else {
            format!("{key:?}")
        };
        match self.name.as_str() {
            "" => key,
            name => format!("{name}.{key}"),
        }
    }
}

fn within(
    limit: usize,
    count: usize,
    line: usize,
    key: impl FnOnce() -> String,
) -> Result<(), SourceError> {
    if count <= limit {
        return Ok(());
    }
    Err(SourceError::TooMany {
        key: key(),
        line,
        count,
        limit,
    })
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
