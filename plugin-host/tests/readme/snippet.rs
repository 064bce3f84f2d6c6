/// The code block of the README whose first line names `file` in a comment.
fn snippet(readme: &str, file: &str) -> Result<String, String> {
    let marker = format!("// {file}\n");
    readme
        .split("\n```")
        .filter_map(|block| block.split_once('\n'))
        .map(|(_language, code)| code)
        .find(|code| code.starts_with(&marker))
        .map(str::to_owned)
        .ok_or_else(|| format!("the README has no code block that begins with `{}`", marker.trim()))
}
