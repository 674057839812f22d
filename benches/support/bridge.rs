//! The bridge itself, as `serve` starts it, without appliances.

use std::net::SocketAddr;
use std::sync::mpsc;

use scim_bridge::cli::{assemble, token};
use scim_bridge::scim::fold;
use scim_bridge::store::{CreateResource, IndexKeys, Targets, WriteContext};

use super::people::{TOKEN, document, user_id, user_name};

/// A running bridge; stops when dropped.
pub struct Server {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

impl Server {
    /// Starts a bridge whose directory already has that many users.
    pub fn start(users: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("scim-bridge.toml");
        let text = format!(
            "[scim]\nlisten = \"127.0.0.1:0\"\n[ops]\nlisten = \"127.0.0.1:0\"\n[store]\npath = \"bench.db\"\n\
             [log]\nfilter = \"warn\"\n[[directory.default.token]]\nname = \"bench\"\nsha256 = \"{}\"\n",
            token::digest_hex(TOKEN)
        );
        std::fs::write(&file, text).expect("a configuration");
        let (ready, started) = mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async move {
                let config = scim_bridge::config::load(Some(&file), std::iter::empty())
                    .expect("the configuration");
                let running = assemble::start(config).await.expect("a bridge");
                fill(&running, users).await;
                let url: url::Url = running.scim_url().parse().expect("a URL");
                let address = url.socket_addrs(|| None).expect("an address")[0];
                ready.send(address).expect("the starter");
                stopped.await.ok();
                running.stop().await;
            });
        });
        Self {
            address: started.recv().expect("a started bridge"),
            stop: Some(stop),
            thread: Some(thread),
            _folder: folder,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Users as the directory service would have stored them.
async fn fill(running: &assemble::Running, users: usize) {
    let store = running.store();
    for batch in (0..users as u64).collect::<Vec<_>>().chunks(256) {
        let mut writes = tokio::task::JoinSet::new();
        for &number in batch {
            let store = std::sync::Arc::clone(&store);
            writes.spawn(async move { store.create_resource(create(number)).await });
        }
        while let Some(written) = writes.join_next().await {
            written.expect("a task").expect("a row");
        }
    }
}

fn create(number: u64) -> CreateResource {
    let id = user_id(number);
    let mut document: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(&document(number)).expect("a document");
    document.remove("meta");
    document.remove("roles");
    document.insert("id".into(), id.clone().into());
    CreateResource {
        context: WriteContext {
            request_id: "bench".into(),
            actor: "bench".into(),
            now_ms: 0,
        },
        directory: "default".into(),
        kind: scim_bridge::scim::ResourceKind::User,
        id,
        document: serde_json::to_string(&document).expect("a document"),
        keys: IndexKeys {
            name: Some(fold(&user_name(number))),
            emails: vec![fold(&user_name(number))],
            external_id: Some(format!("00000000-0000-4000-8000-{number:012}")),
            ..IndexKeys::default()
        },
        members: Vec::new(),
        password: None,
        targets: Targets::default(),
        match_parked_by_name: false,
    }
}
