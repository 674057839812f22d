//! From text to tokens.

use std::iter::Peekable;
use std::str::Chars;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    Comma,
    And,
    Or,
    Not,
    Operator(String),
    Text { text: String, quoted: bool },
}

/// What ends a bare word. An exclamation mark does not, so that `login!="x"` asks for a field
/// called `login!`.
const ENDS_WORD: &str = "=<>~^(),&|\"";

pub(super) fn tokens(search: &str) -> Vec<Token> {
    let mut letters = search.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(letter) = letters.next() {
        let token = match letter {
            letter if letter.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '&' => doubled(&mut letters, '&', Token::And),
            '|' => doubled(&mut letters, '|', Token::Or),
            '"' => quoted(&mut letters),
            '=' | '<' | '>' | '~' | '^' => operator(letter, &mut letters),
            '!' => match letters.peek() {
                Some('=' | '~' | '^') => operator(letter, &mut letters),
                _ => Token::Not,
            },
            letter => word(letter, &mut letters),
        };
        tokens.push(token);
    }
    tokens
}

fn doubled(letters: &mut Peekable<Chars<'_>>, letter: char, token: Token) -> Token {
    letters.next_if_eq(&letter);
    token
}

/// A quoted text; without its end it goes on to the end of the search.
fn quoted(letters: &mut Peekable<Chars<'_>>) -> Token {
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => text.extend(letters.next()),
            letter => text.push(letter),
        }
    }
    Token::Text { text, quoted: true }
}

fn operator(first: char, letters: &mut Peekable<Chars<'_>>) -> Token {
    let mut sign = String::from(first);
    let second = match first {
        '<' => letters.next_if(|letter| matches!(letter, '=' | '>')),
        '>' | '=' => letters.next_if_eq(&'='),
        '!' => letters.next(),
        _ => None,
    };
    sign.extend(second);
    Token::Operator(sign)
}

fn word(first: char, letters: &mut Peekable<Chars<'_>>) -> Token {
    let mut text = String::from(first);
    while let Some(letter) =
        letters.next_if(|letter| !letter.is_whitespace() && !ENDS_WORD.contains(*letter))
    {
        text.push(letter);
    }
    match text.to_ascii_lowercase().as_str() {
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        _ => Token::Text {
            text,
            quoted: false,
        },
    }
}
