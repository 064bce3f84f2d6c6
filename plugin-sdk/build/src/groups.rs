//! Which guests one run of Cargo may build: those of one workspace, to whose dependencies
//! it gives the features that it would give to each guest alone. Cargo unites the
//! features that the packages of a run ask for.

use std::collections::BTreeMap;

/// The features that packages are built with, by name and version; and the workspace that
/// the guest is in, which packages of one run share just as well.
///
/// A package has one set of features for the target, so one name has one text.
pub(crate) type Features = BTreeMap<String, String>;

/// Reads what `cargo locate-project --workspace` prints, and what
/// `cargo tree --prefix none --format "{p}|{f}"` does.
pub(crate) fn features(workspace: &str, tree: &str) -> Features {
    let workspace = ("workspace".to_owned(), workspace.trim().to_owned());
    let lines = tree.lines().filter_map(|line| line.split_once('|'));
    lines
        // A package that was listed before has a mark behind its features.
        .map(|(package, features)| (package, features.trim_end_matches(" (*)")))
        .map(|(package, features)| (package.to_owned(), features.to_owned()))
        .chain([workspace])
        .collect()
}

/// Puts each guest into the first group in which nothing is asked for other features;
/// gives the groups as the guests' positions.
pub(crate) fn groups(guests: &[Features]) -> Vec<Vec<usize>> {
    let mut groups: Vec<(Vec<usize>, Features)> = Vec::new();
    for (guest, its) in guests.iter().enumerate() {
        let fits = |group: &Features| {
            let same = |(package, features)| group.get(package).is_none_or(|f| f == features);
            its.iter().all(same)
        };
        match groups.iter_mut().find(|(_, group)| fits(group)) {
            Some((members, group)) => {
                members.push(guest);
                group.extend(its.clone());
            }
            None => groups.push((vec![guest], its.clone())),
        }
    }
    groups.into_iter().map(|(members, _)| members).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_whose_dependencies_have_the_same_features_are_built_together() {
        let std = "a v1.0.0 (/p/a)|\nsdk v0.1.0 (/p/sdk)|default,std\nlog v0.4.0|\n";
        let more = "b v1.0.0 (/p/b)|x\nsdk v0.1.0 (/p/sdk)|default,std\nserde v1.0.0|std\n";
        let no_std = "c v1.0.0 (/p/c)|\nsdk v0.1.0 (/p/sdk)|\nlog v0.4.0|\n";
        // Other features of `serde` than the second, which is in the first group.
        let plain = "d v1.0.0 (/p/d)|\nlog v0.4.0|\nserde v1.0.0|\n";
        let mut guests = [std, more, no_std, plain].map(|tree| features("/p/Cargo.toml\n", tree));
        assert_eq!(groups(&guests), [vec![0, 1], vec![2, 3]]);
        guests[1] = features("/q/Cargo.toml\n", more);
        assert_eq!(groups(&guests), [vec![0, 3], vec![1], vec![2]]);
        assert_eq!(groups(&[]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn a_package_that_is_listed_again_has_the_same_features() {
        let tree = "sdk v0.1.0|std,x (*)\n\nlog v0.4.0| (*)\n";
        let expected = [
            ("log v0.4.0", ""),
            ("sdk v0.1.0", "std,x"),
            ("workspace", "/p"),
        ];
        let expected = expected.map(|(name, features)| (name.to_owned(), features.to_owned()));
        assert_eq!(features("/p\n", tree), Features::from(expected));
    }
}
