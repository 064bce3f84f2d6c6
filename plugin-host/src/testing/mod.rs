//! What an application tests its handling of plugins with, without any wasm. Runs
//! nothing, and stands for no security: a value made here is of the test's own making.
//!
//! | what is tested | with |
//! |---|---|
//! | code that calls plugins | [`NativePlugin`](crate::NativePlugin): a value that implements the world's traits, in [`Plugins`](crate::Plugins) and [`Pool`](crate::Pool)s |
//! | code that handles failures | [`Error::application`](crate::Error::application), [`Error::adapter`](crate::Error::adapter), [`Turn::new`](crate::Turn::new) and its like |
//! | code that counts or bills | [`Usage::default`](crate::Usage), whose fields are set; [`NativePlugin::usage`](crate::NativePlugin::usage) |
//! | host functions, and the function that makes their state | [`RunningCall`]: a [`Meter`](crate::Meter) and an [`InstanceContext`](crate::InstanceContext) as in a call |
//! | code that finds, grants or locks plugins | [`Discovery`](crate::Discovery) and [`component`] |

mod component;
mod running_call;

pub use component::component;
pub use running_call::RunningCall;
