//! Vendor profiles, pure: load, validate and compile a profile; translate a resource into a
//! vendor's fields; render requests; read answers. No I/O.

mod class;
mod exchange;
mod observed;
mod translated;

pub use class::FailureClass;
pub use exchange::{Answer, Operation, RenderedRequest};
pub use observed::Observed;
pub use translated::{SecretField, Subject, SubjectGroup, Translated, Violation};
