//! Lines of at most a hundred columns, broken at blanks.

/// The width of a terminal report, in characters.
pub(super) const WIDTH: usize = 100;

/// Writes `text` after `first`, with every further line set in by `indent` blanks. Words longer than a line stay whole.
/// A line end in `text` is kept. No line ends in a blank.
pub(super) fn wrapped(out: &mut String, first: &str, indent: usize, text: &str) {
    let mut line = first.to_owned();
    let mut empty = true;
    for (number, paragraph) in text.lines().enumerate() {
        if number > 0 {
            close(out, &mut line, indent);
            empty = true;
        }
        for word in paragraph.split_whitespace() {
            if !empty && visible(&line) + 1 + visible(word) > WIDTH {
                close(out, &mut line, indent);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

fn close(out: &mut String, line: &mut String, indent: usize) {
    out.push_str(line.trim_end());
    out.push('\n');
    line.clear();
    line.extend(std::iter::repeat_n(' ', indent));
}

/// How many columns a text takes without its colour sequences (one column a character).
pub(super) fn visible(text: &str) -> usize {
    let mut columns = 0;
    let mut inside = false;
    for c in text.chars() {
        match (inside, c) {
            (false, '\u{1b}') => inside = true,
            (true, 'm') => inside = false,
            (true, _) => {}
            (false, _) => columns += 1,
        }
    }
    columns
}

/// The text with everything that could move the cursor, hide text or turn its direction shown as `�`.
pub(super) fn printable(c: char) -> char {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if turns || (c.is_control() && c != '\t') {
        '\u{fffd}'
    } else if matches!(c, '\u{2028}' | '\u{2029}') {
        ' '
    } else {
        c
    }
}

/// [`printable`] for a whole line.
pub(crate) fn printable_line(text: &str) -> String {
    text.chars().map(printable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_at_blanks_and_sets_in() {
        let mut out = String::new();
        wrapped(&mut out, "note: ", 6, &"word ".repeat(40));
        assert!(out.lines().all(|l| l.len() <= WIDTH && !l.ends_with(' ')), "{out}");
        assert_eq!(out.lines().count(), 3);
        assert!(out.lines().nth(1).unwrap().starts_with("      word"));
    }

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(printable_line("a\u{1b}[31mb\u{202e}c\r"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}");
    }
}
