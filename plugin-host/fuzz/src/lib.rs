//! What the fuzz targets share: a mutator for components, and a model of
//! plugins that sequences of calls are held against.

mod application;
mod call;
mod checks;
mod model;
mod seat;
mod sections;

pub use application::{Mood, Setup};
pub use call::Call;
pub use checks::error;
pub use seat::Seat;
pub use sections::{Mutate, mutate, splice};
