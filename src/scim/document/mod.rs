//! Writing into a canonical document: whichever dialect a client speaks, its words end here as
//! targets with normalised values.

mod elements;
mod normalise;
mod spread;
mod target;
mod write;

pub(crate) use normalise::{Normaliser, json_type};
pub(crate) use spread::spread;
pub(crate) use target::{Resolved, Target, resolve};
pub(crate) use write::{Verb, conclude, remove, write};
