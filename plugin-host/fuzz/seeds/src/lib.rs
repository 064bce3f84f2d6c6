//! What the fuzz targets start from. A package of its own, so that writing the
//! seeds does not build the engine.

mod guests;

pub use guests::Guest;
