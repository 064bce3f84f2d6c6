//! What an application ships, as it knows it: for each component the length and
//! the digest of its compiled code. A text, so that `include_str!` takes it.

use super::error::ShippedError;
use crate::digest::Digest;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

const START: &str = "plugin-host shipped 1 ";

/// What is shipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Index {
    /// What it is compiled for.
    pub(super) target: String,
    /// By component.
    pub(super) artifacts: BTreeMap<Digest, Artifact>,
}

/// The compiled code of one component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Artifact {
    pub(super) digest: Digest,
    /// In bytes.
    pub(super) length: u64,
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{START}{}", self.target)?;
        for (component, Artifact { digest, length }) in &self.artifacts {
            writeln!(f, "{component} {digest} {length}")?;
        }
        Ok(())
    }
}

impl FromStr for Index {
    type Err = ShippedError;

    fn from_str(text: &str) -> Result<Self, ShippedError> {
        let mut lines = text.lines();
        let target = lines.next().and_then(|line| line.strip_prefix(START));
        let mut index = Self {
            target: target.ok_or(ShippedError::Index)?.to_owned(),
            artifacts: BTreeMap::new(),
        };
        for (number, line) in lines.enumerate() {
            let read = entry(line).is_some_and(|(component, artifact)| {
                index.artifacts.insert(component, artifact).is_none()
            });
            if !read {
                return Err(ShippedError::Line { line: number + 2 });
            }
        }
        Ok(index)
    }
}

fn entry(line: &str) -> Option<(Digest, Artifact)> {
    let mut words = line.split(' ');
    let component = words.next()?.parse().ok()?;
    let artifact = Artifact {
        digest: words.next()?.parse().ok()?,
        length: words.next()?.parse().ok()?,
    };
    words.next().is_none().then_some((component, artifact))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let artifacts = [("a", 12), ("b", 0)].map(|(name, length)| {
            let digest = Digest::of(name.to_uppercase().as_bytes());
            (Digest::of(name.as_bytes()), Artifact { digest, length })
        });
        Index {
            target: "x86_64-unknown-linux-gnu".to_owned(),
            artifacts: artifacts.into(),
        }
    }

    #[test]
    fn an_index_is_read_as_it_is_written() {
        let text = index().to_string();
        assert!(text.starts_with("plugin-host shipped 1 x86_64-unknown-linux-gnu\nsha256:"));
        assert_eq!(text.parse::<Index>().expect("it is one"), index());
        // Where git turned the ends of lines into those of Windows.
        let text = text.replace('\n', "\r\n");
        assert_eq!(text.parse::<Index>().expect("it is one"), index());
    }

    #[test]
    fn what_is_no_index_is_refused_with_the_line() {
        let good = index().to_string();
        let message = |text: &str| text.parse::<Index>().expect_err(text).to_string();
        for text in ["", "sha256:", &good.replace("shipped 1", "shipped 2")] {
            assert_eq!(
                message(text),
                "the index of what is shipped was not made for this version of the library: \
                 use the text that `Precompiler::write` gives"
            );
        }
        let last = good.lines().last().expect("it has three");
        for (text, line) in [
            (good.replace(" 12\n", "\n"), 3),
            (good.replace(" 12\n", " 12 13\n"), 3),
            (good.replace(" 12\n", " -12\n"), 3),
            (good.replace(" 0\n", " \n"), 2),
            (good.replace("\nsha256:", "\nsha512:"), 2),
            (format!("{good}\n"), 4),
            // One component twice.
            (format!("{good}{last}\n"), 4),
        ] {
            assert_eq!(
                message(&text),
                format!(
                    "line {line} of the index of what is shipped is damaged: \
                     use the text that `Precompiler::write` gives"
                )
            );
        }
    }
}
