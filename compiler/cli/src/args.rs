//! The command line, as clap reads it.
//!
//! In: the words after `comity`. Out: [`Cli`]. Every verb of the interface is known here; those that come later take any
//! words and say so. Wrong usage ends in exit status 2, which is clap's own.

use clap::{Args, Parser, Subcommand, ValueEnum};
use comity_core::engine::Setting;
use comity_core::report::agenda::AgendaFormat;
use comity_core::report::trial::TrialFormat;
use comity_core::report::{Format, codes};
use comity_core::types::calendar::days;
use std::path::PathBuf;

/// Checks charters: what peers hold and claim, whether it can all hold, and what would settle it.
#[derive(Debug, Parser)]
#[command(name = "comity", version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(after_help = "\
`comity PATH…` is short for `comity check PATH…`.
Exit status: 0 nothing denied and all proved, 1 a denied finding, 2 unreadable input or wrong usage, 3 undecided.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: Check,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read charters, ask every question, report (the default verb)
    Check(Check),
    /// The overlaps of a file of claims, without a charter; or who claims a point
    Claims(Claims),
    /// Where two sources differ on what the same claimant claims
    Compare(Compare),
    /// Regions that nobody claims and that meet every requirement
    Free(Free),
    /// Whether candidates can join a charter, and what stands in the way
    Join(Join),
    /// What a code means, with an example and how such things are usually settled
    Explain(Explain),
    /// The schema of the report, the program as JSON, the questions as SMT-LIB
    Emit(Emit),
    /// Write a first project that checks clean
    Init(Init),
    /// Completions for a shell
    Completions(Completions),
    /// From what has happened: who must do what by when, who may do what, what lapsed, who is in breach
    Due(Due),
    /// (later) What one party owes, to whom, by when
    Brief(Later),
    /// (ring 3) Two charters: conflicts, common denominator, merged text
    Merge(Later),
    /// (ring 3) What an amendment changes, for whom
    Diff(Later),
    /// (ring 3) Zone of agreement of the open terms, least concessions
    Settle(Later),
    /// (ring 3) Decision rules: vetoers, dummies, power indices
    Power(Later),
    /// Run scenarios: what is expected against what is so; which norms none of them tries
    Test(Test),
    /// Step through a situation by hand: who did what on which day, who now must do what by when
    Play(Play),
    /// (later) Format charters
    Fmt(Later),
    /// (later) Editor server
    Lsp(Later),
}

/// How to ask and how to show: the same for every verb that reports.
#[derive(Debug, Args, Clone)]
pub(crate) struct Common {
    /// human, short, json, geojson or csv
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = format, help_heading = "Report")]
    pub(crate) format: Format,
    /// Write to FILE instead of the terminal; nothing is left half written
    #[arg(short, long, value_name = "FILE", help_heading = "Report")]
    pub(crate) output: Option<PathBuf>,
    /// How a code counts: CODE=deny|warn|allow (may repeat, or be a list with commas)
    #[arg(long, value_name = "CODE=LEVEL", value_delimiter = ',', value_parser = level, help_heading = "Report")]
    pub(crate) level: Vec<(String, Setting)>,
    /// Look at these codes alone
    #[arg(long, value_name = "CODE,…", value_delimiter = ',', value_parser = code, help_heading = "Report")]
    pub(crate) only: Vec<String>,
    /// Leave out findings that this earlier JSON report has
    #[arg(long, value_name = "REPORT", help_heading = "Report")]
    pub(crate) baseline: Option<PathBuf>,
    /// Leave out what others stated in private (comes with private files)
    #[arg(long, value_name = "PARTY", help_heading = "Report")]
    pub(crate) audience: Option<String>,
    /// Add what each code means and how such things are usually settled
    #[arg(long, help_heading = "Report")]
    pub(crate) explain: bool,
    /// Colour
    #[arg(long, value_name = "WHEN", default_value = "auto", value_enum, help_heading = "Report")]
    pub(crate) color: When,
    /// Errors and the verdict alone
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Report")]
    pub(crate) quiet: bool,
    /// Also what was proved, what it rests on, and why something was not asked
    #[arg(short, long, help_heading = "Report")]
    pub(crate) verbose: bool,
    /// Versions and times, to standard error
    #[arg(long, help_heading = "Report")]
    pub(crate) stats: bool,
    /// The solver's budget for one question, in its own resource units
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Solver")]
    pub(crate) budget: Option<u64>,
    /// The solver's seed; no report depends on it unless something is undecided
    #[arg(long, value_name = "N", help_heading = "Solver")]
    pub(crate) seed: Option<u32>,
    /// Threads; no report depends on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Solver")]
    pub(crate) jobs: Option<u16>,
}

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// on a terminal
    Auto,
    Always,
    Never,
}

#[derive(Debug, Args, Clone)]
pub(crate) struct Check {
    /// Charters, folders, or a `comity.toml`; the current folder when left out
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Each feature of a GeoJSON or TopoJSON file, or each row of a CSV file, is one claim of the claimant that its PROPERTY names; \
the claims of one claimant are taken together. One exclusive right is asked about and no terms, so no solver is needed.

A CSV file says what is claimed in one of these columns:
  wkt, geometry       a POLYGON or MULTIPOLYGON in longitude and latitude (well-known text)
  prefix              an address block: 10.0.0.0/8, 2001:db8::/32
  region              a plain name: equal names are the same region, different names are disjoint

Edges are straight in longitude and latitude, as RFC 7946 says of GeoJSON.")]
pub(crate) struct Claims {
    /// GeoJSON, TopoJSON or CSV
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// The property (or column) that names the claimant
    #[arg(long, value_name = "PROPERTY")]
    pub(crate) claimant: String,
    /// Overlaps that are narrower than this everywhere are listed as below tolerance, such as 10m or 0.5km
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    pub(crate) tolerance: Option<f64>,
    /// Who claims this point (may repeat)
    #[arg(long, value_name = "LON,LAT", value_parser = point, allow_hyphen_values = true)]
    pub(crate) at: Vec<[f64; 2]>,
    #[command(flatten)]
    pub(crate) provenance: Provenance,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Whose reading a file of claims is.
#[derive(Debug, Args, Clone)]
pub(crate) struct Provenance {
    /// Who says so: every finding names it
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// The date of the source, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<String>,
    /// What the outlines take in
    #[arg(long, value_name = "EXTENT", value_parser = ["land", "with waters"])]
    pub(crate) extent: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// One source
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,
    /// The other
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,
    /// The property (or column) that names the claimant in both
    #[arg(long, value_name = "PROPERTY")]
    pub(crate) by: String,
    /// Differences that are narrower than this everywhere are not listed, such as 10m or 0.5km
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    pub(crate) tolerance: Option<f64>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Free {
    /// The atlas
    #[arg(value_name = "ATLAS")]
    pub(crate) atlas: String,
    /// How much is looked for: `/20` in an atlas of addresses, `4 MHz` in one with a unit
    #[arg(value_name = "SIZE")]
    pub(crate) size: String,
    /// Charters, folders, or a `comity.toml`; the current folder when left out
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How many to list
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) most: usize,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Join {
    /// The charter's file, or its project
    #[arg(value_name = "CHARTER")]
    pub(crate) charter: PathBuf,
    /// Files with accessions, or names of parties that accede in the charter's project; all of them when left out
    #[arg(value_name = "CANDIDATE")]
    pub(crate) candidates: Vec<String>,
    /// A git revision to compare with (comes with ring 3)
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Such as B01; all codes are listed when left out
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Emit {
    /// What to emit
    #[arg(value_enum)]
    pub(crate) what: What,
    /// Charters, folders, or a `comity.toml`; the current folder when left out
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write to FILE instead of the terminal
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The solver's budget for one question, in its own resource units
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) budget: Option<u64>,
    /// Whose document `schema` describes
    #[arg(long, value_name = "VERB", value_enum, default_value = "check")]
    pub(crate) of: Document,
}

/// The verbs whose documents have schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Document {
    /// the report: `check`, `claims`, `compare`, `join`
    Check,
    /// what came of scenarios
    Test,
    /// what is owed on a day
    Due,
    /// what walks met
    Explore,
}

/// What `comity emit` can write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// the JSON Schema of the report
    Schema,
    /// the program as JSON
    Json,
    /// the questions as SMT-LIB
    Smt2,
    /// the graph of breaches and responses (comes with a later release)
    Dot,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder; made if it is not there. The current folder when left out
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
#[command(after_help = "\
EVENTS is a table that a spreadsheet keeps (CSV, with comma, semicolon or tab), one row for each thing that happened:
  date       2026-03-01
  what       attack(Corvia)                     an act of the party; `enter(Corvia) in World.North` says where
             ceased(Belmark)                    an event; or `ceased` with a party
             finding of breach of article 2     it is found that the party is in breach
             withdrawal                         the party gives notice
             in force                           the charter binds from this day (else from the first date)
  party      who did it, or to whom the event happened
  until      the last day of what lasts, or `open`; left empty: a single day
  against    in a finding: towards whom
  note       anything; not read
or a charter file with one scenario, in which `day 0 is 2026-03-01` gives the days their dates.

The day that is asked about is the last date of the events, unless `--on` says another; no clock is asked.
Exit status: 0 answered, 2 unreadable input or wrong usage, 3 part of the answer rests on what nobody states.")]
pub(crate) struct Due {
    /// The charter's file, or its project
    #[arg(value_name = "CHARTER")]
    pub(crate) charter: PathBuf,
    /// What has happened: a table, or a charter file with one scenario
    #[arg(value_name = "EVENTS")]
    pub(crate) events: PathBuf,
    /// The day that is asked about; the last date of the events when left out
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<i64>,
    /// Which charter, where several have norms
    #[arg(long = "charter", value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// A party that accedes and is taken as a member (may repeat)
    #[arg(long, value_name = "PARTY")]
    pub(crate) with: Vec<String>,
    /// What concerns this party alone
    #[arg(long, value_name = "PARTY")]
    pub(crate) party: Option<String>,
    /// human, json or ics
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = agenda_format)]
    pub(crate) format: AgendaFormat,
    /// Write to FILE instead of the terminal; nothing is left half written
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Colour
    #[arg(long, value_name = "WHEN", default_value = "auto", value_enum)]
    pub(crate) color: When,
    /// What is overdue and due alone
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Also what was done, and what is kept on every day
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Every scenario of the charters is run up to the last day that it speaks of. An expectation that rests on what nobody states is \
undecided, neither met nor failed.
Exit status: 0 all as expected, 1 something is not, 2 unreadable input or wrong usage, 3 something is undecided.

`--explore N` walks through random behaviour and says how often the situation of each check (N01, S01 to S07, S09, S11 to \
S14, S16, S17) was met, with the smallest one for each statement; of how many norms N02 to N05 were shown not to hold; and what no \
walk can meet. Exit status: 0, or 1 where one was met of a check that counts as an error.")]
pub(crate) struct Test {
    /// Charters, folders, or a `comity.toml`; the current folder when left out
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// human, short, json or junit
    #[arg(long, value_name = "FORMAT", default_value = "human", value_parser = trial_format)]
    pub(crate) format: TrialFormat,
    /// Write to FILE instead of the terminal; nothing is left half written
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Colour
    #[arg(long, value_name = "WHEN", default_value = "auto", value_enum)]
    pub(crate) color: When,
    /// What is not as expected and the summary alone
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Also the days of scenarios that passed, and every norm that none tries
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Walk N times through random behaviour instead, lawful and unlawful, and look for what the checks on sanctions warn of
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) explore: Option<u32>,
    /// With `--explore`: the same seed gives the same walks
    #[arg(long, value_name = "N", default_value_t = 1, requires = "explore")]
    pub(crate) seed: u64,
    /// With `--explore`: write what was met as scenarios into this folder, a file each; nothing is written over
    #[arg(long, value_name = "FOLDER", requires = "explore")]
    pub(crate) save: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Type what happens (`Belmark does attack(Corvia)`), `next`, `due`, `undo`, `save FILE`; `help` lists everything. \
The lines of a script may come on standard input.
Exit status: 0 played, 2 unreadable input, wrong usage, or a script with a line that could not be read.")]
pub(crate) struct Play {
    /// The charter's file, or its project
    #[arg(value_name = "CHARTER")]
    pub(crate) charter: PathBuf,
    /// Which charter, where several have norms
    #[arg(long = "charter", value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// A party that accedes and is taken as a member (may repeat)
    #[arg(long, value_name = "PARTY")]
    pub(crate) with: Vec<String>,
}

/// A verb of a later ring: takes any words.
#[derive(Debug, Args)]
pub(crate) struct Later {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    pub(crate) words: Vec<String>,
}

fn format(word: &str) -> Result<Format, String> {
    if let Some(format) = Format::ALL.into_iter().find(|f| f.name() == word) {
        return Ok(format);
    }
    let names: Vec<&str> = Format::ALL.iter().map(|f| f.name()).collect();
    let names = names.join(", ");
    Err(if ["github", "sarif", "junit", "html"].contains(&word) {
        format!("`{word}` comes in a later release; there are {names}")
    } else {
        format!("there are {names}")
    })
}

fn agenda_format(word: &str) -> Result<AgendaFormat, String> {
    AgendaFormat::ALL.into_iter().find(|f| f.name() == word).ok_or_else(|| {
        let names: Vec<&str> = AgendaFormat::ALL.iter().map(|f| f.name()).collect();
        format!("there are {}", names.join(", "))
    })
}

/// A date, in days from 1970-01-01.
fn day(word: &str) -> Result<i64, String> {
    const EXPECTED: &str = "expected a date such as 2026-03-01";
    let word = date(word).map_err(|_| EXPECTED)?;
    let mut parts = word.splitn(3, '-').map(str::parse::<u16>);
    let mut next = || parts.next().and_then(Result::ok).ok_or(EXPECTED);
    let (y, m, d) = (next()?, next()?, next()?);
    let narrow = |n: u16| u8::try_from(n).map_err(|_| EXPECTED);
    Ok(days(i32::from(y), narrow(m)?, narrow(d)?).ok_or(EXPECTED)?)
}

fn trial_format(word: &str) -> Result<TrialFormat, String> {
    TrialFormat::ALL.into_iter().find(|f| f.name() == word).ok_or_else(|| {
        let names: Vec<&str> = TrialFormat::ALL.iter().map(|f| f.name()).collect();
        format!("there are {}", names.join(", "))
    })
}

fn code(word: &str) -> Result<String, String> {
    codes::find(word.trim())
        .map(|c| c.code.to_owned())
        .ok_or_else(|| "no check has this code; `comity explain` lists them".to_owned())
}

fn level(word: &str) -> Result<(String, Setting), String> {
    const EXPECTED: &str = "expected CODE=deny, CODE=warn or CODE=allow";
    let (name, setting) = word.split_once('=').ok_or(EXPECTED)?;
    Ok((code(name)?, Setting::from_word(setting.trim()).ok_or(EXPECTED)?))
}

/// `10m`, `10 m`, `0.5km`, `12 nmi`, in metres.
fn length(word: &str) -> Result<f64, String> {
    const EXPECTED: &str = "expected a length such as 10m, 0.5km or 12nmi";
    let split = word.find(|c: char| c.is_alphabetic()).ok_or(EXPECTED)?;
    let (number, unit) = word.split_at_checked(split).ok_or(EXPECTED)?;
    let number: f64 = number.trim().parse().map_err(|_| EXPECTED)?;
    let metres = match unit.trim() {
        "m" => 1.0,
        "cm" => 0.01,
        "mm" => 0.001,
        "km" => 1000.0,
        "nmi" => 1852.0,
        _ => return Err(EXPECTED.to_owned()),
    };
    let length = number * metres;
    if length.is_finite() && length >= 0.0 { Ok(length) } else { Err(EXPECTED.to_owned()) }
}

/// A day that the calendar has, written as ISO 8601 writes it.
fn date(word: &str) -> Result<String, String> {
    let day: Option<jiff::civil::Date> = word.parse().ok();
    day.filter(|d| d.to_string() == word)
        .map(|_| word.to_owned())
        .ok_or_else(|| "expected a day of the calendar such as 2026-03-01".to_owned())
}

/// `LON,LAT` in degrees on the globe.
fn point(word: &str) -> Result<[f64; 2], String> {
    const EXPECTED: &str = "expected longitude and latitude in degrees with a comma between, such as 145.9,44.1";
    let (lon, lat) = word.split_once(',').ok_or(EXPECTED)?;
    let number = |s: &str| s.trim().parse::<f64>().map_err(|_| EXPECTED.to_owned());
    let (lon, lat) = (number(lon)?, number(lat)?);
    if !(-180.0..=180.0).contains(&lon) {
        return Err(format!("longitude {lon} is not within -180 and 180: longitude comes first"));
    }
    if !(-90.0..=90.0).contains(&lat) {
        return Err(format!("latitude {lat} is not within -90 and 90: longitude comes first"));
    }
    Ok([lon, lat])
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn lengths_and_points_are_read_exactly_or_refused() {
        assert_eq!(length("10m"), Ok(10.0));
        assert_eq!(length("0.5 km"), Ok(500.0));
        assert!(length("10").is_err() && length("-1m").is_err() && length("10 ft").is_err() && length("infm").is_err());
        assert_eq!(point("-145.9, 44.1"), Ok([-145.9, 44.1]));
        assert!(point("44,145").is_err() && point("1").is_err() && point("nan,1").is_err());
    }

    #[test]
    fn days_are_of_the_calendar() {
        assert!(
            date("2024-02-29").is_ok()
                && date("2023-02-29").is_err()
                && date("2024-13-01").is_err()
                && date("1.3.2024").is_err()
        );
    }

    #[test]
    fn levels_and_codes_are_known() {
        assert_eq!(level("b05=deny"), Ok(("B05".to_owned(), Setting::Deny)));
        assert!(level("B99=deny").is_err() && level("B05=off").is_err() && level("B05").is_err());
    }
}
