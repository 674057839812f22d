//! Where a request goes: below the configured origin, to exactly the path that was rendered.

use url::form_urlencoded::byte_serialize;
use url::{Host, Url};

use crate::appliance::ConnectError;
use crate::appliance::lost::Lost;
use crate::vendor::RenderedRequest;

/// The origin of a configured URL; anything that would send credentials elsewhere or in the clear
/// is refused.
pub(in crate::appliance) fn origin(appliance: &str, url: &Url) -> Result<Url, ConnectError> {
    let name = || appliance.to_owned();
    if !matches!(url.scheme(), "https" | "http") {
        return Err(ConnectError::Scheme {
            appliance: name(),
            scheme: url.scheme().to_owned(),
        });
    }
    let superfluous = |part, remedy| {
        Err(ConnectError::UrlParts {
            appliance: name(),
            part,
            remedy,
        })
    };
    if !url.username().is_empty() || url.password().is_some() {
        return superfluous("credentials", "and give them in the appliance's own keys");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return superfluous("a query or a fragment", "which have no meaning here");
    }
    if !matches!(url.path(), "" | "/") {
        return superfluous(
            "a path",
            "because the API's path is given by `base_path` of the vendor profile",
        );
    }
    if url.scheme() == "http" && !is_loopback(url) {
        return Err(ConnectError::PlainHttp {
            appliance: name(),
            host: url.host_str().unwrap_or_default().to_owned(),
        });
    }
    Ok(url.clone())
}

/// Names other than `localhost` are not looked up: an answer of the name service proves nothing.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// The full address of a request.
///
/// A path that URL syntax would rewrite (dot segments, also `%2e%2e`; backslashes; `?` and `#`) is
/// not sent: it would address another object than the one that was meant.
pub(super) fn join(origin: &Url, request: &RenderedRequest) -> Result<Url, Lost> {
    let mut url = origin.clone();
    url.set_path(&request.path);
    if !request.path.starts_with('/') || url.path() != request.path {
        return Err(Lost::Unsendable(
            "its path does not address one object: a value in it is empty, a dot segment or not encoded"
                .to_owned(),
        ));
    }
    url.set_query(query(&request.query).as_deref());
    Ok(url)
}

/// Blanks become `%20`, which every server reads; `+` is a blank only in forms.
fn query(parameters: &[(String, String)]) -> Option<String> {
    if parameters.is_empty() {
        return None;
    }
    let pairs: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    Some(pairs.join("&"))
}

fn encode(text: &str) -> String {
    // A literal plus is `%2B` by now, so that every plus stands for a blank.
    byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::{join, origin};
    use crate::appliance::ConnectError;
    use crate::vendor::{Operation, RenderedRequest};
    use url::Url;

    fn request(path: &str, query: &[(&str, &str)]) -> RenderedRequest {
        RenderedRequest {
            operation: Operation::Find,
            call: None,
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            headers: Vec::new(),
            body: None,
            secret_fields: Vec::new(),
        }
    }

    fn check(url: &str) -> Result<Url, ConnectError> {
        origin("nas-1", &Url::parse(url).unwrap())
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for url in [
            "http://127.0.0.1:81",
            "http://[::1]:81",
            "http://LocalHost",
            "https://nas",
        ] {
            assert!(check(url).is_ok(), "{url}");
        }
        for url in [
            "http://10.0.0.5",
            "http://localhost.example",
            "http://127.0.0.1.nip.io",
            "http://[::2]",
        ] {
            let error = check(url).unwrap_err();
            assert!(matches!(error, ConnectError::PlainHttp { .. }), "{url}");
            assert!(error.to_string().contains("nas-1") && error.to_string().contains("https://"));
        }
    }

    #[test]
    fn a_url_says_scheme_host_and_port_only() {
        for url in [
            "https://nas/api",
            "https://nas/?a=b",
            "https://nas/#x",
            "ftp://nas",
        ] {
            assert!(check(url).is_err(), "{url}");
        }
        let message = check("https://bridge:hunter22@nas")
            .unwrap_err()
            .to_string();
        assert!(message.contains("credentials"));
        assert!(!message.contains("hunter22"));
    }

    #[test]
    fn a_path_that_would_be_rewritten_is_not_sent() {
        let origin = Url::parse("https://nas:8443").unwrap();
        for path in [
            "/users/..",
            "/users/./x",
            "/users/%2e%2E/groups",
            "/users/a\\b",
            "/users/a?b",
            "/users/a#b",
            "users/1",
            "",
            "//elsewhere/../x",
            "/users/a b",
        ] {
            assert!(join(&origin, &request(path, &[])).is_err(), "{path}");
        }
        let url = join(&origin, &request("//elsewhere.example/x", &[])).unwrap();
        assert_eq!(url.host_str(), Some("nas"));
        let url = join(&origin, &request("/users/a%2Fb", &[])).unwrap();
        assert_eq!(url.as_str(), "https://nas:8443/users/a%2Fb");
    }

    #[test]
    fn query_values_cannot_leave_their_place() {
        let origin = Url::parse("https://nas").unwrap();
        let url = join(&origin, &request("/u", &[("search", "a b&c=d+e#é")])).unwrap();
        assert_eq!(
            url.as_str(),
            "https://nas/u?search=a%20b%26c%3Dd%2Be%23%C3%A9"
        );
    }
}
