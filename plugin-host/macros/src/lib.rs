//! `world!`: turns a WIT world into the typed bindings of `plugin-host`.

mod call;
mod convert;
mod guest_resources;
mod handles;
mod host_resources;
mod imported;
mod imports;
mod input;
mod interface;
mod optional;
mod resources;
mod rewrite;
mod shortcuts;
mod surface;
#[cfg(test)]
mod tests;
mod traits;
mod types;
mod wit;

use input::Input;
use proc_macro::TokenStream;
use quote::{format_ident, quote};

/// Turns a WIT world of the application's into typed bindings.
///
/// ```ignore
/// plugin_host::world! { path: "wit", world: "acme:catalog/plugin" }
/// ```
///
/// gives, in the module where it stands:
///
/// - `CatalogPlugin<T>`, named after package and world: the world itself, to be
///   loaded as `host.load::<CatalogPlugin<MyState>>(&candidate)`. Its methods are the
///   functions that the world exports, and an accessor for each interface that
///   it exports: `plugin.transform().apply(&products)?`. `T` is the
///   application's state.
/// - For each interface that the world imports, a module such as `inventory`
///   with the trait `Host`, which the application implements on its state. Its
///   methods are plain Rust. Functions imported at the level of the world are
///   in the trait `CatalogPluginImports`, and those of a resource `doc` in the trait
///   `HostDoc` of its interface, below.
/// - The trait `CatalogPluginCalls` with the same methods, and for each interface that
///   the world exports, in its module, the trait `Calls` with its functions, of which
///   the accessors of the former give a `&mut dyn Calls`. The world's type implements
///   them (`Calls` if the interface is not optional), an adapter for an older version
///   of the world does (`plugin_host::Versions`), and a test's own type can
///   (`plugin_host::NativePlugin`).
/// - The types of the world, in the module of their interface.
/// - For each resource that the world exports, a type such as `Cart`, an accessor to
///   its constructor, methods and static functions, below, and these as the trait
///   `CartCalls`.
///
/// | option | meaning |
/// |---|---|
/// | `path: "wit"` | the folder or file with the WIT, from the crate's own folder |
/// | `inline: "package a:b; .."` | the WIT itself, in place of `path` |
/// | `world: "plugin"` | which world, by its name or with its package; needed where there are several |
/// | `optional: ["ranking"]` | interfaces that a plugin may export, beside what the world says; the accessor of each gives an `Option` |
/// | `fallible: ["inventory.stock"]` | imported functions that may fail, or `["*"]` for all of them; they return `Result<_, E>`, and the error comes back from the plugin call |
/// | `error: crate::ShopError` | that `E`; paths start with `crate::`, with `::` and a crate, or in the module of the macro |
/// | `with: { "acme:shop/cart.basket": crate::Basket }` | the application's own type behind a resource that it serves; without one, the resource has a type of no values, so that plugins never get any |
/// | `derives: [PartialEq]` | further derives for all types |
///
/// # Resources of the guest
///
/// ```ignore
/// let mut shopping = plugin.shopping();
/// let cart = shopping.cart().new("Ann")?; // the constructor
/// shopping.cart().add(&cart, "tea")?; // a method
/// let cart = shopping.cart().merge(cart, shopping.open("Bob")?)?; // a static
/// ```
///
/// A `Cart` lives in the plugin's instance. A function takes it by value where
/// the WIT says `cart`, as `&Cart` where it says `borrow<cart>`, alone or in an
/// `option` or a `list`; results hold it wherever `option`, `result`, `list` and
/// `tuple` do. Records and variants that hold one are refused.
///
/// Where its instance failed or was replaced, or is another plugin's, using it
/// is an error that touches nothing (`ErrorKind::StaleHandle`). Dropping it
/// queues its destructor, which runs under a budget of its own before the
/// plugin's next call, or at `Plugin::drop_resources`.
///
/// # Resources of the application
///
/// ```ignore
/// plugin_host::world! { path: "wit", with: { "acme:docs/document.doc": crate::Page } }
///
/// impl document::HostDoc for Desk {
///     fn new(&mut self, title: String) -> Page { Page { title } } // the constructor
///     fn title(&mut self, doc: &mut Page) -> String { doc.title.clone() } // a method
///     fn join(&mut self, mut a: Page, b: Page) -> Page { a.append(b) } // a static
///     fn drop(&mut self, doc: Page) {} // may be left out: drops it
/// }
///
/// let page = Lent::new(&mut plugin, Page { title })?;
/// let text = plugin.check().read(&page)?; // the WIT says `borrow<doc>`
/// plugin.check().archive(page.take(&mut plugin)?)?; // it says `doc`
/// ```
///
/// A `Page` that a plugin has lives beside the plugin's instance, and ends with it.
/// The application's functions take and return a `Page` where the WIT says `doc`,
/// wherever `option`, `result`, `list` and `tuple` hold it, and take a `&mut Page`
/// where it says `borrow<doc>`, alone or in an `option` or a `list`. A plugin that
/// passes one resource in two parameters of a call is ended with an error.
///
/// Functions that a plugin exports take a `Page` where the WIT says `doc`, and a
/// `&Lent<Page>` where it says `borrow<doc>`, alone or in an `option` or a `list`;
/// results hold a `Page` wherever the application's functions do. `plugin_host::Lent`
/// says how long a page is lent, and what becomes of it. Records and variants that
/// hold one are refused.
///
/// # What is refused
///
/// Async functions, streams, futures, maps and lists of a fixed length.
#[proc_macro]
pub fn world(tokens: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(tokens as Input);
    match expand(&input) {
        Ok(code) => code.into(),
        Err(message) => syn::Error::new(input.span, message)
            .to_compile_error()
            .into(),
    }
}

/// The whole expansion; an error is the text of a compile error.
fn expand(input: &Input) -> Result<proc_macro2::TokenStream, String> {
    let mut wit = wit::load(input)?;
    wit::refuse_unsupported(&wit)?;
    guest_resources::refuse_unsupported(&wit)?;
    host_resources::refuse_unsupported(&wit)?;
    let mut file = wit::generate(&mut wit, input)?;
    imports::rewrite(&mut file, &wit)?;
    rewrite::rewrite(&mut file);
    optional::rewrite(&mut file, &wit)?;
    types::rewrite(&mut file, &wit)?;
    let (file, surface) = surface::add(file, &wit)?;
    let shortcuts = shortcuts::shortcuts(&wit, &surface.module);

    let module = &surface.module;
    let (name, calls) = (&surface.name, &surface.calls);
    let error = input.error.as_ref().map(|error| {
        let error = input::from_child_module(error);
        quote!(#[doc(hidden)] pub type __Error = #error;)
    });
    let imports_trait = wit.has_world_imports().then(|| {
        let (theirs, ours) = (
            format_ident!("{}Imports", wit.upstream_name()),
            format_ident!("{name}Imports"),
        );
        quote!(#[allow(unused_imports)] pub use #module::#theirs as #ours;)
    });
    // A changed file makes the crate build again.
    let files = wit.files.iter().map(|file| {
        quote!(
            const _: &[u8] = include_bytes!(#file);
        )
    });
    let items = &file.items;
    Ok(quote! {
        #[allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, dead_code, unused_imports, private_interfaces, private_bounds)]
        pub mod #module {
            #error
            #(#files)*
            #(#items)*
        }
        #[allow(unused_imports)]
        pub use #module::{#name, #calls};
        #imports_trait
        #shortcuts
    })
}
