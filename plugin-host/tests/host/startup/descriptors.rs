//! A process that may have few files open. In a process of its own, since other
//! tests need some too.

use super::{Plugin, build, component, folder, with_threads};
use plugin_host::{Blame, Cache, ErrorKind};
use std::fs;
use std::path::Path;
use std::process::Command;

const FOLDER: &str = "PLUGIN_HOST_FEW_FILES";

#[test]
fn where_no_file_descriptor_is_left_a_plugin_is_refused_and_the_others_work() {
    let names: Vec<String> = (0..60).map(|number| format!("p{number:02}.wasm")).collect();
    let files = (0..).zip(&names);
    let files: Vec<(&str, Vec<u8>)> = files.map(|(n, name)| (&**name, component(n))).collect();
    let folder = folder(&files);
    for cache in ["", "cold", "warm"] {
        let output = Command::new("sh")
            .args(["-c", "ulimit -n 40; exec \"$0\" \"$@\""])
            .arg(std::env::current_exe().expect("it runs"))
            .args(["--exact", "startup::descriptors::loads_with_few_files"])
            .args(["--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .env("CACHE", cache)
            .output()
            .expect("there is a shell");
        let text = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{cache}: {text}{errors}");
        assert!(text.contains("all is as it should be"), "{cache}: {text}");
    }
}

#[test]
#[ignore = "another test starts it"]
fn loads_with_few_files() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let mut builder = with_threads(1);
    if !std::env::var("CACHE").expect("it is told").is_empty() {
        builder = builder.cache(Cache::folder(Path::new(&folder).join("compiled")));
    }
    let host = build(builder);
    let mut plugins = host.load_all(host.discover(&folder), |loader| {
        loader.load::<super::ManyNumber<()>>()
    });
    for turn in plugins.broadcast(|plugin: &mut Plugin| plugin.number()) {
        let number = match turn.outcome {
            plugin_host::Outcome::Done(number) => number,
            other => panic!("{other:?}"),
        };
        assert_eq!(turn.plugin.as_str(), format!("p{number:02}"));
    }
    assert_eq!(plugins.len() + plugins.refused().len(), 60);
    assert!((10..40).contains(&plugins.len()), "{}", plugins.len());
    for error in plugins.refused() {
        assert_eq!(error.blame(), Blame::Environment);
        assert!(matches!(error.kind(), ErrorKind::Descriptors(_)), "{error}");
        let id = error.plugin_id().expect("it is a plugin's");
        assert_eq!(
            error.to_string(),
            format!(
                "plugin `{id}`: there is no file descriptor left for it: allow more, for example \
                 with `ulimit -n`, load fewer plugins, or load them when they are needed, with \
                 `Loader::lazy`: Too many open files (os error 24)"
            )
        );
    }
    // What is let go of is there for others.
    drop(plugins);
    assert!(fs::read_dir("/proc/self/fd").is_ok_and(|files| files.count() < 30));
    let plugin = host.discover(&folder).remove(59).expect("it is found");
    host.load::<super::ManyNumber<()>>(&plugin)
        .expect("there are descriptors again");
    println!("all is as it should be");
}
