//! Locks plugins in a policy file to what they are now. Runs and compiles none,
//! and moves no lock but of a plugin that is named.

use crate::args::{LockArgs, UsageError};
use crate::found::look;
use anyhow::Result;
use plugin_host::{Candidate, Error, ErrorKind, Host, PluginId, Policy};
use std::io::{self, Write};
use std::path::Path;

/// Locks, and says whether every plugin that was meant is locked.
pub(crate) fn lock(args: &LockArgs) -> Result<bool> {
    let host = Host::builder().build()?;
    let (mut candidates, mut bad) = (Vec::new(), Vec::new());
    for found in look(&host, &args.plugins)? {
        match found {
            Ok(candidate) => candidates.push(candidate),
            Err(error) => bad.push(error),
        }
    }
    let there = |id: &PluginId| candidates.iter().any(|one| one.id() == id);
    if let Some(id) = args.ids.iter().find(|id| !there(id)) {
        return Err(UsageError::NoSuchPlugin(id.clone()).into());
    }
    let mut policy = read(&args.policy)?;
    let all = args.ids.is_empty();
    let mut refused = if all { bad } else { Vec::new() };
    let mut locked: Vec<&Candidate> = Vec::new();
    let meant = |one: &&Candidate| all || args.ids.contains(one.id());
    for candidate in candidates.iter().filter(meant) {
        let unmoved = if all {
            policy.check_lock(candidate)
        } else {
            Ok(())
        };
        match unmoved.and_then(|()| policy.lock(candidate)) {
            Ok(()) => locked.push(candidate),
            Err(error) => refused.push(error),
        }
    }
    if !locked.is_empty() {
        policy.save(&args.policy)?;
    }

    let mut stdout = io::stdout().lock();
    for candidate in locked {
        let version = candidate.version().map(|version| format!("{version}, "));
        let version = version.unwrap_or_default();
        let (id, digest) = (candidate.id(), candidate.digest());
        writeln!(stdout, "{id} is locked to {version}{digest}")?;
    }
    for error in &refused {
        eprintln!("error: {error}");
    }
    Ok(refused.is_empty())
}

/// The policy in a file, or an empty one where there is no file.
fn read(path: &Path) -> Result<Policy> {
    match Policy::from_file(path) {
        Err(error) if is_missing(&error) => Ok(Policy::default()),
        read => Ok(read?),
    }
}

fn is_missing(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Io(error) if error.kind() == io::ErrorKind::NotFound)
}
