//! Invented cases of any size, for what is measured: charters, registries, shapes, and the shapes of a map file.
//!
//! In: how large. Out: texts and shapes, the same on every machine. Says nothing of what is found in them.

use crate::Files;
use comity_core::data::{read_features, take_in};
use comity_core::source::Sources;
use comity_geometry::{Shape, read_shape};
use std::fmt::Write;
use std::path::Path;

/// Longitude and latitude of one ring after another of one polygon after another.
pub type Coordinates = Vec<Vec<Vec<[f64; 2]>>>;

const PARTIES: usize = 1_000;
/// How many claims stand in an article.
const ARTICLE: usize = 200;

/// A charter of `norms` norms for `parties` members: duties and prohibitions on a quarter as many actions, each set off by one
/// of a fifth as many events, with windows and amounts that sometimes meet. With `own` each party states a number of its own
/// that one norm compares with 1.
#[must_use]
pub fn norms(norms: usize, parties: usize, own: bool) -> String {
    // a small multiplicative generator (Lehmer 1951): the same text everywhere
    let mut state: u64 = 20_261_121;
    let mut next = |below: usize| {
        state = state * 48_271 % 2_147_483_647;
        usize::try_from(state).unwrap_or(0) % below.max(1)
    };
    let (actions, events) = ((norms / 4).max(1), (norms / 5).max(1));
    let mut text = String::from("kind Member { size: Count }\n");
    for a in 0..actions {
        let _ = writeln!(text, "action act{a}(by: Member, amount: Number)");
    }
    for e in 0..events {
        let _ = writeln!(text, "event event{e}(who: Member)");
    }
    for p in 0..parties {
        let state = if own { format!(" {{ size = {p} }}") } else { String::new() };
        let _ = writeln!(text, "party Peer{p}: Member{state}");
    }
    let names: Vec<String> = (0..parties).map(|p| format!("Peer{p}")).collect();
    let _ = writeln!(text, "charter Many {{\n    parties {}", names.join(", "));
    for n in 0..norms {
        let (a, e) = (next(actions), next(events));
        let (length, amount) = if n % 2 == 1 { (5 + next(55), 10 + next(40)) } else { (1 + next(39), 40 + next(50)) };
        let when = if own && n == 1 { " when size(who) at least 1" } else { "" };
        let norm = if n % 2 == 1 {
            format!("who must act{a}(amount at least {amount}) within {length} days{when}")
        } else {
            format!("who must not act{a}(amount at least {amount}) for the first {length} days")
        };
        let _ = writeln!(text, "    article {} {{ on event{e}(who) {{ {norm} }} }}", n + 1);
    }
    text.push_str("}\n");
    text
}

/// A charter of at least `bytes` bytes that reads without a mistake: 1,000 parties, in articles of 200 claims each, turn by
/// turn over a plain name and over a prefix of addresses, every fifth with a date and a source.
#[must_use]
pub fn charter(bytes: usize) -> String {
    let mut claims = String::new();
    let mut regions = String::new();
    let mut count = 0;
    // what stands before the claims: parties and their list
    let head = PARTIES * 32;
    while head + regions.len() + claims.len() < bytes {
        if count % ARTICLE == 0 {
            let close = if count == 0 { "" } else { "    }\n" };
            let article = count / ARTICLE + 1;
            let _ = writeln!(claims, "{close}    article {article} \"Holdings, part {article}\" {{");
        }
        let party = count * 7 % PARTIES;
        let half = count / 2;
        if count % 2 == 0 {
            let _ = writeln!(regions, "    region Field{half}");
            let _ = write!(claims, "        Peer{party} claims Fields.Field{half}");
        } else {
            let (a, b, c) = (half >> 16 & 255, half >> 8 & 255, half & 255);
            let _ = write!(claims, "        Peer{party} claims {}.{b}.{c}.0/24", 1 + a);
        }
        if count % 5 == 0 {
            let _ = write!(claims, " from 1990-05-0{} source \"Survey, sheet {count}\"", 1 + count % 9);
        }
        claims.push('\n');
        count += 1;
    }
    if count > 0 {
        claims.push_str("    }\n");
    }
    let mut text = String::from("kind Village\natlas V4 of ipv4\natlas Fields {\n");
    text.push_str(&regions);
    text.push_str("}\n");
    for party in 0..PARTIES {
        let _ = writeln!(text, "party Peer{party}: Village");
    }
    let names: Vec<String> = (0..PARTIES).map(|p| format!("Peer{p}")).collect();
    let _ = writeln!(text, "charter Valley \"The Long Valley\" {{\n    parties {}\n{claims}}}", names.join(", "));
    text
}

/// A registry: a charter, and one file for each of `peers` peers (at most 4,096) with a block, a domain and a reverse zone.
/// Every hundredth peer also holds a part of its neighbour's block, so that something is found.
#[must_use]
pub fn registry(peers: usize) -> (Files, Vec<String>) {
    const CHARTER: &str = "\
kind Peer { asn: Count }
atlas V4 of ipv4
atlas Zones of domain
data Peers from \"peers/*.yaml\", one Peer a file
charter Network \"The Orchard Network\" {
    parties from Peers as Peer { asn = asn }
    article 1 \"What each peer holds\" {
        claims from Peers each networks.ipv4[] over V4
        claims from Peers each domains[] over Zones
    }
    article 2 \"What every claim must satisfy\" {
        require asn differs between parties
        require every claim over V4 lies within 10.0.0.0/8
        @sizes require every claim over V4 is between /24 and /18
        require every reverse zone over Zones lies within claims of its party over V4
    }
}
";
    let mut files = Files::of([("network.charter", CHARTER)]);
    for peer in 0..peers.min(4096) {
        let block = |n: usize| (n >> 4 & 255, (n & 15) * 16);
        let (b, c) = block(peer);
        let mut text = format!("asn: {}\nnetworks:\n  ipv4:\n    - 10.{b}.{c}.0/20\n", 64_512 + peer);
        if peer % 100 == 99 {
            let (b, c) = block(peer - 1);
            let _ = writeln!(text, "    - 10.{b}.{}.0/24", c + 3);
        }
        let _ = write!(text, "domains:\n  - p{peer}.orchard\n  - {c}.{b}.10.in-addr.arpa\n");
        files.0.insert(format!("peers/p{peer:04}.yaml"), text.into_bytes());
    }
    (files, vec!["network.charter".to_owned()])
}

/// `count` stars of 2 × `points` corners on a grid of centres, each over its neighbours.
///
/// # Errors
/// If a star is refused.
pub fn stars(count: usize, points: usize) -> Result<Vec<Shape>, String> {
    let side = (count as f64).sqrt().ceil().max(1.0);
    let step = 100.0 / side;
    let star = |n: usize| {
        let (x, y) = (-50.0 + step * (n as f64 % side), -50.0 + step * (n as f64 / side).floor());
        let mut ring: Vec<[f64; 2]> = (0..2 * points)
            .map(|k| {
                let (sin, cos) = (std::f64::consts::PI * k as f64 / points as f64).sin_cos();
                // the length of the rays goes round with their number and the star's
                let far = step * (0.6 + 0.3 * ((k * 37 + n * 11) % 17) as f64 / 17.0);
                [x + far * cos, y + far * sin]
            })
            .collect();
        ring.extend(ring.first().copied());
        shape(&[vec![ring]])
    };
    (0..count).map(star).collect()
}

fn shape(polygons: &[Vec<Vec<[f64; 2]>>]) -> Result<Shape, String> {
    read_shape(polygons).map(|(shape, _)| shape).map_err(|refused| format!("{refused:?}"))
}

/// The polygons of each feature of a map file, as its text has them, and what the property says of each.
///
/// # Errors
/// If the file cannot be read, or a feature has no polygon.
pub fn polygons(file: &Path, property: &str) -> Result<(Vec<String>, Vec<Coordinates>), String> {
    let bytes = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut sources = Sources::default();
    let id = take_in(&mut sources, &file.to_string_lossy(), bytes).map_err(|d| d.headline)?;
    let features = read_features(&sources, id)
        .map_err(|errors| errors.into_iter().map(|d| d.headline).collect::<Vec<_>>().join("; "))?;
    let mut names = Vec::new();
    let mut found = Vec::new();
    for feature in features.features {
        let name = feature.properties.get(property).and_then(|n| n.scalar_text()).unwrap_or("").to_owned();
        let geometry = feature.geometry.map_err(|d| format!("`{name}`: {}", d.headline))?;
        names.push(name);
        found.push(geometry.polygons);
    }
    Ok((names, found))
}

/// On the grid.
///
/// # Errors
/// If one is refused.
pub fn shapes(polygons: &[Coordinates]) -> Result<Vec<Shape>, String> {
    polygons.iter().map(|p| shape(p)).collect()
}
