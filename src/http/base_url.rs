//! The URL under which a client sees the endpoint.

use actix_web::HttpRequest;
use actix_web::http::uri::Authority;

use super::settings::ScimSettings;

const FORWARDED_PROTO: &str = "x-forwarded-proto";
const FORWARDED_HOST: &str = "x-forwarded-host";

/// The configured URL, else what the request says of itself. What a proxy says counts only where
/// the configuration says that there is one: anybody else could write the same.
/// `path` is that of the directory.
pub(super) fn base_url(request: &HttpRequest, settings: &ScimSettings, path: &str) -> String {
    if let Some(url) = &settings.public_url {
        return format!("{}{path}", url.as_str().trim_end_matches('/'));
    }
    let forwarded = |name| {
        settings
            .behind_proxy
            .then(|| first_value(request, name))
            .flatten()
    };
    let scheme = forwarded(FORWARDED_PROTO)
        .filter(|scheme| matches!(*scheme, "http" | "https"))
        .unwrap_or(if request.app_config().secure() {
            "https"
        } else {
            "http"
        });
    let host = forwarded(FORWARDED_HOST)
        .and_then(authority)
        .or_else(|| first_value(request, "host").and_then(authority))
        .unwrap_or_else(|| request.app_config().host().to_owned());
    format!("{scheme}://{host}{path}")
}

/// The first of several values: the one that the proxy nearest to the client wrote.
fn first_value<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let value = request.headers().get(name)?.to_str().ok()?;
    value.split(',').next().map(str::trim)
}

/// Host and port; nothing that could carry more into a URL.
fn authority(value: &str) -> Option<String> {
    let authority: Authority = value.parse().ok()?;
    let plain = !authority.as_str().contains('@') && !authority.host().is_empty();
    plain.then(|| authority.to_string())
}

#[cfg(test)]
mod tests {
    use actix_web::HttpRequest;
    use actix_web::test::TestRequest;

    use super::base_url;
    use crate::http::testing::settings;

    fn request() -> HttpRequest {
        TestRequest::get()
            .insert_header(("Host", "bridge.example:8443"))
            .insert_header(("X-Forwarded-Proto", "https"))
            .insert_header(("X-Forwarded-Host", "scim.corp.example, inner"))
            .to_http_request()
    }

    #[test]
    fn forwarded_headers_count_only_behind_a_declared_proxy() {
        let mut settings = settings();
        assert_eq!(
            base_url(&request(), &settings, "/scim/v2"),
            "http://bridge.example:8443/scim/v2"
        );
        settings.behind_proxy = true;
        assert_eq!(
            base_url(&request(), &settings, "/scim/v2"),
            "https://scim.corp.example/scim/v2"
        );
    }

    #[test]
    fn the_configured_url_beats_the_request() {
        let mut settings = settings();
        settings.public_url = Some("https://id.corp.example/bridge/".parse().unwrap());
        assert_eq!(
            base_url(&request(), &settings, "/scim/v2"),
            "https://id.corp.example/bridge/scim/v2"
        );
    }

    #[test]
    fn a_host_that_is_none_is_not_echoed() {
        let request = TestRequest::get()
            .insert_header(("Host", "evil\"/><script>"))
            .to_http_request();
        assert!(!base_url(&request, &settings(), "/scim/v2").contains("script"));
    }
}
