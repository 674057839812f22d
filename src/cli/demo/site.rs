//! The demo's site: four simulated appliances and a bridge that is configured for them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use appliance_sim::{RunningSimulator, SimulatorOptions, Vendor};

use crate::cli::assemble::{self, Running};
use crate::store::Store;

/// An appliance of the demo.
pub(super) struct DemoAppliance {
    pub(super) name: &'static str,
    pub(super) vendor: String,
    pub(super) url: String,
    pub(super) username: String,
    pub(super) password: String,
}

/// Everything that runs.
pub(super) struct Site {
    running: Running,
    simulators: Vec<RunningSimulator>,
    appliances: Vec<DemoAppliance>,
    token: String,
    config_file: PathBuf,
    /// Removed when the demo ends, unless the user chose the folder.
    temporary: Option<PathBuf>,
}

const NAMES: [(&str, Vendor); 4] = [
    ("nas-1", Vendor::TrueNas),
    ("vpn-1", Vendor::FortiAuthenticator),
    ("array-1", Vendor::Nimble),
    ("foreman-1", Vendor::Foreman),
];

impl Site {
    pub(super) async fn start(listen: SocketAddr, data_dir: Option<PathBuf>) -> Result<Self> {
        let temporary = data_dir.is_none();
        let folder = match data_dir {
            Some(folder) => folder,
            None => std::env::temp_dir().join(format!("scim-bridge-demo-{}", uuid::Uuid::now_v7())),
        };
        create_private(&folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        let mut simulators = Vec::new();
        let mut appliances = Vec::new();
        for (name, vendor) in NAMES {
            let simulator = appliance_sim::start(SimulatorOptions::new(vendor))
                .await
                .with_context(|| format!("the simulator of {vendor} cannot start"))?;
            appliances.push(DemoAppliance {
                name,
                vendor: vendor.to_string(),
                url: simulator.url(),
                username: simulator.options().username.clone(),
                password: simulator.options().password.clone(),
            });
            simulators.push(simulator);
        }
        let token = crate::cli::token::generate();
        let config_file = folder.join("scim-bridge.toml");
        write_private(
            &config_file,
            &configuration(listen, &folder, &token, &appliances),
        )?;
        let config = crate::config::load(Some(&config_file), std::iter::empty())?;
        let running = assemble::start(config).await?;
        Ok(Self {
            running,
            simulators,
            appliances,
            token,
            config_file,
            temporary: temporary.then_some(folder),
        })
    }

    pub(super) fn appliances(&self) -> impl Iterator<Item = &DemoAppliance> {
        self.appliances.iter()
    }

    pub(super) fn scim_url(&self) -> String {
        self.running.scim_url()
    }

    pub(super) fn ops_url(&self) -> String {
        self.running.ops_url()
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    pub(super) fn config_file(&self) -> &Path {
        &self.config_file
    }

    pub(super) fn store(&self) -> Arc<dyn Store> {
        self.running.store()
    }

    pub(super) async fn stop(self) {
        self.running.stop().await;
        for simulator in self.simulators {
            simulator.stop().await;
        }
        if let Some(folder) = self.temporary
            && let Err(error) = std::fs::remove_dir_all(&folder)
        {
            tracing::warn!(%error, folder = %folder.display(), "the demo's folder stays behind");
        }
    }
}

/// The configuration that a user would write for this site.
fn configuration(
    listen: SocketAddr,
    folder: &Path,
    token: &str,
    appliances: &[DemoAppliance],
) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let mut text = format!(
        "# Written by `scim-bridge demo`.\n\
         [scim]\nlisten = {}\n\n[ops]\nlisten = \"127.0.0.1:0\"\n\n\
         [store]\npath = {}\n\n[log]\nfilter = \"warn\"\n\n\
         [[directory.default.token]]\nname = \"demo\"\nsha256 = {}\n",
        quoted(&listen.to_string()),
        quoted(&folder.join("scim-bridge.db").display().to_string()),
        quoted(&crate::cli::token::digest_hex(token)),
    );
    for appliance in appliances {
        let groups = if appliance.vendor == "nimble" {
            "none"
        } else {
            "all"
        };
        text.push_str(&format!(
            "\n[[appliance]]\nname = {}\nvendor = {}\nurl = {}\nusername = {}\npassword = {}\n\
             users = \"all\"\ngroups = {}\n",
            quoted(appliance.name),
            quoted(&appliance.vendor),
            quoted(&appliance.url),
            quoted(&appliance.username),
            quoted(&appliance.password),
            quoted(groups),
        ));
        if appliance.vendor == "nimble" {
            text.push_str(
                "[appliance.user.fields.role]\nchoose = [\n  \
                 { group = \"storage-admins\", value = \"administrator\" },\n  \
                 { group = \"storage-operators\", value = \"operator\" },\n]\ndefault = \"guest\"\n",
            );
        }
    }
    text
}

fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .with_context(|| format!("{} cannot be written", path.display()))
}
