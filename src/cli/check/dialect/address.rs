//! Where the server is, and whether a token may be sent there.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use anyhow::{Context as _, Result, bail};
use url::{Host, Url};

use crate::http::ScimSettings;

/// The path of the bridge's endpoint.
const ENDPOINT: &str = "/scim/v2";

/// The base URL as it was given, checked.
///
/// # Errors
/// It is no base URL of a SCIM server.
pub(super) fn given(text: &str) -> Result<Url> {
    let url = Url::parse(text)
        .with_context(|| format!("--url {text:?} is no URL; write https://host/scim/v2"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        bail!("--url {text:?} is no web address; write https://host/scim/v2");
    }
    if !url.username().is_empty() || url.password().is_some() {
        bail!("--url carries credentials; put the token into --token-file");
    }
    if url.query().is_some() || url.fragment().is_some() {
        bail!("--url {text:?} has a query or a fragment; leave it out, dialects bring their own");
    }
    Ok(url)
}

/// The base URL of the bridge that a configuration describes.
///
/// # Errors
/// The configuration leaves the port open.
pub(super) fn configured(settings: &ScimSettings) -> Result<Url> {
    if let Some(url) = &settings.public_url {
        return given(&format!("{}{ENDPOINT}", url.as_str().trim_end_matches('/')));
    }
    let mut address = settings.listen;
    if address.port() == 0 {
        bail!("`scim.listen` leaves the port open, so that nobody knows it; say --url");
    }
    // Who listens everywhere listens on loopback, too.
    address.set_ip(match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    });
    let scheme = if settings.tls.is_some() {
        "https"
    } else {
        "http"
    };
    given(&format!("{scheme}://{address}{ENDPOINT}"))
}

/// Refuses to send a token where others could read it.
///
/// # Errors
/// The URL is plain HTTP to another machine, and that was not allowed.
pub(super) fn guard(url: &Url, allow_plain_http: bool) -> Result<()> {
    if url.scheme() == "https" || allow_plain_http || is_loopback(url) {
        return Ok(());
    }
    bail!(
        "{url} is plain HTTP to another machine, and the token could be read on its way; use \
         https, or say --allow-plain-http in a network that you trust"
    )
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{configured, given, guard};
    use crate::config::load;

    fn from_configuration(scim: &str) -> anyhow::Result<String> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("scim-bridge.toml");
        let token = "[[directory.default.token]]\nname = \"okta\"\n\
            sha256 = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\n";
        std::fs::write(&file, format!("[scim]\n{scim}\n{token}"))?;
        let config = load(Some(&file), std::iter::empty())?;
        Ok(configured(&config.scim)?.into())
    }

    #[test]
    fn the_configuration_says_where_the_bridge_is() {
        let url = |scim: &str| from_configuration(scim).unwrap();
        assert_eq!(
            url("listen = \"127.0.0.1:8123\""),
            "http://127.0.0.1:8123/scim/v2"
        );
        let everywhere = "listen = \"0.0.0.0:8123\"\nbehind_proxy = true";
        assert_eq!(url(everywhere), "http://127.0.0.1:8123/scim/v2");
        let public = format!("{everywhere}\npublic_url = \"https://id.corp.example/x/\"");
        assert_eq!(url(&public), "https://id.corp.example/x/scim/v2");
        let error = from_configuration("listen = \"127.0.0.1:0\"").unwrap_err();
        assert!(error.to_string().contains("--url"), "{error}");
    }

    #[test]
    fn a_token_is_not_sent_in_the_clear_to_others() {
        let refused = given("http://scim.corp.example/v2").unwrap();
        let error = guard(&refused, false).unwrap_err().to_string();
        assert!(error.contains("--allow-plain-http"), "{error}");
        guard(&refused, true).unwrap();
        for allowed in [
            "https://a.example",
            "http://localhost:1",
            "http://[::1]:1",
            "http://127.9.9.9",
        ] {
            guard(&given(allowed).unwrap(), false).unwrap();
        }
        // A name that only begins like loopback is somebody else's.
        assert!(guard(&given("http://127.0.0.1.evil.example").unwrap(), false).is_err());
    }

    #[test]
    fn what_is_no_base_url_is_refused() {
        for wrong in [
            "scim.example",
            "ftp://a.example",
            "https://u:p@a.example",
            "https://a.example/?x=1",
        ] {
            assert!(given(wrong).is_err(), "{wrong}");
        }
    }
}
