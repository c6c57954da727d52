//! The catalogue: one page for each code, which `comity explain CODE` prints.
//!
//! In: a code. Out: its page in Markdown: what the code means, a smallest charter that shows it, what the checker answers, and
//! how such things are usually settled. Each page's charter is a test: checked, it yields the page's code.

/// The pages, in the order of the catalogue.
const PAGES: &[(&str, &str)] = &[
    ("B01", include_str!("pages/B01.md")),
    ("B02", include_str!("pages/B02.md")),
    ("B03", include_str!("pages/B03.md")),
    ("B04", include_str!("pages/B04.md")),
    ("B05", include_str!("pages/B05.md")),
    ("B06", include_str!("pages/B06.md")),
    ("B07", include_str!("pages/B07.md")),
    ("B08", include_str!("pages/B08.md")),
    ("B09", include_str!("pages/B09.md")),
    ("B10", include_str!("pages/B10.md")),
    ("B11", include_str!("pages/B11.md")),
    ("B12", include_str!("pages/B12.md")),
    ("B13", include_str!("pages/B13.md")),
    ("N01", include_str!("pages/N01.md")),
    ("N02", include_str!("pages/N02.md")),
    ("N03", include_str!("pages/N03.md")),
    ("N04", include_str!("pages/N04.md")),
    ("N05", include_str!("pages/N05.md")),
    ("N06", include_str!("pages/N06.md")),
    ("S01", include_str!("pages/S01.md")),
    ("S02", include_str!("pages/S02.md")),
    ("S03", include_str!("pages/S03.md")),
    ("S04", include_str!("pages/S04.md")),
    ("S05", include_str!("pages/S05.md")),
    ("S06", include_str!("pages/S06.md")),
    ("S07", include_str!("pages/S07.md")),
    ("S09", include_str!("pages/S09.md")),
    ("S11", include_str!("pages/S11.md")),
    ("S12", include_str!("pages/S12.md")),
    ("S13", include_str!("pages/S13.md")),
    ("S14", include_str!("pages/S14.md")),
    ("S16", include_str!("pages/S16.md")),
    ("S17", include_str!("pages/S17.md")),
    ("A01", include_str!("pages/A01.md")),
    ("A02", include_str!("pages/A02.md")),
    ("A06", include_str!("pages/A06.md")),
    ("T01", include_str!("pages/T01.md")),
];

/// The codes that have a page, in the order of the catalogue.
pub fn codes() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(code, _)| *code)
}

/// The page of a code, written in any case.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    PAGES.iter().find(|(c, _)| c.eq_ignore_ascii_case(code)).map(|(_, page)| *page)
}

/// What a code finds, in a few words: the heading of its page without the code.
#[must_use]
pub fn title(code: &str) -> Option<&'static str> {
    page(code)?.lines().next()?.split_once(": ").map(|(_, title)| title)
}

/// The charters of a page, in order: the text of each `charter` block.
#[must_use]
pub fn charters(page: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match (inside, line.trim_end()) {
            (false, "```charter") => {
                inside = true;
                out.push(String::new());
            }
            (true, "```") => inside = false,
            (true, text) => {
                if let Some(block) = out.last_mut() {
                    block.push_str(text);
                    block.push('\n');
                }
            }
            (false, _) => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: [&str; 4] = [
        "## What it means",
        "## A smallest charter that shows it",
        "## What the checker answers",
        "## How such things are usually settled",
    ];

    #[test]
    fn every_page_has_the_same_shape() {
        for code in codes() {
            let text = page(code).unwrap();
            assert!(text.starts_with(&format!("# {code}: ")), "{code} opens with its code and title");
            assert!(text.contains("\nLevel: "), "{code} says its level");
            let found: Vec<&str> = text.lines().filter(|l| l.starts_with("## ")).collect();
            assert_eq!(found, HEADINGS, "{code}");
            assert_eq!(charters(text).len(), 1, "{code} shows one charter");
        }
    }

    #[test]
    fn a_code_is_found_in_any_case() {
        assert_eq!(page("b01"), page("B01"));
        assert!(page("B01").is_some());
        assert_eq!(page("B99"), None);
        assert_eq!(title("B05"), Some("nobody's"));
    }

    #[test]
    fn no_page_takes_a_side() {
        const NEVER: [&str; 7] = ["dispute", "aggress", "violat", "rightful", "occupied", "illegal", "unlawful"];
        for code in codes() {
            let text = page(code).unwrap().to_lowercase();
            for word in NEVER {
                assert!(!text.contains(word), "{code} says {word}");
            }
        }
    }
}
