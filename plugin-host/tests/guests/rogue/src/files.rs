//! What a test asks the guest to do with files: a verb, and paths after it.

use std::fs::{self, File, OpenOptions};
use std::io::{Result, Write};

/// What came of it, or none where the verb is unknown.
pub(crate) fn act(words: &[&str]) -> Option<Result<String>> {
    let done = |result: Result<()>| result.map(|()| "done".to_owned());
    Some(match *words {
        ["read", path] => fs::read_to_string(path),
        ["write", path, text] => done(fs::write(path, text)),
        ["append", path, text] => done(append(path, text)),
        ["truncate", path] => done(File::create(path).map(drop)),
        ["shorten", path] => done(
            OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|f| f.set_len(0)),
        ),
        ["touch", path] => {
            done(File::open(path).and_then(|f| f.set_modified(std::time::UNIX_EPOCH)))
        }
        ["stamp", path] => done(stamp(path)),
        ["make", path] => done(fs::create_dir(path)),
        ["remove", path] => done(fs::remove_file(path)),
        ["remove-folder", path] => done(fs::remove_dir(path)),
        ["rename", from, to] => done(fs::rename(from, to)),
        ["hard-link", from, to] => done(fs::hard_link(from, to)),
        ["link", target, path] => done(link(target, path)),
        ["read-link", path] => fs::read_link(path).map(|path| path.display().to_string()),
        ["look", path] => fs::metadata(path).map(|data| format!("{} bytes", data.len())),
        ["list", path] => list(path),
        ["open", path, count] => open(path, count.parse().unwrap_or(0)),
        ["read-often", path, count] => read_often(path, count.parse().unwrap_or(0)),
        _ => return None,
    })
}

#[expect(deprecated, reason = "what replaces it is not stable for this target")]
fn link(target: &str, path: &str) -> Result<()> {
    fs::soft_link(target, path)
}

fn append(path: &str, text: &str) -> Result<()> {
    OpenOptions::new()
        .append(true)
        .open(path)?
        .write_all(text.as_bytes())
}

/// Sets a file's times by its path, for which the standard library has nothing
/// stable yet.
#[expect(unsafe_code, reason = "a function of the C library")]
fn stamp(path: &str) -> Result<()> {
    unsafe extern "C" {
        fn utime(path: *const std::ffi::c_char, times: *const std::ffi::c_void) -> i32;
    }
    let path = std::ffi::CString::new(path)?;
    // SAFETY: the path ends in a zero byte, and no times mean now.
    match unsafe { utime(path.as_ptr(), std::ptr::null()) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

fn list(path: &str) -> Result<String> {
    let names =
        fs::read_dir(path)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names.join(" "))
}

/// How many files could be open at once.
fn open(path: &str, count: usize) -> Result<String> {
    let files: Vec<_> = (0..count).map_while(|_| File::open(path).ok()).collect();
    Ok(files.len().to_string())
}

/// How many of so many attempts to read the file succeeded.
fn read_often(path: &str, count: usize) -> Result<String> {
    let read = (0..count).filter(|_| fs::read(path).is_ok()).count();
    Ok(read.to_string())
}
