/// The release that was asked for is none that this vendor's simulator imitates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{vendor} has no simulated release '{asked}'; choose one of: {}", known.join(", "))]
pub struct UnknownRelease {
    /// The vendor's name.
    pub vendor: &'static str,
    /// What was asked for.
    pub asked: String,
    /// What there is, the default first.
    pub known: &'static [&'static str],
}
