//! Does whatever a test asks it to, most of it bad.

mod files;

use plugin_sdk::log;
use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;
use std::io::Read;
use std::net::ToSocketAddrs;
use std::time::{Duration, Instant, SystemTime};

plugin_sdk::generate!({ path: "../../wit/rogue", world: "rogue" });

struct Rogue;

#[derive(Debug, serde::Deserialize)]
#[expect(dead_code, reason = "read through `Debug`")]
struct Settings {
    colour: String,
    size: Option<u32>,
    #[serde(default)]
    tags: Vec<String>,
}

impl Guest for Rogue {
    fn act(what: String) -> String {
        match what.as_str() {
            "nothing" => {}
            "count" => return count().to_string(),
            "spin" => loop {
                black_box(());
            },
            "sleep for an hour" => std::thread::sleep(Duration::from_secs(3600)),
            "nap" => std::thread::sleep(Duration::from_millis(1)),
            "read stdin" => {
                let mut text = String::new();
                let _ = std::io::stdin().read_to_string(&mut text);
                return text;
            }
            "hog memory" => {
                let mut hoard = Vec::new();
                loop {
                    hoard.push(black_box(vec![1u8; 1 << 20]));
                }
            }
            "panic" => panic!("deliberate: {}", 6 * 7),
            "recurse" => return recurse(1).to_string(),
            "exit" => std::process::exit(0),
            "abort" => std::process::abort(),
            "index" => {
                let empty: Vec<u8> = black_box(Vec::new());
                return empty[black_box(7)].to_string();
            }
            "call the host for ever" => loop {
                shop::stock("tea");
            },
            "stock" => return shop::stock("tea").to_string(),
            "cheap work" => return shop::work(1000).to_string(),
            "dear work" => return shop::work(u64::MAX).to_string(),
            "panic at length" => panic!("{}", "panic! ".repeat(150_000)),
            "panic with escapes" => panic!("\u{1b}[2Jgone"),
            "return a megabyte" => return "x".repeat(1 << 20),
            "log a megabyte" => log::info!("{}", "x".repeat(1 << 20)),
            "log escapes" => {
                log::info!(key = "\u{1b}[2J"; "\u{1b}[2Jgone\r");
                println!("\u{1b}[2Jgone");
            }
            "ask for gigabytes of random" => return random(u32::MAX).to_string(),
            "poll on nothing" => return wasip2::io::poll::poll(&[]).len().to_string(),
            "leak pollables" => {
                let mut hoard = Vec::new();
                loop {
                    hoard.push(wasip2::clocks::monotonic_clock::subscribe_duration(1));
                }
            }
            "print" => {
                println!("to stdout");
                eprintln!("to stderr");
            }
            "flood" => {
                for i in 0..10_000 {
                    println!("line {i}");
                    log::info!("record {i}");
                }
            }
            "log" => log::warn!(item = "tea", pieces = 3; "running low"),
            "read settings" => {
                return match plugin_sdk::config::load::<Settings>() {
                    Ok(settings) => format!("{settings:?}"),
                    Err(error) => error.to_string(),
                };
            }
            "look around" => {
                let environment = std::env::vars().count();
                let arguments = std::env::args().count();
                let files = std::fs::read_dir("/").is_ok();
                let network = std::net::UdpSocket::bind("127.0.0.1:0").is_ok()
                    || std::net::TcpListener::bind("127.0.0.1:0").is_ok();
                return format!("{environment} {arguments} {files} {network}");
            }
            "clock" => {
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
                return now.map_or(0, |now| now.as_secs()).to_string();
            }
            "ask the time for ever" => loop {
                black_box(SystemTime::now());
            },
            "time a nap" => {
                let start = Instant::now();
                std::thread::sleep(Duration::from_millis(20));
                return start.elapsed().as_millis().to_string();
            }
            "environment" => {
                let variables: Vec<_> = std::env::vars().map(|(k, v)| format!("{k}={v}")).collect();
                return variables.join(" ");
            }
            "resolve" => {
                return match "localhost:80".to_socket_addrs() {
                    Ok(addresses) => format!("{} addresses", addresses.count()),
                    Err(error) => format!("error: {error}"),
                };
            }
            "hash" => return RandomState::new().hash_one(1).to_string(),
            other => {
                let words: Vec<&str> = other.split(' ').collect();
                return files::act(&words)
                    .map(|answer| answer.unwrap_or_else(|error| format!("error: {error}")))
                    .unwrap_or_else(|| format!("unknown: {other}"));
            }
        }
        "done".to_owned()
    }
}

/// How often it was called on this instance.
fn count() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static CALLS: AtomicU32 = AtomicU32::new(0);
    CALLS.fetch_add(1, Ordering::Relaxed) + 1
}

/// Asks the host for so many random bytes, for which there is no room here.
fn random(len: u32) -> usize {
    wasip2::random::random::get_random_bytes(len.into()).len()
}

fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    if black_box(true) {
        recurse(depth + 1) + frame[3]
    } else {
        depth
    }
}

plugin_sdk::export!(Rogue);
