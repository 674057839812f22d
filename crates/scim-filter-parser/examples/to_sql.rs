//! Turns a filter into the condition of a SQL query with parameters, for a table with one column an
//! attribute. What the columns cannot answer is refused, for the caller to answer otherwise.
//!
//! `cargo run --example to_sql -- 'userName sw "j" and (active eq true or title pr)'`

use std::process::ExitCode;

use scim_filter_parser::{AttributePath, Comparison, Filter, Literal, parse_filter};

/// Attributes by their names in lower case, and the columns that hold them.
const COLUMNS: [(&str, &str); 4] = [
    ("username", "user_name"),
    ("active", "active"),
    ("title", "title"),
    ("externalid", "external_id"),
];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut parameters = Vec::new();
    let condition = parse_filter(&words.join(" "))
        .map_err(|error| error.to_string())
        .and_then(|filter| condition(&filter, &mut parameters));
    match condition {
        Ok(condition) => {
            println!("SELECT * FROM users WHERE {condition}");
            for (index, parameter) in parameters.iter().enumerate() {
                println!("?{} = {parameter}", index + 1);
            }
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn condition(filter: &Filter, parameters: &mut Vec<Literal>) -> Result<String, String> {
    match filter {
        Filter::And(operands) => joined(operands, " AND ", parameters),
        Filter::Or(operands) => joined(operands, " OR ", parameters),
        // An absent value makes a comparison unknown in SQL and false in SCIM.
        Filter::Not(inner) => Ok(format!(
            "NOT COALESCE({}, FALSE)",
            condition(inner, parameters)?
        )),
        Filter::Present(path) => Ok(format!("{} IS NOT NULL", column(path)?)),
        Filter::Compare {
            path,
            comparison,
            value,
        } => comparison_with(column(path)?, *comparison, value, parameters),
        Filter::Element { elements, .. } => Err(format!("{elements}: no column holds elements")),
    }
}

fn joined(
    operands: &[Filter],
    word: &str,
    parameters: &mut Vec<Literal>,
) -> Result<String, String> {
    let operands: Result<Vec<String>, String> = operands
        .iter()
        .map(|operand| condition(operand, parameters))
        .collect();
    Ok(format!("({})", operands?.join(word)))
}

/// No value ever enters the text of the query.
fn comparison_with(
    column: &str,
    comparison: Comparison,
    value: &Literal,
    parameters: &mut Vec<Literal>,
) -> Result<String, String> {
    let parameter = format!("?{}", parameters.len() + 1);
    let condition = match (comparison, value) {
        (Comparison::Equal, Literal::Null) => return Ok(format!("{column} IS NULL")),
        (Comparison::NotEqual, Literal::Null) => return Ok(format!("{column} IS NOT NULL")),
        (Comparison::Equal, _) => format!("{column} = {parameter}"),
        (Comparison::NotEqual, _) => format!("{column} IS DISTINCT FROM {parameter}"),
        (Comparison::StartsWith, Literal::String(_)) => {
            format!("SUBSTR({column}, 1, LENGTH({parameter})) = {parameter}")
        }
        (Comparison::Contains, Literal::String(_)) => format!("INSTR({column}, {parameter}) > 0"),
        _ => return Err(format!("{column} {comparison} {value}: not as a query")),
    };
    parameters.push(value.clone());
    Ok(condition)
}

fn column(path: &AttributePath) -> Result<&'static str, String> {
    let name = path.to_string().to_lowercase();
    COLUMNS
        .iter()
        .find(|(attribute, _)| *attribute == name)
        .map(|(_, column)| *column)
        .ok_or_else(|| format!("{path}: no column holds it"))
}
