//! The README's application, outside of any workspace, with plugins that are in one
//! of their own or in none.

mod folder;

use folder::Folder;
use std::fs;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../README.md");

/// The code block of the README whose first line names a file in a comment.
fn snippet(file: &str) -> &'static str {
    let marker = format!("\n// {file}\n");
    let (_, code) = README.split_once(&marker).expect("it is in the README");
    code.split_once("```").expect("it ends").0
}

/// The application, in a folder that its test made.
struct Application(Folder);

impl Application {
    fn new() -> Self {
        let application = Self(Folder::new());
        let this = env!("CARGO_MANIFEST_DIR");
        application.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = 'shop'\nedition = '2024'\n\
                 [build-dependencies]\nplugin-sdk-build.path = '{this}'\n"
            ),
        );
        application.write("build.rs", snippet("build.rs"));
        application.write("src/main.rs", snippet("src/main.rs"));
        application
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.0.join(file);
        fs::create_dir_all(path.parent().expect("a file")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// A plugin that answers with a text of this length.
    fn plugin(&self, folder: &str, length: usize) {
        let name = Path::new(folder).file_name().expect("a name");
        let name = name.to_str().expect("a text");
        self.write(
            &format!("{folder}/Cargo.toml"),
            &format!(
                "[package]\nname = '{name}'\nedition = '2024'\n\
                 [lib]\ncrate-type = ['cdylib']\n"
            ),
        );
        self.code(folder, length);
    }

    fn code(&self, folder: &str, length: usize) {
        self.write(
            &format!("{folder}/src/lib.rs"),
            &format!(
                "#[used]\nstatic TEXT: [u8; {length}] = [b'x'; {length}];\n\
                 #[unsafe(no_mangle)]\npub extern \"C\" fn text() -> *const u8 {{ TEXT.as_ptr() }}\n"
            ),
        );
    }

    /// How many bytes it says that the plugin has.
    fn run(&self) -> usize {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["run", "--offline", "--target-dir"])
            .arg(self.0.0.join("target"))
            .current_dir(&self.0.0);
        let output = cargo.output().expect("cargo starts");
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let stderr = text(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        let said = text(&output.stdout);
        let bytes = said.strip_prefix("hello has ").expect("the plugin");
        bytes
            .split(' ')
            .next()
            .and_then(|bytes| bytes.parse().ok())
            .expect("a number")
    }
}

#[test]
fn plugins_in_no_workspace_are_built_and_built_again_when_edited() {
    let application = Application::new();
    application.plugin("plugins/hello", 1_000);
    application.plugin("plugins/other-one", 1_000);
    let first = application.run();
    assert!(first > 1_000, "{first}");
    application.code("plugins/hello", 51_000);
    assert!(application.run() >= first + 50_000);
    assert!(application.0.0.join("plugins/hello/Cargo.lock").exists());
}

#[test]
fn plugins_in_a_workspace_of_their_own_are_built_with_its_profile() {
    let application = Application::new();
    application.plugin("plugins/hello", 1_000);
    application.write(
        "plugins/Cargo.toml",
        "[workspace]\nmembers = ['*']\nresolver = '3'\n",
    );
    let plain = application.run();
    application.write(
        "plugins/Cargo.toml",
        "[workspace]\nmembers = ['*']\nresolver = '3'\n[profile.release]\ndebug = 'full'\n",
    );
    let debug = application.run();
    assert!(
        debug > plain,
        "{debug} bytes with and {plain} without what debuggers read"
    );
}

#[test]
fn what_is_wrong_with_a_plugin_is_told_by_the_application_s_build() {
    let application = Application::new();
    application.plugin("plugins/hello", 1);
    application.write("plugins/hello/src/lib.rs", "fn text() -> u8 { \"x\" }");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--offline"])
        .current_dir(&application.0.0)
        .output()
        .expect("cargo starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    for words in ["cargo could not build the guests", "mismatched types"] {
        assert!(stderr.contains(words), "{stderr}");
    }
}
