//! Says how a filter is read, or points at what is wrong with it.
//!
//! `cargo run --example explain -- 'emails[type eq "work"] and not (title pr)'`

use std::process::ExitCode;

use scim_filter_parser::{Filter, ParseError, parse_filter};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let input = words.join(" ");
    match parse_filter(&input) {
        Ok(filter) => {
            explain(&filter, 0);
            ExitCode::SUCCESS
        }
        Err(error) => {
            point(&input, &error);
            ExitCode::FAILURE
        }
    }
}

/// One line for each node, what it holds below it.
fn explain(filter: &Filter, depth: usize) {
    let (line, inside): (String, &[Filter]) = match filter {
        Filter::And(operands) => ("all of".to_owned(), operands),
        Filter::Or(operands) => ("any of".to_owned(), operands),
        Filter::Not(inner) => ("not".to_owned(), std::slice::from_ref(inner.as_ref())),
        Filter::Element {
            elements,
            condition: None,
        } => (
            format!("an element of {} with", elements.attribute),
            std::slice::from_ref(elements.filter.as_ref()),
        ),
        other => (other.to_string(), &[]),
    };
    println!("{:width$}{line}", "", width = depth * 2);
    for operand in inside {
        explain(operand, depth + 1);
    }
}

/// The input with a mark below the place that is wrong.
fn point(input: &str, error: &ParseError) {
    let before = input
        .get(..error.offset)
        .unwrap_or_default()
        .chars()
        .count();
    eprintln!("{input}\n{:before$}^\n{error}", "");
}
