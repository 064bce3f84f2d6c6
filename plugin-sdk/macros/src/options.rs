//! What stands between the braces of `generate!`: which WIT to read, and how
//! wit-bindgen is to write it as Rust. Reads no file.

mod value;

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token, braced};
use wit_bindgen_rust::{Opts, WithOption};

use value::{Value, asyncs, attributes, chainable, derives, ownership, paths, with};

/// The name by which `export!` finds the macro that wit-bindgen makes.
pub(crate) const EXPORT_MACRO: &str = "__the_world_of_plugin_sdk_generate";

/// The options of one `generate!`.
pub(crate) struct Options {
    /// `path`, with the place where it stands.
    pub(crate) paths: Option<(Span, Vec<String>)>,
    /// `inline`.
    pub(crate) inline: Option<LitStr>,
    /// `world`.
    pub(crate) world: Option<LitStr>,
    /// `features`.
    pub(crate) features: Vec<String>,
    /// Where `with` stands, and in its absence the whole macro.
    pub(crate) with: Span,
    /// Every other one, and those that the SDK sets.
    pub(crate) rust: Opts,
}

impl Options {
    /// The interfaces for which `with` names modules of the author's own.
    pub(crate) fn remapped(&self) -> HashSet<String> {
        let with = self.rust.with.iter();
        with.filter(|(_, option)| matches!(option, WithOption::Path(_)))
            .map(|(name, _)| name.clone())
            .collect()
    }

    fn set(&mut self, key: &Ident, value: Option<TokenStream>) -> syn::Result<()> {
        let name = key.unraw().to_string();
        let value = Value { key, tokens: value };
        let rust = &mut self.rust;
        match name.as_str() {
            "runtime_path" | "export_macro_name" => {
                let message = format!("plugin_sdk::generate! sets `{name}` itself: remove it");
                return Err(syn::Error::new(key.span(), message));
            }
            "path" => self.paths = Some((key.span(), value.read(paths)?)),
            "inline" => self.inline = Some(value.read(<LitStr as Parse>::parse)?),
            "world" => self.world = Some(value.read(<LitStr as Parse>::parse)?),
            "features" => self.features = value.texts()?,
            "with" => {
                self.with = key.span();
                rust.with = value.read(with)?;
            }
            // Always on, as an application's WIT may use other packages'.
            "generate_all" => rust.generate_all = value.absent()?,
            "raw_strings" => rust.raw_strings = value.absent()?,
            "std_feature" => rust.std_feature = value.absent()?,
            "stubs" => rust.stubs = value.absent()?,
            "ownership" => rust.ownership = value.read(ownership)?,
            "skip" => rust.skip = value.texts()?,
            "map_type" => rust.map_type = Some(value.text()?),
            "bitflags_path" => rust.bitflags_path = Some(value.text()?),
            "export_prefix" => rust.export_prefix = Some(value.text()?),
            "type_section_suffix" => rust.type_section_suffix = Some(value.text()?),
            "default_bindings_module" => rust.default_bindings_module = Some(value.text()?),
            "additional_derives" => rust.additional_derive_attributes = value.read(derives)?,
            "additional_derives_ignore" => rust.additional_derive_ignore = value.texts()?,
            "additional_type_attributes" => {
                rust.additional_type_attributes = value.read(attributes)?;
            }
            "additional_member_attributes" => {
                rust.additional_member_attributes = value.read(attributes)?;
            }
            "async" => rust.async_ = value.read(asyncs)?,
            "chainable_methods" => rust.chainable_methods = value.read(chainable)?,
            "disable_run_ctors_once_workaround" => {
                rust.disable_run_ctors_once_workaround = value.on()?;
            }
            "disable_custom_section_link_helpers" => {
                rust.disable_custom_section_link_helpers = value.on()?;
            }
            "pub_export_macro" => rust.pub_export_macro = value.on()?,
            "generate_unused_types" => rust.generate_unused_types = value.on()?,
            "merge_structurally_equal_types" => {
                rust.merge_structurally_equal_types = Some(Some(value.on()?));
            }
            _ => {
                let message = format!(
                    "plugin_sdk::generate! has no option `{name}`: its documentation names \
                     those that there are"
                );
                return Err(syn::Error::new(key.span(), message));
            }
        }
        Ok(())
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            paths: None,
            inline: None,
            world: None,
            features: Vec::new(),
            with: Span::call_site(),
            rust: Opts {
                generate_all: true,
                runtime_path: Some("::plugin_sdk::__::rt".into()),
                export_macro_name: Some(EXPORT_MACRO.into()),
                ..Opts::default()
            },
        }
    }
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(syn::token::Brace) {
            let usage = "expected options in braces, such as \
                         `generate!({ path: \"wit\", world: \"plugin\" })`";
            return Err(input.error(usage));
        }
        let content;
        braced!(content in input);
        let mut options = Self::default();
        while !content.is_empty() {
            // `async` is a keyword, and an option of wit-bindgen.
            let key = content.call(Ident::parse_any)?;
            let value = if content.parse::<Option<Token![:]>>()?.is_some() {
                Some(until_comma(&content)?)
            } else {
                None
            };
            options.set(&key, value)?;
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}

fn until_comma(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut value = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        value.extend([input.parse::<TokenTree>()?]);
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use wit_bindgen_core::AsyncFilterSet;
    use wit_bindgen_rust::Ownership;

    use super::*;

    fn parse(text: &str) -> syn::Result<Options> {
        syn::parse_str(text)
    }

    #[test]
    fn every_form_of_path_is_read() {
        for (text, expected) in [
            (r#"{ path: "wit" }"#, vec!["wit"]),
            (r#"{ path: ["a", "b",], }"#, vec!["a", "b"]),
            (r#"{ path: concat!("a", "/b") }"#, vec!["a/b"]),
        ] {
            let (_, paths) = parse(text).expect(text).paths.expect("a path");
            assert_eq!(paths, expected);
        }
    }

    #[test]
    fn every_option_of_wit_bindgen_is_read() {
        let options = parse(
            r##"{ world: "w", features: ["f"], generate_all, std_feature, raw_strings, stubs,
                 async: ["all"], chainable_methods: ["all"], skip: ["s"],
                 with: { "a:b/c@1.0.0": crate::c, "a:b/d": generate, "a:b/e": ::e::f, },
                 ownership: Borrowing { duplicate_if_necessary: true },
                 map_type: "m", bitflags_path: "b", export_prefix: "p",
                 type_section_suffix: "t", default_bindings_module: "d",
                 additional_derives: [PartialEq, core::hash::Hash],
                 additional_derives_ignore: ["i"],
                 additional_type_attributes: { "a:b/c/d": [#[x] #[y("z")]] },
                 additional_member_attributes: { "a:b/c/d.e": [#[f]] },
                 disable_run_ctors_once_workaround: true,
                 disable_custom_section_link_helpers: true,
                 pub_export_macro: true, generate_unused_types: true,
                 merge_structurally_equal_types: true }"##,
        )
        .expect("options");
        assert_eq!(options.features, ["f"]);
        let remapped = ["a:b/c@1.0.0", "a:b/e"].map(str::to_owned);
        assert_eq!(options.remapped(), HashSet::from(remapped));
        let expected = Opts {
            std_feature: true,
            raw_strings: true,
            stubs: true,
            skip: vec!["s".into()],
            export_prefix: Some("p".into()),
            ownership: Ownership::Borrowing {
                duplicate_if_necessary: true,
            },
            runtime_path: Some("::plugin_sdk::__::rt".into()),
            map_type: Some("m".into()),
            bitflags_path: Some("b".into()),
            additional_derive_attributes: vec!["PartialEq".into(), "core :: hash :: Hash".into()],
            additional_derive_ignore: vec!["i".into()],
            additional_type_attributes: vec![
                ("a:b/c/d".into(), "# [x]".into()),
                ("a:b/c/d".into(), "# [y (\"z\")]".into()),
            ],
            additional_member_attributes: vec![("a:b/c/d.e".into(), "# [f]".into())],
            with: vec![
                ("a:b/c@1.0.0".into(), WithOption::Path("crate::c".into())),
                ("a:b/d".into(), WithOption::Generate),
                ("a:b/e".into(), WithOption::Path("::e::f".into())),
            ],
            generate_all: true,
            type_section_suffix: Some("t".into()),
            disable_run_ctors_once_workaround: true,
            default_bindings_module: Some("d".into()),
            export_macro_name: Some(EXPORT_MACRO.into()),
            pub_export_macro: true,
            generate_unused_types: true,
            disable_custom_section_link_helpers: true,
            async_: AsyncFilterSet::all(true),
            merge_structurally_equal_types: Some(Some(true)),
            chainable_methods: options.rust.chainable_methods.clone(),
            format: false,
        };
        assert_eq!(format!("{:?}", options.rust), format!("{expected:?}"));
    }

    #[test]
    fn mistakes_say_what_to_write() {
        for (text, message) in [
            (
                r#""wit""#,
                "expected options in braces, such as \
                 `generate!({ path: \"wit\", world: \"plugin\" })`",
            ),
            (
                r#"{ runtime_path: "x" }"#,
                "plugin_sdk::generate! sets `runtime_path` itself: remove it",
            ),
            (r#"{ world: plugin }"#, "expected string literal"),
            ("{ world }", "`world` takes a value: write `world: ..`"),
            ("{ raw_strings: true }", "`raw_strings` takes no value"),
            (
                "{ wrld: \"w\" }",
                "plugin_sdk::generate! has no option `wrld`: its documentation names those that \
                 there are",
            ),
            (
                "{ ownership: Shared }",
                "expected `Owning` or `Borrowing { duplicate_if_necessary: false }`",
            ),
            (
                "{ additional_type_attributes: { \"a:b/c/d\": [] } }",
                "expected attributes, such as `[#[derive(Hash)]]`",
            ),
        ] {
            let error = parse(text).err().expect(text);
            assert_eq!(error.to_string(), message);
        }
    }
}
