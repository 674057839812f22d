//! The APIs that a product speaks by turns.

use super::Kind::{Part, Table, Text};
use super::calls::REQUEST;
use super::profile::{PATTERN, PROFILE};
use super::vocabulary;

vocabulary! { VARIANT = "variant", "One of the APIs that a product speaks by turns." {
    "name" (required): Text, "By this an appliance can pin it.";
    "probe": Table(&VARIANT_PROBE), "What is asked without credentials, and what the answer is like where it is spoken.";
    "from": Text, "From this release on, such as \"24.10\".";
    "before": Text, "Before this release.";
    "with": Part(&PROFILE), "What differs from the rest of the profile: rows are merged, lists replaced.";
} }

vocabulary! { VARIANT_PROBE = "variant_probe" with REQUEST, "A request over plain HTTP, and what its answer is like where the variant is spoken." {
    "answer" (required): Table(&PATTERN), "What the answer is like.";
} }
