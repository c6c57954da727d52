//! Polygons as well-known text (OGC 06-103r4, §7.2), as spreadsheets keep them.
//!
//! In: `POLYGON ((30 10, 40 40, 20 40, 30 10))` or `MULTIPOLYGON (…)`, in either case. Out: polygons of rings of
//! longitude and latitude, or what was found instead. Heights and measures are refused, not dropped.

type Ring = Vec<[f64; 2]>;

/// Reads a text, or says what was found in place of a polygon.
pub(super) fn polygons(text: &str) -> Result<Vec<Vec<Ring>>, String> {
    let mut reader = Reader { rest: text.trim() };
    let word = reader.word();
    let polygons = match word.to_ascii_uppercase().as_str() {
        "POLYGON" => vec![reader.list(Reader::ring)?],
        "MULTIPOLYGON" => reader.list(|r| r.list(Reader::ring))?,
        "" => return Err(format!("found `{}`", reader.shown())),
        _ => return Err(format!("found `{word}`, which has no area")),
    };
    if !reader.rest.is_empty() {
        return Err(format!("found `{}` after its end", reader.shown()));
    }
    for [lon, lat] in polygons.iter().flatten().flatten() {
        if lon.abs() > 180.0 || lat.abs() > 90.0 {
            return Err(format!("found the point {lon} {lat}, which is not on the globe: longitude comes first"));
        }
    }
    Ok(polygons)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn shown(&self) -> String {
        self.rest.chars().take(20).collect()
    }

    fn take(&mut self, end: usize) -> &'a str {
        let (head, tail) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = tail.trim_start();
        head
    }

    fn word(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        self.take(end)
    }

    fn expect(&mut self, sign: char) -> Result<(), String> {
        if self.rest.starts_with(sign) {
            self.take(sign.len_utf8());
            Ok(())
        } else if self.rest.is_empty() {
            Err(format!("expected `{sign}`, found its end"))
        } else {
            Err(format!("expected `{sign}`, found `{}`", self.shown()))
        }
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        self.expect('(')?;
        let mut out = vec![item(self)?];
        while self.rest.starts_with(',') {
            self.take(1);
            out.push(item(self)?);
        }
        self.expect(')')?;
        Ok(out)
    }

    fn ring(&mut self) -> Result<Ring, String> {
        self.list(|r| Ok([r.number()?, r.number()?]))
    }

    fn number(&mut self) -> Result<f64, String> {
        let end = self.rest.find(|c: char| c == ',' || c == ')' || c.is_whitespace()).unwrap_or(self.rest.len());
        let word = self.take(end);
        let number = word.parse::<f64>().ok().filter(|n| n.is_finite());
        number.ok_or_else(|| format!("expected a number, found `{}`", word.chars().take(20).collect::<String>()))
    }
}

#[cfg(test)]
mod tests {
    use super::polygons;
    use proptest::prelude::*;

    #[test]
    fn polygons_are_read_and_the_rest_is_refused() {
        assert_eq!(
            polygons("polygon((0 0,1 0, 1 1 ,0 0))").unwrap(),
            [[[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]]]
        );
        assert_eq!(polygons("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((2 2, 3 2, 3 3, 2 2)))").unwrap().len(), 2);
        for wrong in [
            "",
            "POINT (1 2)",
            "POLYGON EMPTY",
            "POLYGON ((0 0 5, 1 0 5))",
            "POLYGON ((0 0, 1 0)",
            "POLYGON ((0 0)) x",
            "POLYGON ((200 0))",
            "POLYGON ((a b))",
            "POLYGON ((inf 0))",
        ] {
            assert!(polygons(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "(POLYGON|MULTIPOLYGON)?[ (),0-9é.-]{0,60}") {
            let _ = polygons(&text);
        }
    }
}
