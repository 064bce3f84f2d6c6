//! What the start-up of an application with 1,000 plugins takes: finds, judges,
//! loads and calls them, and reads from `/proc` what is held then. Runs itself for
//! each line of the table, so that no line is warmed by another.
//!
//! Linux only. `ulimit -n 8192; cargo run --release -p benches --bin startup`

use anyhow::{Result, bail, ensure};
use benches::SEARCH;
use benches::process::{maps, status};
use clap::Parser;
use plugin_host::{Cache, Host, HostLimits, Lazy, Limits, Loader, MIB, Plugin, Plugins};
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

plugin_host::world! { path: "../wit/catalog", world: "plugin" }

type Search = Plugin<CatalogPlugin<Shop>>;

const PLUGINS: usize = 1_000;

/// How many plugins are called where they load at their first call.
const CALLED: usize = 10;

/// Plugins, cache, threads and when they load. The cache `kept` is empty in the
/// first line that names it.
const LINES: [[&str; 4]; 9] = [
    ["different", "none", "1", "now"],
    ["different", "none", "2", "now"],
    ["different", "kept", "2", "now"],
    ["different", "kept", "1", "now"],
    ["different", "kept", "2", "now"],
    ["different", "none", "2", "lazy"],
    ["different", "kept", "1", "lazy"],
    ["different", "kept", "2", "lazy"],
    ["same", "none", "2", "now"],
];

struct Shop;

impl inventory::Host for Shop {
    fn stock(&mut self, _: u64) -> Option<i64> {
        None
    }
}

/// Measures what the start-up of an application with 1,000 plugins takes.
#[derive(Parser)]
struct Args {
    /// Start up once, in a folder and in one of the ways.
    #[arg(long, hide = true, num_args = 5)]
    run: Vec<String>,
}

fn main() -> Result<()> {
    match Args::parse().run.as_slice() {
        [] => table(),
        [folder, line @ ..] => run(Path::new(folder), line),
    }
}

/// Prints a line for each way to start.
fn table() -> Result<()> {
    let folder = env::temp_dir().join(format!("startup-{}", std::process::id()));
    make(&folder.join("different"), |number| number)?;
    make(&folder.join("same"), |_| 0)?;
    println!(
        "{:<10} {:<5} {:>7} {:<5} {:>9} {:>9} {:>9} {:>8} {:>9} {:>6} {:>6}",
        "plugins",
        "cache",
        "threads",
        "load",
        "discover",
        "load",
        "call",
        "resident",
        "addresses",
        "files",
        "maps"
    );
    for line in LINES {
        let output = Command::new(env::current_exe()?)
            .arg("--run")
            .arg(&folder)
            .args(line)
            .output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{line:?}: {text}");
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
    fs::remove_dir_all(&folder)?;
    Ok(())
}

/// Fills a folder with plugins that differ in as many bytes as `mark` does.
fn make(folder: &Path, mark: impl Fn(u32) -> u32) -> Result<()> {
    let search = fs::read(SEARCH)?;
    for number in 0..u32::try_from(PLUGINS)? {
        let folder = folder.join(format!("p{number:04}"));
        fs::create_dir_all(&folder)?;
        let manifest =
            format!("id = 'p{number:04}'\nversion = '1.0.0'\n[capabilities]\nconfig = true\n");
        fs::write(folder.join("plugin.toml"), manifest)?;
        // A custom section: its kind, its size, the size of its name, its name.
        let mut component = search.clone();
        component.extend([0, 7, 2]);
        component.extend(b"nr");
        component.extend(mark(number).to_le_bytes());
        fs::write(folder.join("plugin.wasm"), component)?;
    }
    Ok(())
}

/// Starts up once, and prints the line.
fn run(folder: &Path, line: &[String]) -> Result<()> {
    let [plugins, cache, threads, when] = line else {
        unreachable!("clap counts them");
    };
    let mut builder = Host::builder()
        .limits(Limits::default().fuel(100_000_000))
        .host_limits(
            HostLimits::default()
                .memory(8192 * MIB)
                .threads(threads.parse()?),
        );
    if cache != "none" {
        builder = builder.cache(Cache::folder(folder.join(cache)).limit(8192 * MIB));
    }
    let host = builder.build()?;
    let begun = Instant::now();
    let found = host.discover(folder.join(plugins));
    let discovered = begun.elapsed();

    let begun = Instant::now();
    let loader = |loader: Loader| loader.config([("query", "tea")]);
    // Both are held until all is measured.
    let (mut now, mut lazy): (Plugins<Search>, Plugins<Lazy<Search>>);
    let (loaded, called);
    if when == "now" {
        now = host.load_all(found, |plugin| loader(plugin).load_with(|_| Ok(Shop)));
        loaded = begun.elapsed();
        called = calls(&mut now, PLUGINS, |plugin| Ok(plugin))?;
    } else {
        lazy = host.load_all(found, |plugin| loader(plugin).lazy_with(|_| Ok(Shop)));
        loaded = begun.elapsed();
        called = calls(&mut lazy, CALLED, Lazy::get)?;
    }
    let milliseconds = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    println!(
        "{plugins:<10} {cache:<5} {threads:>7} {when:<5} {:>9} {:>9} {:>9} {:>4} MiB {:>5} GiB {:>6} {:>6}",
        milliseconds(discovered),
        milliseconds(loaded),
        milliseconds(called),
        status("VmRSS:")? >> 10,
        status("VmSize:")? >> 20,
        fs::read_dir("/proc/self/fd")?.count(),
        maps()?,
    );
    Ok(())
}

/// How long it takes to call this many of them.
fn calls<P>(
    plugins: &mut Plugins<P>,
    count: usize,
    get: impl Fn(&mut P) -> Result<&mut Search, plugin_host::Error>,
) -> Result<Duration> {
    if let Some(error) = plugins.refused().first() {
        bail!("{error}");
    }
    ensure!(plugins.len() == PLUGINS, "all are there");
    let begun = Instant::now();
    for (id, plugin) in plugins.iter_mut().take(count) {
        let answer = get(plugin)?.transform().apply(&[])?;
        ensure!(answer.is_ok(), "`{id}` answers {answer:?}");
    }
    Ok(begun.elapsed())
}
