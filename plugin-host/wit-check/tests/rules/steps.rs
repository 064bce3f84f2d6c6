//! Version steps held against what changed.

use crate::report;

/// What makes changes of each severity to an interface that a world imports.
fn body(severity: &str) -> (&'static str, &'static str) {
    match severity {
        "major" => ("f: func();", ""),
        "minor" => ("", "f: func();"),
        "patch" => ("f: func();", "/// Says so.\nf: func();"),
        _ => ("", ""),
    }
}

#[test]
fn the_step_must_cover_the_changes() {
    for (old, new, severity, enough, verdict) in [
        ("@0.1.0", "@0.1.0", "no", true, "no changes since 0.1.0"),
        (
            "@0.1.0",
            "@0.1.1",
            "no",
            true,
            "no changes, and the version went from 0.1.0 to 0.1.1",
        ),
        (
            "@0.1.0",
            "@0.1.0",
            "patch",
            false,
            "patch changes, and the version is still 0.1.0: make it 0.1.1",
        ),
        (
            "@0.1.0",
            "@0.1.1",
            "patch",
            true,
            "patch changes, and the version went from 0.1.0 to 0.1.1",
        ),
        (
            "@0.1.0",
            "@0.1.0",
            "minor",
            false,
            "minor changes, and the version is still 0.1.0: make it 0.1.1",
        ),
        (
            "@0.1.0",
            "@0.1.1",
            "minor",
            true,
            "minor changes, and the version went from 0.1.0 to 0.1.1",
        ),
        (
            "@0.1.0",
            "@0.1.0",
            "major",
            false,
            "major changes, and the version is still 0.1.0: make it 0.2.0",
        ),
        (
            "@0.1.0",
            "@0.1.1",
            "major",
            false,
            "major changes, and the version went from 0.1.0 to 0.1.1: make it 0.2.0",
        ),
        (
            "@0.1.0",
            "@0.2.0",
            "major",
            true,
            "major changes, and the version went from 0.1.0 to 0.2.0: plugins built for 0.1.0 need it kept beside",
        ),
        (
            "@0.1.0",
            "@0.2.0",
            "minor",
            true,
            "minor changes, and the version went from 0.1.0 to 0.2.0: that covers them, and cuts off plugins built for 0.1.0 where 0.1.1 would not",
        ),
        (
            "@1.2.3",
            "@1.2.4",
            "patch",
            true,
            "patch changes, and the version went from 1.2.3 to 1.2.4",
        ),
        (
            "@1.2.3",
            "@1.2.4",
            "minor",
            false,
            "minor changes, and the version went from 1.2.3 to 1.2.4: make it 1.3.0",
        ),
        (
            "@1.2.3",
            "@1.3.0",
            "minor",
            true,
            "minor changes, and the version went from 1.2.3 to 1.3.0",
        ),
        (
            "@1.2.3",
            "@1.3.0",
            "major",
            false,
            "major changes, and the version went from 1.2.3 to 1.3.0: make it 2.0.0",
        ),
        (
            "@1.2.3",
            "@2.0.0-rc.1",
            "major",
            true,
            "major changes, and the version went from 1.2.3 to 2.0.0-rc.1: plugins built for 1.2.3 need it kept beside",
        ),
        (
            "@0.0.1",
            "@0.0.1",
            "minor",
            false,
            "minor changes, and the version is still 0.0.1: make it 0.0.2",
        ),
        (
            "@0.0.1",
            "@0.0.2",
            "major",
            true,
            "major changes, and the version went from 0.0.1 to 0.0.2: plugins built for 0.0.1 need it kept beside",
        ),
        (
            "@1.0.0-rc.1",
            "@1.0.0-rc.1",
            "minor",
            false,
            "minor changes, and the version is still 1.0.0-rc.1: make it 1.0.0",
        ),
        (
            "@1.0.0-rc.1",
            "@1.0.0",
            "major",
            true,
            "major changes, and the version went from 1.0.0-rc.1 to 1.0.0: plugins built for 1.0.0-rc.1 need it kept beside",
        ),
        (
            "@0.2.0",
            "@0.1.0",
            "minor",
            false,
            "minor changes, and the version went down from 0.2.0 to 0.1.0: make it 0.2.1",
        ),
        (
            "@0.2.0",
            "@0.1.0",
            "no",
            false,
            "no changes, and the version went down from 0.2.0 to 0.1.0: make it 0.2.0",
        ),
        (
            "",
            "",
            "no",
            true,
            "no changes, and the package has no version",
        ),
        (
            "",
            "",
            "major",
            false,
            "major changes, and the package has no version: give it one, so that plugins built before and after can be told apart",
        ),
        (
            "",
            "@0.1.0",
            "no",
            true,
            "major changes, and the package got version 0.1.0",
        ),
        (
            "@0.1.0",
            "",
            "no",
            false,
            "major changes, and version 0.1.0 is gone: keep it for the plugins built for it",
        ),
    ] {
        let (was, is) = body(severity);
        let wit = |version, body| {
            format!("package a:b{version}; interface i {{ {body} }} world w {{ import i; }}")
        };
        let report = report(&wit(old, was), &wit(new, is));
        assert_eq!(report.verdict(), format!("a:b: {verdict}"), "{report}");
        assert_eq!(report.covered(), enough, "{report}");
        assert_eq!(report.exit_code(), u8::from(!enough));
    }
}
