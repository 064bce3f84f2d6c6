//! What imported functions answer in native tests. Each thread has its own
//! answers, so that tests that run at the same time do not meet.

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::rc::Rc;

thread_local! {
    /// By the address of the static that the function has.
    static ANSWERS: RefCell<HashMap<usize, Rc<dyn Any>>> = RefCell::default();
}

/// An imported function, whose answers are of the type `F`.
#[derive(Debug)]
pub struct Import<F: ?Sized> {
    interface: &'static str,
    function: &'static str,
    module: &'static str,
    fake: &'static str,
    answer: PhantomData<fn(Box<F>)>,
}

impl<F: ?Sized + 'static> Import<F> {
    /// One by its name in WIT and by where its fake is in Rust.
    #[must_use]
    pub const fn new(
        interface: &'static str,
        function: &'static str,
        module: &'static str,
        fake: &'static str,
    ) -> Self {
        Self {
            interface,
            function,
            module,
            fake,
            answer: PhantomData,
        }
    }

    /// Answers with this in this thread from now on.
    pub fn set(&'static self, answer: Box<F>) {
        let answer = Rc::new(RefCell::new(answer));
        let old = ANSWERS.with_borrow_mut(|answers| answers.insert(self.key(), answer));
        // What it holds may call an import as it is dropped.
        drop(old);
    }

    /// Asks for the answer.
    #[track_caller]
    pub fn call<R>(&'static self, ask: impl FnOnce(&mut F) -> R) -> R {
        let Some(answer) = ANSWERS.with_borrow(|answers| answers.get(&self.key()).cloned()) else {
            panic!(
                "{} was called in a native test that does not fake it: say what it answers with \
                 `{}`, in the thread that calls it",
                self.name(),
                self.fake()
            );
        };
        let answer = answer
            .downcast::<RefCell<Box<F>>>()
            .expect("a key is that of one function, whose answers are of one type");
        let Ok(mut answer) = answer.try_borrow_mut() else {
            panic!(
                "{} was called by its own fake, `{}`",
                self.name(),
                self.fake()
            );
        };
        ask(&mut answer)
    }

    fn key(&'static self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    fn name(&self) -> String {
        match self.interface {
            "" => format!("the application's function `{}`", self.function),
            interface => format!(
                "the application's function `{}` of `{interface}`",
                self.function
            ),
        }
    }

    /// Its path as the author may write it.
    fn fake(&self) -> String {
        let module = self.module.replace("__plugin_sdk_bindings::", "");
        let within = module.split_once("::").map(|(_krate, within)| within);
        format!("crate::{}::{}(..)", within.unwrap_or(&module), self.fake)
    }
}

/// Forgets every answer of this thread.
pub(super) fn clear() {
    drop(ANSWERS.take());
}
