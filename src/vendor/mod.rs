//! Vendor profiles, pure: load, validate and compile a profile; translate a resource into a
//! vendor's fields; render requests; read answers. No I/O.

mod body;
mod class;
mod collection;
mod exchange;
mod flag;
mod listing;
mod mask;
mod membership;
mod object;
mod observed;
mod pointer;
mod profile;
mod reference;
mod request;
mod revocation;
mod suggest;
mod table;
mod translated;
mod transport;
mod verdict;

pub use class::FailureClass;
pub use collection::Collection;
pub use exchange::{Answer, Operation, RenderedRequest};
pub use listing::Cursor;
pub use mask::mask;
pub use membership::{MemberList, MemberObjects, Membership};
pub use object::{Address, Confirm, Disobeyed, ObjectProfile, StepValues};
pub use observed::Observed;
pub(crate) use profile::override_schemas;
pub use profile::{
    Capabilities, Difference, ObjectCapabilities, Passwords, PinError, Profile, ProfileCheck,
    ProfileError, ProfileErrors, ReleaseNumber, TestFailure, Variant, VariantProbe, profile_schema,
};
pub use request::{RenderError, RequestTemplate, Variables};
pub use revocation::{Holder, Revocation};
pub use translated::{SecretField, Subject, SubjectGroup, Translated, Violation};
pub use transport::{
    Auth, AuthScheme, Login, LoginCredentials, Session, Transport, TransportKind, WhoAmI,
};
pub use verdict::Classified;

use object::scalar_id as object_id;
