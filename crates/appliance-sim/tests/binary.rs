//! The command line.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
};

fn simulator() -> Command {
    Command::new(env!("CARGO_BIN_EXE_appliance-sim"))
}

#[test]
fn it_prints_where_it_is_and_serves_until_it_is_stopped() {
    let mut child = simulator()
        .args([
            "--vendor",
            "nimble",
            "--release",
            "5.2",
            "--listen",
            "127.0.0.1:0",
        ])
        .args(["--username", "admin", "--password", "password-91"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let (_, address) = line.trim().rsplit_once("http://").unwrap();
    assert!(!line.contains("password-91"), "{line}");

    let body = r#"{"data":{"username":"admin","password":"password-91"}}"#;
    let mut connection = TcpStream::connect(address).unwrap();
    write!(
        connection,
        "POST /v1/tokens HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(answer.contains("session_token"), "{answer}");
}

#[test]
fn its_help_lists_every_release() {
    let output = simulator().arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for vendor in appliance_sim::Vendor::ALL {
        for release in vendor.releases() {
            assert!(help.contains(release), "{vendor} {release}: {help}");
        }
    }
}

#[test]
fn it_names_what_it_cannot_do() {
    for (arguments, expected) in [
        (["--vendor", "netapp", "--release", "9"], "nimble"),
        (["--vendor", "nimble", "--release", "3.1"], "5.2"),
    ] {
        let output = simulator().args(arguments).output().unwrap();
        assert!(!output.status.success());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            error.contains(arguments[1]) || error.contains(arguments[3]),
            "{error}"
        );
        assert!(error.contains(expected), "{error}");
    }
}
