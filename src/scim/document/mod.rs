//! Writing into a canonical document: whichever dialect a client speaks, its words end here as
//! targets with normalised values.

mod elements;
mod fields;
mod list;
mod normalise;
mod spread;
mod target;
mod write;

pub(crate) use normalise::{Normaliser, json_type};
pub(crate) use spread::spread;
pub(crate) use target::{Resolved, Target, Verb, is_qualified, resolve};
pub(crate) use write::{conclude, remove, write};
