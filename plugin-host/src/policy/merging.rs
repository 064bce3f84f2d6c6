//! Changes the text of a policy into that of another, and leaves what people
//! wrote of what is the same.

use super::{Policy, PolicyEntry};
use toml_edit::{DocumentMut, Item, Table, TableLike};

/// The text of `old` with what `new` has otherwise; nothing, where the text has
/// another shape than a policy.
pub(super) fn merge(text: &str, old: &Policy, new: &Policy) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let written: DocumentMut = new.to_string().parse().ok()?;
    let written = written.get("plugins").and_then(Item::as_table);
    let first = document.is_empty();
    let mut plugins = Table::new();
    plugins.set_implicit(true);
    let plugins = document
        .entry("plugins")
        .or_insert(Item::Table(plugins))
        .as_table_like_mut()?;
    for (id, _) in old.iter().filter(|(id, _)| new.get(id).is_none()) {
        plugins.remove(id.as_str());
    }
    for (index, (id, entry)) in new.iter().enumerate() {
        let (key, item) = written?.get_key_value(id.as_str())?;
        match (old.get(id), plugins.get_mut(id.as_str())) {
            (Some(before), Some(there)) => {
                let there = there.as_table_like_mut()?;
                change(there, item.as_table_like()?, before, entry);
            }
            _ => {
                let mut item = unplaced(item);
                if let (Some(table), false) = (item.as_table_mut(), first && index == 0) {
                    table.decor_mut().set_prefix("\n");
                }
                plugins.entry_format(key).or_insert(item);
            }
        }
    }
    Some(document.to_string())
}

/// Changes one plugin's table, but for what means the same as it stands.
fn change(table: &mut dyn TableLike, new: &dyn TableLike, old: &PolicyEntry, entry: &PolicyEntry) {
    for (key, same) in [
        ("digest", old.binding == entry.binding),
        ("version", old.version == entry.version),
        ("locked", old.locked == entry.locked),
        ("asked", old.asked == entry.asked),
        ("granted", old.granted == entry.granted),
    ] {
        if !same {
            put(table, key, new.get(key));
        }
    }
}

/// Puts `new` under a key, key by key where both are tables.
fn put(table: &mut dyn TableLike, key: &str, new: Option<&Item>) {
    let Some(new) = new else {
        table.remove(key);
        return;
    };
    match (table.get_mut(key), new) {
        (Some(Item::Value(there)), Item::Value(value)) if !value.is_inline_table() => {
            let decor = there.decor().clone();
            *there = value.clone();
            *there.decor_mut() = decor;
        }
        (Some(there), new) => match (there.as_table_like_mut(), new.as_table_like()) {
            (Some(there), Some(new)) => {
                let keys = |table: &dyn TableLike| -> Vec<String> {
                    table.iter().map(|(key, _)| key.to_owned()).collect()
                };
                let all = [keys(there), keys(new)].concat();
                all.iter().for_each(|key| put(there, key, new.get(key)));
            }
            _ => *there = unplaced(new),
        },
        (None, new) => {
            table.insert(key, unplaced(new));
        }
    }
}

/// The same without the place that it had in another text.
fn unplaced(item: &Item) -> Item {
    let mut item = item.clone();
    if let Some(table) = item.as_table_mut() {
        table.set_position(None);
        let inner = table.iter_mut().map(|(_, inner)| inner);
        inner.for_each(|inner| *inner = unplaced(inner));
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grants::Grants;
    use plugin_host_manifest::{Capabilities, PluginId};

    const DIGEST: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /// One policy as people may write it. `b` is granted what it asks for.
    const WRITTEN: [&str; 4] = [
        "# Ask Jane.

[plugins.b] # the second
digest = 'DIGEST' # since May
locked = false # not yet
asked = { config = true }

  [plugins.b.granted]
  # Red, as the shop is.
  config = { colour = 'red' } # not blue

# The first comes last.
[plugins.a]
version = '1.0.0'
digest = 'DIGEST'
# The end.
",
        "# Ask Jane.
[plugins]
# The first.
a = { digest = 'DIGEST', version = '1.0.0' } # since May
b = { digest = 'DIGEST', asked = { config = true }, granted = { config = { colour = 'red' } } }
",
        "# Ask Jane.
plugins.b.digest = 'DIGEST' # since May
plugins.b.asked.config = true
plugins.b.granted.config.colour = 'red'
# The first.
plugins.a.digest = 'DIGEST'
plugins.a.version = '1.0.0'
",
        "# Ask Jane.
[plugins.b.granted.config]
colour = 'red' # not blue
[plugins.b]
digest = 'DIGEST' # since May
asked.config = true
[plugins.a] # the first
digest = 'DIGEST'
version = '1.0.0'
# The end.
",
    ];

    fn policy(text: &str) -> Policy {
        Policy::parse(text).expect("it is a policy")
    }

    /// What `change` makes of a text, which is then read as what it made.
    fn changed(text: &str, change: impl FnOnce(&mut Policy)) -> String {
        let old = policy(text);
        let mut new = old.clone();
        change(&mut new);
        let merged = merge(text, &old, &new).expect("it has a policy's shape");
        assert_eq!(policy(&merged), new, "{merged}");
        merged
    }

    fn plugin(id: &str) -> PluginId {
        id.parse().expect("it is an id")
    }

    fn of<'p>(policy: &'p mut Policy, id: &str) -> &'p mut PolicyEntry {
        policy.0.get_mut(&plugin(id)).expect("it is there")
    }

    /// Every change that there is, of one plugin.
    fn changes() -> Vec<fn(&mut PolicyEntry)> {
        vec![
            |entry| entry.locked = true,
            |entry| entry.version = Some(semver::Version::new(2, 0, 0)),
            |entry| entry.version = None,
            |entry| entry.granted = Grants::none(),
            |entry| {
                entry.asked.config = true;
                entry.granted = Grants::none().grant_config([("colour", "blue"), ("size", "1")]);
            },
            |entry| {
                entry.asked = Capabilities::none();
                entry.granted = Grants::none();
            },
            |entry| *entry = PolicyEntry::lock(entry.release()),
        ]
    }

    #[test]
    fn every_change_to_every_text_is_read_back_and_no_comment_of_another_plugin_is_lost() {
        for text in WRITTEN.map(|text| text.replace("DIGEST", DIGEST)) {
            assert_eq!(changed(&text, |_| {}), text);
            for first in changes() {
                changed(&text, |policy| first(of(policy, "b")));
                for second in changes() {
                    let merged = changed(&text, |policy| {
                        first(of(policy, "a"));
                        second(of(policy, "a"));
                    });
                    let lines = |text: &str, with: &str| {
                        text.lines().filter(|line| line.contains(with)).count()
                    };
                    assert_eq!(lines(&merged, "#"), lines(&text, "#"), "{merged}");
                    changed(&text, |policy| {
                        first(of(policy, "a"));
                        second(of(policy, "b"));
                    });
                }
            }
            for id in ["a", "b"] {
                changed(&text, |policy| drop(policy.0.remove(&plugin(id))));
                changed(&text, |policy| {
                    let entry = policy.0.remove(&plugin(id)).expect("it is there");
                    policy.0.insert(plugin("acme.new"), entry);
                });
            }
            changed(&text, |policy| policy.0.clear());
        }
    }

    #[test]
    fn a_lock_is_put_beside_what_people_wrote() {
        let text = WRITTEN[0].replace("DIGEST", DIGEST);
        let merged = changed(&text, |policy| {
            for id in ["a", "b"] {
                of(policy, id).locked = true;
            }
            let lock = PolicyEntry::lock(of(policy, "a").release());
            policy.0.insert(plugin("acme.new"), lock);
        });
        let expected = text
            .replace("locked = false # not yet", "locked = true # not yet")
            .replace(
                "digest = 'DIGEST'\n# The end.\n"
                    .replace("DIGEST", DIGEST)
                    .as_str(),
                &format!(
                    "digest = '{DIGEST}'\nlocked = true\n\n[plugins.\"acme.new\"]\n\
                     digest = \"{DIGEST}\"\nversion = \"1.0.0\"\nlocked = true\n# The end.\n"
                ),
            );
        assert_eq!(merged, expected);
    }

    #[test]
    fn what_was_no_policy_becomes_the_policy_as_it_is_written() {
        let new = policy(&WRITTEN[0].replace("DIGEST", DIGEST));
        for text in ["", "# Ask Jane.\n", "[plugins]\n", "plugins = {}\n"] {
            let merged = merge(text, &policy(text), &new).expect("it is TOML");
            assert_eq!(policy(&merged), new, "{merged}");
        }
        assert_eq!(merge("", &Policy::default(), &new), Some(new.to_string()));
    }
}
