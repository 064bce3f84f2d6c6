//! Keeps the application's own resources of one instance, by the numbers that
//! handles stand for. Checks no handle: the engine does that for the guest's, and
//! [`Lent`](crate::Lent) for the application's.

use std::any::Any;
use wasmtime::component::Resource;

/// The application's resources that one instance has.
///
/// What the guest owns is bounded by the handles that it may hold. The rest the
/// application put here.
#[derive(Default)]
pub struct Resources {
    /// Empty where it is free, and while a host function has what is in it.
    slots: Vec<Option<Box<dyn Any + Send>>>,
    free: Vec<u32>,
}

/// A resource that a host function has for one call.
pub struct Taken<R> {
    number: u32,
    resource: Box<R>,
}

/// Store data that keeps the application's resources.
pub trait KeepsResources {
    /// Those of this instance.
    fn resources(&mut self) -> &mut Resources;
}

impl Resources {
    /// Puts a resource in, for the guest to own.
    pub fn give<R: Send + 'static>(&mut self, resource: R) -> Resource<R> {
        Resource::new_own(self.insert(resource))
    }

    /// Takes out for good what the guest owned.
    ///
    /// # Errors
    ///
    /// When it is not there, which the engine's own checks rule out.
    pub fn remove<R: 'static>(&mut self, handle: Resource<R>) -> wasmtime::Result<R> {
        let number = handle.rep();
        self.remove_number(number).ok_or_else(|| missing(number))
    }

    /// Takes out, until [`put_back`](Self::put_back), what the guest passed to
    /// the host function `call`.
    ///
    /// # Errors
    ///
    /// When the guest passed it to that call already, in another parameter.
    pub fn take<R: 'static>(
        &mut self,
        handle: Resource<R>,
        call: &'static str,
    ) -> wasmtime::Result<Taken<R>> {
        let number = handle.rep();
        // The engine's checks leave no other reason for it to be empty.
        let taken = self.slot(number).and_then(Option::take);
        let taken = taken.ok_or_else(|| passed_twice(call))?;
        let resource = taken.downcast().map_err(|_| missing(number))?;
        Ok(Taken { number, resource })
    }

    /// Puts back what a host function had.
    pub fn put_back<R: Send + 'static>(&mut self, taken: Taken<R>) {
        if let Some(slot) = self.slot(taken.number) {
            *slot = Some(taken.resource);
        }
    }

    pub(crate) fn insert<R: Send + 'static>(&mut self, resource: R) -> u32 {
        let kept: Option<Box<dyn Any + Send>> = Some(Box::new(resource));
        let Some(number) = self.free.pop() else {
            self.slots.push(kept);
            let last = self.slots.len() - 1;
            return u32::try_from(last).expect("memory ends before numbers do");
        };
        *self.slot(number).expect("a free slot is there") = kept;
        number
    }

    pub(crate) fn get_mut<R: 'static>(&mut self, number: u32) -> Option<&mut R> {
        self.slot(number)?.as_mut()?.downcast_mut()
    }

    pub(crate) fn remove_number<R: 'static>(&mut self, number: u32) -> Option<R> {
        let resource = self.end(number)?.downcast();
        resource.ok().map(|resource| *resource)
    }

    /// Takes out a resource of any type, and lets its number go to another.
    pub(crate) fn end(&mut self, number: u32) -> Option<Box<dyn Any + Send>> {
        let resource = self.slot(number)?.take()?;
        self.free.push(number);
        Some(resource)
    }

    fn slot(&mut self, number: u32) -> Option<&mut Option<Box<dyn Any + Send>>> {
        self.slots.get_mut(number as usize)
    }
}

impl<R> Taken<R> {
    /// The resource.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.resource
    }
}

#[cold]
fn missing(number: u32) -> wasmtime::Error {
    wasmtime::format_err!("the application has no resource {number} of that type")
}

#[cold]
fn passed_twice(call: &str) -> wasmtime::Error {
    wasmtime::format_err!("it passed one resource to `{call}` twice in one call")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_used_again_and_the_rest_stay() {
        let mut resources = Resources::default();
        let [a, b, c] = ["a", "b", "c"].map(|text| resources.insert(text.to_owned()));
        assert_eq!(resources.remove_number::<String>(b).as_deref(), Some("b"));
        assert_eq!(resources.remove_number::<String>(a).as_deref(), Some("a"));
        assert_eq!(resources.insert("d".to_owned()), a);
        assert_eq!(resources.insert("e".to_owned()), b);
        assert_eq!(resources.insert("f".to_owned()), 3);
        let c = resources.get_mut::<String>(c).map(|text| text.as_str());
        assert_eq!(c, Some("c"));
    }

    #[test]
    fn what_a_host_function_has_is_not_there_until_it_is_put_back() {
        let mut resources = Resources::default();
        let number = resources.insert(7_u8);
        let handle = || Resource::<u8>::new_borrow(number);
        let mut taken = resources.take(handle(), "f").expect("it is there");
        *taken.get_mut() = 8;
        assert!(resources.take(handle(), "f").is_err());
        assert_eq!(resources.get_mut::<u8>(number), None);
        assert!(resources.end(number).is_none());
        resources.put_back(taken);
        assert_eq!(resources.get_mut::<u8>(number), Some(&mut 8));
    }

    #[test]
    fn what_is_not_there_or_is_of_another_type_is_an_error() {
        let mut resources = Resources::default();
        assert!(resources.remove(Resource::<u8>::new_own(0)).is_err());
        let number = resources.insert(7_u8);
        let other = Resource::<u16>::new_borrow(number);
        let error = resources.take(other, "f").map(drop);
        let error = error.expect_err("it is of another type");
        assert_eq!(
            error.to_string(),
            "the application has no resource 0 of that type"
        );
    }
}
