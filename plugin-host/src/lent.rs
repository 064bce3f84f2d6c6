//! Handles to the application's own resources that are lent to a plugin. Keeps
//! none itself: the instance does.

use crate::error::Error;
use crate::home::Home;
use crate::plugin::Plugin;
use crate::world::World;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::component::Resource;

/// A resource of the application's, lent to one instance of one plugin.
///
/// Functions that a plugin exports take `&Lent<R>` where the WIT says
/// `borrow<r>`, and an `R` itself where it says `r`. The plugin reaches the
/// resource during the call alone. In between, the application has it back
/// through [`get`](Self::get), or for good through [`take`](Self::take).
///
/// ```
/// use plugin_host::{Candidate, Host, Lent, Plugin};
///
/// plugin_host::world! {
///     inline: "
///         package acme:docs;
///         interface document {
///             resource doc {
///                 title: func() -> string;
///                 rename: func(title: string);
///             }
///         }
///         interface check {
///             use document.{doc};
///             tidy: func(doc: borrow<doc>);
///             archive: func(doc: doc) -> u32;
///         }
///         world plugin { import document; export check; }",
///     with: { "acme:docs/document.doc": crate::Page },
/// }
///
/// pub struct Page {
///     title: String,
/// }
///
/// #[derive(Default)]
/// struct Desk;
///
/// impl document::Host for Desk {}
///
/// impl document::HostDoc for Desk {
///     fn title(&mut self, doc: &mut Page) -> String {
///         doc.title.clone()
///     }
///
///     fn rename(&mut self, doc: &mut Page, title: String) {
///         doc.title = title;
///     }
/// }
///
/// # fn component() -> Vec<u8> {
/// #     wat::parse_str(r#"(component
/// #         (import "acme:docs/document" (instance $document
/// #             (export "doc" (type $doc (sub resource)))
/// #             (export "[method]doc.rename"
/// #                 (func (param "self" (borrow $doc)) (param "title" string)))))
/// #         (alias export $document "doc" (type $doc))
/// #         (core module $libc (memory (export "memory") 1) (data (i32.const 8) "Minutes"))
/// #         (core instance $libc (instantiate $libc))
/// #         (alias core export $libc "memory" (core memory $memory))
/// #         (core func $rename (canon lower (func $document "[method]doc.rename")
/// #             (memory $memory)))
/// #         (core func $drop (canon resource.drop $doc))
/// #         (core module $m
/// #             (import "" "rename" (func $rename (param i32 i32 i32)))
/// #             (import "" "drop" (func $drop (param i32)))
/// #             (func (export "tidy") (param i32)
/// #                 (call $rename (local.get 0) (i32.const 8) (i32.const 7))
/// #                 (call $drop (local.get 0)))
/// #             (func (export "archive") (param i32) (result i32)
/// #                 (call $drop (local.get 0)) (i32.const 1)))
/// #         (core instance $i (instantiate $m (with "" (instance
/// #             (export "rename" (func $rename)) (export "drop" (func $drop))))))
/// #         (func $tidy (param "doc" (borrow $doc)) (canon lift (core func $i "tidy")))
/// #         (func $archive (param "doc" (own $doc)) (result u32)
/// #             (canon lift (core func $i "archive")))
/// #         (component $check
/// #             (import "import-doc" (type $doc (sub resource)))
/// #             (import "tidy" (func $tidy (param "doc" (borrow $doc))))
/// #             (import "archive" (func $archive (param "doc" (own $doc)) (result u32)))
/// #             (export $d "doc" (type $doc))
/// #             (export "tidy" (func $tidy) (func (param "doc" (borrow $d))))
/// #             (export "archive" (func $archive) (func (param "doc" (own $d)) (result u32))))
/// #         (instance $instance (instantiate $check (with "import-doc" (type $doc))
/// #             (with "tidy" (func $tidy)) (with "archive" (func $archive))))
/// #         (export "acme:docs/check" (instance $instance)))"#).expect("a component")
/// # }
/// # fn main() -> Result<(), plugin_host::Error> {
/// # let host = Host::builder().build()?;
/// # let candidate = Candidate::from_bytes("tidy", component())?;
/// let mut plugin = host.load::<DocsPlugin<Desk>>(&candidate)?;
/// let page = |title: &str| Page { title: title.to_owned() };
///
/// let lent = Lent::new(&mut plugin, page("minutes "))?;
/// plugin.check().tidy(&lent)?;
/// assert_eq!(lent.get(&mut plugin)?.title, "Minutes");
/// let minutes: Page = lent.take(&mut plugin)?;
///
/// plugin.check().archive(minutes)?; // the plugin owns it now
/// # Ok(())
/// # }
/// ```
///
/// A handle is good for the instance that it was made in. Once that failed or was
/// replaced, and with any other plugin, using it is an error that touches nothing
/// ([`ErrorKind::StaleHandle`](crate::ErrorKind::StaleHandle)); the resource went
/// with its instance. Under [`Lifetime::OneCall`](crate::Lifetime::OneCall) it is
/// good for one call, or for those of
/// [`under_one_budget`](Plugin::under_one_budget).
///
/// The resource of a handle that is dropped ends when the plugin is next lent one, or
/// at [`Plugin::drop_resources`]; [`take`](Self::take) it to end it at once.
///
/// A handle cannot be passed where the plugin is to own the resource, nor a
/// resource where it is to be lent:
///
/// ```compile_fail,E0308
/// # use plugin_host::{Error, Plugin};
/// # plugin_host::world! {
/// #     inline: "
/// #         package acme:docs;
/// #         interface document { resource doc; }
/// #         interface check { use document.{doc}; tidy: func(doc: borrow<doc>); }
/// #         world plugin { import document; export check; }",
/// #     with: { "acme:docs/document.doc": crate::Page },
/// # }
/// # pub struct Page;
/// fn tidy(plugin: &mut Plugin<DocsPlugin>, page: Page) -> Result<(), Error> {
///     plugin.check().tidy(page)
/// }
/// # fn main() {}
/// ```
pub struct Lent<R: Send + 'static>(Held<R>);

enum Held<R> {
    /// By the instance with this home.
    Instance {
        number: u32,
        home: Arc<Home>,
        taken: bool,
    },
    /// For plugins that are plain values.
    Native(Mutex<R>),
}

/// What resources are lent to: a [`Plugin`], or the world of one, which is what an
/// adapter between versions and
/// [`under_one_budget`](Plugin::under_one_budget) have.
///
/// Nothing else implements it.
pub trait Borrower: sealed::Sealed {}

impl<R: Send + 'static> Lent<R> {
    /// Lends a resource to the instance that the plugin's next call goes to.
    ///
    /// # Errors
    ///
    /// When a fresh instance is needed for that, and does not start; and after a
    /// call failed under the same budget.
    pub fn new(plugin: &mut impl Borrower, resource: R) -> Result<Self, Error> {
        let live = plugin.world().live_mut();
        let (number, home) = live.lend("Lent::new", resource)?;
        Ok(Self(Held::Instance {
            number,
            home,
            taken: false,
        }))
    }

    /// A resource for a [`NativePlugin`](crate::NativePlugin), which reads it with
    /// [`value`](Self::value). Plugins that are loaded refuse it
    /// ([`ErrorKind::StaleHandle`](crate::ErrorKind::StaleHandle)).
    pub fn native(resource: R) -> Self {
        Self(Held::Native(Mutex::new(resource)))
    }

    /// What `reads` makes of the resource, if it was made by
    /// [`native`](Self::native).
    pub fn value<T>(&self, reads: impl FnOnce(&mut R) -> T) -> Option<T> {
        match &self.0 {
            Held::Native(resource) => {
                let mut resource = resource.lock().unwrap_or_else(PoisonError::into_inner);
                Some(reads(&mut resource))
            }
            Held::Instance { .. } => None,
        }
    }

    /// The resource, as the plugin left it.
    ///
    /// # Errors
    ///
    /// When the instance that it was lent to failed or was replaced, or is another
    /// plugin's.
    pub fn get<'p>(&self, plugin: &'p mut impl Borrower) -> Result<&'p mut R, Error> {
        let live = plugin.world().live_mut();
        live.lent("Lent::get", self.place())
    }

    /// Takes the resource back for good.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get). The handle is dropped then.
    pub fn take(mut self, plugin: &mut impl Borrower) -> Result<R, Error> {
        let live = plugin.world().live_mut();
        let resource = live.take_back("Lent::take", self.place())?;
        if let Held::Instance { taken, .. } = &mut self.0 {
            *taken = true;
        }
        Ok(resource)
    }

    /// Whether it is lent to the instance with this `home`, for generated bindings.
    #[doc(hidden)]
    #[must_use]
    pub fn belongs_to(&self, home: Option<&Home>) -> bool {
        match (&self.0, home) {
            (Held::Instance { home: own, .. }, Some(home)) => std::ptr::eq(home, Arc::as_ptr(own)),
            _ => false,
        }
    }

    /// The engine's handle for a call to the instance that it belongs to, for
    /// generated bindings.
    #[doc(hidden)]
    #[must_use]
    pub fn handle(&self) -> Resource<R> {
        let (_, number) = self
            .place()
            .expect("it belongs to an instance, or no call is made");
        Resource::new_borrow(number)
    }

    fn place(&self) -> Option<(&Home, u32)> {
        match &self.0 {
            Held::Instance { number, home, .. } => Some((home, *number)),
            Held::Native(_) => None,
        }
    }
}

impl<R: Send + 'static> Drop for Lent<R> {
    fn drop(&mut self) {
        // The number of one that was taken may be another's by now.
        if let Held::Instance {
            number,
            home,
            taken: false,
        } = &self.0
        {
            home.queue_lent(*number);
        }
    }
}

impl<R: Send + 'static> fmt::Debug for Lent<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Lent");
        shown.field("resource", &std::any::type_name::<R>());
        match &self.0 {
            Held::Instance { home, .. } => shown.field("stale", &home.has_ended()),
            Held::Native(_) => shown.field("native", &true),
        };
        shown.finish_non_exhaustive()
    }
}

impl<B: sealed::Sealed> Borrower for B {}

mod sealed {
    use super::{Plugin, World};

    pub trait Sealed {
        type World: World;

        fn world(&mut self) -> &mut Self::World;
    }

    impl<W: World> Sealed for W {
        type World = W;

        fn world(&mut self) -> &mut W {
            self
        }
    }

    impl<W: World> Sealed for Plugin<W> {
        type World = W;

        fn world(&mut self) -> &mut W {
            self
        }
    }
}
