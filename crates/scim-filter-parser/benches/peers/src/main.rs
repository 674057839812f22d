//! `scim-filter-parser` beside the published crates that read SCIM filters.
//!
//! `cargo bench --manifest-path crates/scim-filter-parser/benches/peers/Cargo.toml` prints three
//! tables in Markdown: what each parser gets right, what hostile input does to it, how fast it is.

mod hostile;
mod peers;
mod speed;
mod table;
mod tree;

use std::error::Error;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, attack, peer] = arguments.as_slice()
        && flag == "--suffer"
    {
        return Ok(hostile::suffer(attack.parse()?, peer.parse()?));
    }
    println!("## Right\n");
    table::print()?;
    println!("\n## Hostile input\n");
    hostile::print()?;
    println!("\n## Speed\n");
    speed::print();
    Ok(ExitCode::SUCCESS)
}
