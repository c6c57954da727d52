//! What `tests/bench/compare.sh` sets beside other programs: one JSON object on standard output.
//!
//! `measure overlay FILE [N]`: reads the claims of a map file and lays them over one another N times; the medians in seconds,
//! the cells, the pairs that overlap and the sum of their areas. `measure charter BYTES [N]`: parses a generated charter, then
//! parses it and checks its types; megabytes a second. `measure write BYTES|PEERS FOLDER`: writes the generated charter or
//! registry, for a measurement of the whole program.
#![expect(clippy::print_stdout, reason = "its output")]

use comity_core::compile::read_program;
use comity_core::source::Sources;
use comity_core::syntax;
use comity_geometry::overlay;
use comity_tests::{Files, generate};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<usize>().map_err(|e| format!("{text}: {e}"));
    match words.as_slice() {
        ["overlay", file] => of_overlay(Path::new(file), 5),
        ["overlay", file, n] => of_overlay(Path::new(file), number(n)?),
        ["charter", bytes] => of_charter(number(bytes)?, 5),
        ["charter", bytes, n] => of_charter(number(bytes)?, number(n)?),
        ["write", "registry", peers, folder] => write(&generate::registry(number(peers)?).0, Path::new(folder)),
        ["write", "norms", norms, parties, folder] => {
            let text = generate::norms(number(norms)?, number(parties)?, false);
            write(&Files::of([("norms.charter", text.as_str())]), Path::new(folder))
        }
        ["write", "own", norms, parties, folder] => {
            let text = generate::norms(number(norms)?, number(parties)?, true);
            write(&Files::of([("norms.charter", text.as_str())]), Path::new(folder))
        }
        ["write", "charter", bytes, folder] => {
            write(&Files::of([("large.charter", generate::charter(number(bytes)?).as_str())]), Path::new(folder))
        }
        _ => Err("usage: measure overlay FILE [N] | charter BYTES [N] | write registry|charter SIZE FOLDER | write norms|own NORMS PARTIES FOLDER".to_owned()),
    }
}

/// The median of the seconds that `n` runs take, and what the last gave.
fn median<T>(n: usize, mut run: impl FnMut() -> Result<T, String>) -> Result<(f64, T), String> {
    let mut seconds = Vec::new();
    let mut last = None;
    for _ in 0..n.max(1) {
        // what the last run gave goes before the clock starts
        drop(last.take());
        let start = Instant::now();
        last = Some(run()?);
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let middle = seconds.get(seconds.len() / 2).copied().unwrap_or(0.0);
    last.map(|last| (middle, last)).ok_or_else(|| "no run".to_owned())
}

fn of_overlay(file: &Path, n: usize) -> Result<(), String> {
    let (json_s, (names, polygons)) = median(n, || generate::polygons(file, "peer"))?;
    let (read_s, shapes) = median(n, || generate::shapes(&polygons))?;
    let (overlay_s, (cells, pairs)) = median(n, || {
        let made = overlay(&shapes).map_err(|e| e.to_string())?;
        // the same answer as the other side gives: the ground of each pair of claimants
        let mut pairs: BTreeMap<(&str, &str), f64> = BTreeMap::new();
        for cell in &made.cells {
            let mut cover: Vec<&str> =
                cell.cover.iter().filter_map(|i| names.get(*i as usize)).map(String::as_str).collect();
            cover.dedup();
            for (i, a) in cover.iter().enumerate() {
                for b in cover.iter().skip(i + 1) {
                    *pairs.entry((a, b)).or_default() += cell.area_km2;
                }
            }
        }
        Ok((made.cells.len(), pairs))
    })?;
    let vertices: usize = polygons.iter().flatten().flatten().map(Vec::len).sum();
    println!(
        "{{\"claims\": {}, \"vertices\": {vertices}, \"parse_s\": {:.4}, \"overlay_s\": {overlay_s:.4}, \"cells\": {cells}, \"pairs\": {}, \"km2\": {:.3}}}",
        shapes.len(),
        json_s + read_s,
        pairs.len(),
        pairs.values().sum::<f64>()
    );
    Ok(())
}

fn of_charter(bytes: usize, n: usize) -> Result<(), String> {
    let text = generate::charter(bytes);
    let mut sources = Sources::default();
    let file = syntax::add(&mut sources, "a.charter", text.as_bytes()).map_err(|d| d.headline)?;
    let (parse_s, _) = median(n, || Ok(syntax::parse(&sources, file)))?;
    let files = Files::of([("a.charter", text.as_str())]);
    let (check_s, statements) = median(n, || {
        let (mut sources, mut found) = (Sources::default(), Vec::new());
        let program = read_program(&files, &["a.charter".to_owned()], None, &mut sources, &mut found);
        let first = || found.first().map_or_else(String::new, |d| d.headline.clone());
        match program {
            Some(program) => Ok((program.statements.len(), program, sources)),
            None => Err(first()),
        }
    })?;
    let statements = statements.0;
    let rate = |seconds: f64| text.len() as f64 / 1e6 / seconds;
    println!(
        "{{\"bytes\": {}, \"statements\": {statements}, \"parse_mb_s\": {:.2}, \"check_mb_s\": {:.2}}}",
        text.len(),
        rate(parse_s),
        rate(check_s)
    );
    Ok(())
}

fn write(files: &Files, folder: &Path) -> Result<(), String> {
    for (name, bytes) in &files.0 {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|e| e.to_string())?;
        }
        std::fs::write(&path, bytes).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}
