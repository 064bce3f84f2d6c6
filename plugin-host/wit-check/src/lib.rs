#![doc = include_str!("../docs/evolving.md")]

mod bump;
mod change;
mod compare;
mod findings;
mod functions;
mod interfaces;
mod matcher;
mod member;
mod report;
mod rule;
mod severity;
mod side;
mod type_text;
mod types;
mod view;
mod wit;
mod wit_error;
mod worlds;

pub use bump::Bump;
pub use change::Change;
pub use compare::compare;
pub use report::Report;
pub use severity::Severity;
pub use side::Side;
pub use wit::Wit;
pub use wit_error::WitError;
