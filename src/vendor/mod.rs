//! Vendor profiles, pure: load, validate and compile a profile; translate a resource into a
//! vendor's fields; render requests; read answers. No I/O.

mod class;
mod exchange;
mod mask;
mod membership;
mod object;
mod observed;
mod pointer;
mod profile;
mod request;
mod suggest;
mod table;
mod translated;
mod transport;
mod verdict;

pub use class::FailureClass;
pub use exchange::{Answer, Operation, RenderedRequest};
pub use mask::mask;
pub use membership::{MemberList, MemberObjects, Membership};
pub use object::{Cursor, ObjectProfile};
pub use observed::Observed;
pub(crate) use profile::row_schema;
pub use profile::{
    Capabilities, Difference, ObjectCapabilities, Passwords, Profile, ProfileCheck, ProfileError,
    ProfileErrors, TestFailure, profile_schema,
};
pub use request::{RenderError, RequestTemplate, Variables};
pub use translated::{SecretField, Subject, SubjectGroup, Translated, Violation};
pub use transport::{Auth, AuthScheme, Session, Transport, TransportKind, WhoAmI};
pub use verdict::Classified;

use object::scalar_id as object_id;
