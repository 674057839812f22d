//! From tokens to a tree, with the fields looked up on the way.

use super::token::{Token, tokens};
use super::{Cell, Comparison, Field, Kind, Node};
use crate::foreman::reply::Refusal;

/// Deeper nesting than this finds nothing, so that no search can exhaust the stack.
const DEEPEST: usize = 50;

pub(in crate::foreman) fn parse(search: &str, fields: &[Field]) -> Result<Node, Refusal> {
    let mut parser = Parser {
        tokens: tokens(search),
        next: 0,
        fields,
    };
    let mut nodes = Vec::new();
    while parser.peek().is_some() {
        nodes.push(parser.any(0)?);
        // A closing parenthesis that nothing opened.
        parser.take();
    }
    Ok(one(nodes, Node::All))
}

struct Parser<'a> {
    tokens: Vec<Token>,
    next: usize,
    fields: &'a [Field],
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    fn any(&mut self, depth: usize) -> Result<Node, Refusal> {
        let mut nodes = vec![self.all(depth)?];
        while self.peek() == Some(&Token::Or) {
            self.take();
            nodes.push(self.all(depth)?);
        }
        Ok(one(nodes, Node::Any))
    }

    /// Terms side by side, with or without an `and`.
    fn all(&mut self, depth: usize) -> Result<Node, Refusal> {
        let mut nodes = Vec::new();
        loop {
            match self.peek() {
                None | Some(Token::Or | Token::Close) => break,
                Some(Token::And | Token::Comma) => {
                    self.take();
                }
                Some(_) => nodes.push(self.term(depth)?),
            }
        }
        Ok(one(nodes, Node::All))
    }

    fn term(&mut self, depth: usize) -> Result<Node, Refusal> {
        if depth > DEEPEST {
            self.next = self.tokens.len();
            return Ok(Node::Nothing);
        }
        match self.take() {
            Some(Token::Not) => Ok(Node::Not(Box::new(self.term(depth + 1)?))),
            Some(Token::Open) => {
                let inner = self.any(depth + 1)?;
                if self.peek() == Some(&Token::Close) {
                    self.take();
                }
                Ok(inner)
            }
            Some(Token::Text { text, quoted }) => self.text(text, quoted),
            // An operator without a field takes its value as a bare word.
            Some(Token::Operator(_)) => Ok(self.value().map_or(Node::Nothing, Node::Word)),
            _ => Ok(Node::Nothing),
        }
    }

    fn text(&mut self, text: String, quoted: bool) -> Result<Node, Refusal> {
        if let Some(Token::Operator(sign)) = self.peek().cloned() {
            self.take();
            return self.comparison(&text, &sign);
        }
        match (quoted, text.as_str()) {
            (false, "has" | "set?") => self.has(),
            (false, "null?") => Ok(Node::Not(Box::new(self.has()?))),
            _ => Ok(Node::Word(text)),
        }
    }

    fn has(&mut self) -> Result<Node, Refusal> {
        match self.value() {
            Some(name) => Ok(Node::Has(self.field(&name)?.name)),
            None => Ok(Node::Nothing),
        }
    }

    fn comparison(&mut self, name: &str, sign: &str) -> Result<Node, Refusal> {
        let field = self.field(name)?;
        if sign == "^" || sign == "!^" {
            let values = self.list().into_iter().map(|text| cell(field, text));
            let one_of = Node::OneOf {
                field: field.name,
                values: values.collect::<Result<_, _>>()?,
            };
            return Ok(if sign == "^" {
                one_of
            } else {
                Node::Not(Box::new(one_of))
            });
        }
        let Some(text) = self.value() else {
            return Ok(Node::Nothing);
        };
        let comparison = match sign {
            "!=" | "<>" => Comparison::NotEqual,
            "~" => Comparison::Like,
            "!~" => Comparison::Unlike,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            _ => Comparison::Equal,
        };
        Ok(Node::Compare {
            field: field.name,
            comparison,
            value: cell(field, text)?,
        })
    }

    fn field(&self, name: &str) -> Result<Field, Refusal> {
        let field = self.fields.iter().find(|field| field.name == name).copied();
        field.ok_or_else(|| {
            Refusal::NotSupported(format!("Field '{name}' not recognized for searching!"))
        })
    }

    fn value(&mut self) -> Option<String> {
        match self.peek() {
            Some(Token::Text { text, .. }) => {
                let text = text.clone();
                self.take();
                Some(text)
            }
            _ => None,
        }
    }

    /// `(a, b)`, or one value without parentheses.
    fn list(&mut self) -> Vec<String> {
        if self.peek() != Some(&Token::Open) {
            return self.value().into_iter().collect();
        }
        self.take();
        let mut values = Vec::new();
        loop {
            match self.take() {
                Some(Token::Text { text, .. }) => values.push(text),
                Some(Token::Comma) => {}
                _ => return values,
            }
        }
    }
}

fn cell(field: Field, text: String) -> Result<Cell, Refusal> {
    let invalid = |text: &str| {
        Refusal::NotSupported(format!(
            "Value '{text}' is not valid for field '{}'",
            field.name
        ))
    };
    match field.kind {
        Kind::Text => Ok(Cell::Text(text)),
        Kind::Number => text.parse().map(Cell::Number).map_err(|_| invalid(&text)),
        Kind::Flag => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" => Ok(Cell::Flag(true)),
            "false" | "f" | "no" | "n" | "0" => Ok(Cell::Flag(false)),
            _ => Err(invalid(&text)),
        },
    }
}

fn one(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match (nodes.len(), nodes.pop()) {
        (1, Some(node)) => node,
        (_, Some(last)) => {
            nodes.push(last);
            many(nodes)
        }
        (_, None) => many(nodes),
    }
}
