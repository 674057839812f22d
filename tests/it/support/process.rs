//! The bridge as a process of its own, so that it can be killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// A running `scim-bridge serve`.
pub struct Process {
    child: Child,
    /// Its SCIM base URL.
    pub scim_url: String,
    log: Arc<Mutex<String>>,
}

impl Process {
    /// Starts `serve` with a configuration, and reads from its log where it listens.
    pub fn start(config: &Path) -> Self {
        Self::start_logging(config, "scim_bridge=info")
    }

    /// The same, with a log filter of the test's own.
    pub fn start_logging(config: &Path, filter: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_scim-bridge"))
            .args(["serve", "--config"])
            .arg(config)
            .env("SCIM_BRIDGE_LOG__FILTER", filter)
            .env("SCIM_BRIDGE_LOG__FORMAT", "json")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap())
            .find_map(|event| event["scim"].as_str().map(str::to_owned))
            .unwrap();
        // The pipe has to be emptied, or the daemon would stop when it is full.
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                kept.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        Self {
            log,
            child,
            scim_url: format!("http://{address}/scim/v2"),
        }
    }

    /// What it has logged since it listens.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Kills it without any warning (SIGKILL).
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
