//! The dialects that there are: compiled in, and from a directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};

use super::file::{Dialect, parse};

/// The clients whose dialects are compiled in.
const BUILT_IN: [(&str, &str); 7] = [
    (
        "authentik",
        include_str!("../../../../config/clients/authentik.toml"),
    ),
    (
        "entra",
        include_str!("../../../../config/clients/entra.toml"),
    ),
    (
        "google",
        include_str!("../../../../config/clients/google.toml"),
    ),
    (
        "jumpcloud",
        include_str!("../../../../config/clients/jumpcloud.toml"),
    ),
    ("okta", include_str!("../../../../config/clients/okta.toml")),
    (
        "onelogin",
        include_str!("../../../../config/clients/onelogin.toml"),
    ),
    ("ping", include_str!("../../../../config/clients/ping.toml")),
];

/// The dialect of a client: `<client>.toml` of the directory, if one is given and has it, else the
/// one that is compiled in.
///
/// # Errors
/// The client is not known, or its file cannot be read or is wrong.
pub(super) fn load(client: &str, directory: Option<&Path>) -> Result<Dialect> {
    let files = directory.map(files).transpose()?.unwrap_or_default();
    let (place, text) = if let Some(file) = files.get(client) {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        (file.display().to_string(), text)
    } else if let Some((_, text)) = BUILT_IN.iter().find(|(name, _)| *name == client) {
        (
            format!("the built-in dialect of {client}"),
            (*text).to_owned(),
        )
    } else {
        let mut known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        known.extend(files.keys().map(String::as_str));
        known.sort_unstable();
        known.dedup();
        bail!(
            "no client is called {client:?}; there are {}",
            known.join(", ")
        );
    };
    let dialect = parse(&text).map_err(|problem| anyhow!("{place}: {problem}"))?;
    if dialect.client != client {
        bail!(
            "{place} is the dialect of {:?}; correct `client` or the file's name",
            dialect.client
        );
    }
    Ok(dialect)
}

fn files(directory: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let refused = || format!("the dialects in {} cannot be listed", directory.display());
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(directory).with_context(refused)? {
        let path = entry.with_context(refused)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
            && let Some(client) = path.file_stem().and_then(|stem| stem.to_str())
        {
            files.insert(client.to_owned(), path.clone());
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::super::file::Method;
    use super::{BUILT_IN, load};

    #[test]
    fn every_built_in_dialect_loads_and_plays_the_whole_repertoire() {
        for (client, _) in BUILT_IN {
            let dialect = load(client, None).unwrap();
            let steps: Vec<_> = dialect.parts.iter().flat_map(|part| &part.steps).collect();
            assert!(steps[0].essential, "{client}: the connection test");
            for method in [Method::Get, Method::Post, Method::Delete] {
                assert!(steps.iter().any(|step| step.method == method), "{client}");
            }
            assert!(
                steps.iter().all(|step| !step.hint.is_empty()),
                "{client}: every step tells the operator why it matters"
            );
        }
    }

    #[test]
    fn a_directory_adds_and_overrides() {
        let folder = tempfile::tempdir().unwrap();
        let own = |client: &str| {
            format!(
                "client = '{client}'\ntitle = 'ours'\n[[part]]\nname = 'p'\n[[part.step]]\n\
                 name = 's'\nmethod = 'GET'\npath = '/Users'\nexpect.status = [200]\n"
            )
        };
        for client in ["okta", "acme"] {
            std::fs::write(folder.path().join(format!("{client}.toml")), own(client)).unwrap();
            let dialect = load(client, Some(folder.path())).unwrap();
            assert_eq!(dialect.title, "ours");
        }
        assert_ne!(load("ping", Some(folder.path())).unwrap().title, "ours");
        let error = load("okto", Some(folder.path())).unwrap_err().to_string();
        assert!(error.contains("acme, authentik"), "{error}");
        std::fs::write(folder.path().join("wrong.toml"), own("okta")).unwrap();
        assert!(load("wrong", Some(folder.path())).is_err());
    }
}
