//! What input made to hurt does, each in a process of its own: some of it ends the process.

use std::io;
use std::process::{Command, ExitCode, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::peers::{PEERS, Peer};

/// How long a parser may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(10);

const ATTACKS: [(&str, fn() -> String); 4] = [
    ("30 parentheses", || {
        format!("{}a pr{}", "(".repeat(30), ")".repeat(30))
    }),
    ("10,000 parentheses", || {
        format!("{}a pr{}", "(".repeat(10_000), ")".repeat(10_000))
    }),
    ("100,000 open parentheses", || "(".repeat(100_000)),
    ("100,000 terms", || vec!["a pr"; 100_000].join(" and ")),
];

/// Prints a table of what became of each process.
pub fn print() -> io::Result<()> {
    println!("| input | {} |", PEERS.map(|peer| peer.name).join(" | "));
    println!("| --- |{}", " --- |".repeat(PEERS.len()));
    for (attack, (name, _)) in ATTACKS.iter().enumerate() {
        let outcomes: Vec<_> = (0..PEERS.len())
            .map(|peer| outcome(attack, peer))
            .collect::<io::Result<_>>()?;
        println!("| {name} | {} |", outcomes.join(" | "));
    }
    Ok(())
}

/// In the child: lets one parser read one attack.
pub fn suffer(attack: usize, peer: usize) -> ExitCode {
    let (Some((_, make)), Some(Peer { accepts, .. })) = (ATTACKS.get(attack), PEERS.get(peer))
    else {
        return ExitCode::from(3);
    };
    let input = make();
    let start = Instant::now();
    let accepted = accepts(&input);
    print!(
        "{} in {:.1} ms",
        if accepted { "taken" } else { "refused" },
        start.elapsed().as_secs_f64() * 1e3
    );
    ExitCode::SUCCESS
}

fn outcome(attack: usize, peer: usize) -> io::Result<String> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["--suffer", &attack.to_string(), &peer.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(format!("**no answer in {} s**", PATIENCE.as_secs()));
        }
        sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Ok("**ends the process**".to_owned())
    }
}
