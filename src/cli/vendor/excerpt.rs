//! A line of a file with a mark below the place that is meant.

/// How many characters of a line are shown.
const WIDTH: usize = 96;

/// How many of them stand before the place at least, if there are so many.
const BEFORE: usize = 40;

/// The line and the mark; both counted from one, columns in characters. `None` if the text has no
/// such line.
pub(super) fn excerpt(text: &str, line: usize, column: usize) -> Option<[String; 2]> {
    let characters: Vec<char> = text
        .lines()
        .nth(line.checked_sub(1)?)?
        .chars()
        // A tab has no width to count on, and control characters no business in a terminal.
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect();
    let place = column.checked_sub(1)?.min(characters.len());
    let start = if characters.len() <= WIDTH {
        0
    } else {
        place.saturating_sub(BEFORE).min(characters.len() - WIDTH)
    };
    let shown: String = characters.iter().skip(start).take(WIDTH).collect();
    let (before, after) = (start > 0, start + WIDTH < characters.len());
    Some([
        format!(
            "{}{}{}",
            if before { "…" } else { "" },
            shown.trim_end(),
            if after { "…" } else { "" }
        ),
        format!("{}^", " ".repeat(place - start + usize::from(before))),
    ])
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn the_mark_stands_below_the_place() {
        let [line, mark] = excerpt("a = 1\nkind = \"rset\"\n", 2, 8).unwrap();
        assert_eq!(line, "kind = \"rset\"");
        assert_eq!(mark, "       ^");
        assert_eq!(excerpt("a", 2, 1), None);
    }

    #[test]
    fn of_a_long_line_the_part_around_the_place_is_shown() {
        let text = format!("{}!{}", "ä".repeat(200), "b".repeat(200));
        let [line, mark] = excerpt(&text, 1, 201).unwrap();
        assert!(line.starts_with('…') && line.ends_with('…'), "{line}");
        let place = mark.chars().count() - 1;
        assert_eq!(line.chars().nth(place), Some('!'), "{line}\n{mark}");
        // The end of a line is a place, too.
        let [line, mark] = excerpt("ab", 1, 3).unwrap();
        assert_eq!((line.as_str(), mark.as_str()), ("ab", "  ^"));
    }
}
