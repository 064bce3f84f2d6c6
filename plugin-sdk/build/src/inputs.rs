//! The files that guests are made of, as Cargo lists them beside its output.

use std::path::PathBuf;

/// Reads a dep-info file: `output: input input`, with `\ ` for a space.
pub(crate) fn inputs(dep_info: &str) -> Vec<PathBuf> {
    let mut inputs = Vec::new();
    for line in dep_info.lines() {
        // The colon of a Windows drive has no space behind it.
        let Some((_, list)) = line.split_once(": ") else {
            continue;
        };
        let mut input = String::new();
        for part in list.split(' ') {
            match part.strip_suffix('\\') {
                Some(start) => {
                    input.push_str(start);
                    input.push(' ');
                }
                None => {
                    input.push_str(part);
                    inputs.push(PathBuf::from(std::mem::take(&mut input)));
                }
            }
        }
    }
    inputs.retain(|input| !input.as_os_str().is_empty());
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_is_found() {
        let text = "/t/a.wasm: /p/src/lib.rs /my\\ plugins/a.rs C:\\p\\b.rs\n\n/t/c: \n";
        assert_eq!(
            inputs(text),
            ["/p/src/lib.rs", "/my plugins/a.rs", "C:\\p\\b.rs"].map(PathBuf::from)
        );
    }
}
