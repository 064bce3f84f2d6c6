//! What other processes do, for the tests that start them.

use super::{COMPILED, ask, ask_watched, candidate, host, path, watched};
use plugin_host::{Cache, Candidate, Limits};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

const TASK: &str = "PLUGIN_HOST_CACHE_TASK";
const FOLDER: &str = "PLUGIN_HOST_CACHE_FOLDER";

/// What follows is the process's answer.
const ANSWER: &str = "answer: ";

/// A process that does one of the tasks of [`does_as_it_is_told`].
pub(super) fn child(task: &str, cache: &Cache) -> Command {
    let program = std::env::current_exe().expect("it runs");
    told(Command::new(program), task, cache)
}

/// The same, started by a shell that sets something first.
#[cfg(unix)]
pub(super) fn child_of_shell(first: &str, task: &str, cache: &Cache) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{first}; exec \"$0\" \"$@\"")]);
    shell.arg(std::env::current_exe().expect("it runs"));
    told(shell, task, cache)
}

fn told(mut command: Command, task: &str, cache: &Cache) -> Command {
    command
        .args(["--exact", "cache::child::does_as_it_is_told"])
        .args(["--ignored", "--nocapture"])
        .env(TASK, task)
        .env(FOLDER, path(cache))
        .stdout(Stdio::piped());
    command
}

/// The line that a process answered with.
pub(super) fn answer(child: std::process::Child) -> String {
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("it is text");
    assert!(output.status.success(), "{text}");
    let answer = text.lines().find_map(|line| line.strip_prefix(ANSWER));
    answer.expect(&text).to_owned()
}

/// Whether this line is the process's answer.
pub(super) fn is_answer(line: &str) -> bool {
    line.starts_with(ANSWER)
}

/// The file of the plugin whose entry is written over and over.
pub(super) fn written(cache: &Cache) -> PathBuf {
    path(cache).with_file_name("plugin.wasm")
}

/// Whether the process says what the library tells.
static ALOUD: AtomicBool = AtomicBool::new(false);

pub(super) fn overhear(message: &str) {
    if ALOUD.load(Ordering::Relaxed) {
        say(message);
    }
}

#[test]
#[ignore = "other tests start it"]
fn does_as_it_is_told() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    let cache = Cache::folder(std::env::var_os(FOLDER).expect("it is told"));
    match &*task {
        // Loads one plugin.
        "load" => {
            let (number, messages) = ask_watched(&cache, &candidate(7));
            let compiled = messages.iter().any(|message| message == COMPILED);
            let problem = cache.problem().map(ToString::to_string);
            say(&format!(
                "{number} {compiled} {}",
                problem.unwrap_or_default()
            ));
        }
        // Writes an entry over and over until it is killed, and says when it
        // begins to.
        "write" => {
            let plugin = Candidate::from_file(written(&cache), &Limits::default());
            let (host, plugin) = (host(&cache), plugin.expect("it is a component"));
            ALOUD.store(true, Ordering::Relaxed);
            watched(|| {
                for _ in 0.. {
                    cache.clear().expect("it can be cleared");
                    ask(&host, &plugin);
                }
            });
        }
        "user" => {
            let cache = Cache::user("catalog");
            say(&cache.path().expect("it has one").display().to_string());
        }
        other => panic!("{other} is no task"),
    }
}

fn say(answer: &str) {
    // On a line of its own, whatever the test runner says.
    println!("\n{ANSWER}{answer}");
    std::io::stdout().flush().expect("somebody reads");
}
