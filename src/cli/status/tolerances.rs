//! Which deviations clients needed, as the running daemon counts them.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::redirect;

use crate::cli::assemble::install_tls_provider;

/// The daemon is on this machine, and answers from memory.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The counter in the daemon's metrics.
const COUNTER: &str = "scim_bridge_scim_tolerances_total{directory=\"";

/// What the daemon says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ToleranceCounts {
    /// How often each was needed since the daemon started, by directory and name.
    Known(BTreeMap<(String, String), u64>),
    /// Nobody could be asked, and why.
    Unknown(String),
}

/// Asks the daemon that listens for operators at this address.
pub(super) async fn read(listen: SocketAddr) -> ToleranceCounts {
    if listen.port() == 0 {
        return ToleranceCounts::Unknown("ops.listen names no port".to_owned());
    }
    let url = format!("http://{}/metrics", reachable(listen));
    install_tls_provider();
    match fetch(&url).await {
        Ok(page) => ToleranceCounts::Known(counts(&page)),
        Err(_) => ToleranceCounts::Unknown(format!("no daemon answers at {url}")),
    }
}

async fn fetch(url: &str) -> Result<String, reqwest::Error> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()?;
    client
        .get(url)
        .send()
        .await?
        .error_for_status()?
        .text()
        .await
}

/// A daemon that listens everywhere is asked on this machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        address => address,
    };
    SocketAddr::new(address, listen.port())
}

/// The counts on a page of metrics.
fn counts(page: &str) -> BTreeMap<(String, String), u64> {
    let read = |line: &str| {
        let (labels, count) = line.strip_prefix(COUNTER)?.split_once("\"} ")?;
        let (directory, name) = labels.split_once("\",tolerance=\"")?;
        let key = (directory.to_owned(), name.to_owned());
        Some((key, count.trim().parse().ok()?))
    };
    page.lines().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{ToleranceCounts, counts, read};
    use crate::telemetry::Metrics;

    #[test]
    fn the_daemons_own_page_is_understood() {
        let metrics = Metrics::new();
        metrics.tolerated("default", "dotted_key", 2);
        metrics.tolerated("partners", "pathless_patch", 7);
        let page = metrics.page().unwrap();
        let expected = [
            ("default", "dotted_key", 2),
            ("partners", "pathless_patch", 7),
        ];
        let expected = expected
            .map(|(directory, name, count)| ((directory.to_owned(), name.to_owned()), count));
        assert_eq!(counts(&page), BTreeMap::from(expected));
    }

    #[tokio::test]
    async fn without_a_daemon_it_says_so() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let said = read(address).await;
        assert!(matches!(said, ToleranceCounts::Unknown(_)), "{said:?}");
    }
}
