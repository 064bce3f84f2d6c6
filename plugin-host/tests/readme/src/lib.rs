//! The README's quick start, compiled and run as it stands there.

#[cfg(test)]
mod tests {
    include!(concat!(env!("OUT_DIR"), "/host.rs"));
    include!("../snippet.rs");

    const README: &str = include_str!("../../../../README.md");

    #[test]
    fn the_quick_start_runs_as_it_stands_in_the_readme() {
        const HOME: &str = "README_HOME";
        const TEST: &str = "tests::the_quick_start_runs_as_it_stands_in_the_readme";
        if std::env::var_os(HOME).is_none() {
            // In a process of its own, whose user has an empty home: the snippet
            // keeps compiled code there.
            let home = tempfile::tempdir().expect("a folder");
            let this = std::env::current_exe().expect("it runs");
            let status = std::process::Command::new(this)
                .args(["--exact", TEST, "--nocapture"])
                .env_remove("XDG_CACHE_HOME")
                .envs([(HOME, home.path()), ("HOME", home.path())])
                .status();
            assert!(status.expect("it starts").success());
            let cache = plugin_host::Cache::folder(home.path().join(".cache/shop/plugin-host"));
            if cfg!(target_os = "linux") {
                assert_eq!(cache.usage().expect("it can be used").entries, 1);
            }
            return;
        }
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("plugins")).expect("a folder");
        let plugin = folder.path().join("plugins/discount.wasm");
        std::fs::copy(env!("README_GUEST"), plugin).expect("the guest was built");
        // The snippet looks for `plugins` where the application runs.
        std::env::set_current_dir(folder.path()).expect("the folder is there");

        let product = |name: &str, price| Product {
            name: name.to_owned(),
            price,
        };
        let prices: Vec<u32> = transform_all(vec![product("tea", 200), product("gold", 5000)])
            .expect("the plugin runs")
            .iter()
            .map(|product| product.price)
            .collect();
        assert_eq!(prices, [180, 5000]);
        main().expect("the whole program runs");
    }

    #[test]
    fn the_readmes_wit_is_the_one_that_is_built() {
        let wit = snippet(README, "wit/shop.wit").expect("it is in the README");
        let (_, wit) = wit.split_once('\n').expect("more than a line");
        assert_eq!(wit.trim(), include_str!("../wit/shop.wit").trim());
        assert_eq!(wit.trim(), include_str!("../guest/wit/shop.wit").trim());
    }

    #[test]
    fn the_quick_start_stays_short() {
        let lines = |file| {
            let code = snippet(README, file).expect("it is in the README");
            let counts = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
            code.lines().filter(counts).count()
        };
        assert!(lines("src/main.rs") <= 35);
        assert!(lines("src/lib.rs") <= 16);
    }
}
