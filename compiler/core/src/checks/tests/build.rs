//! Small programs by hand: one atlas of plain names, parties by name, statements in the order in which they are said.

use crate::atlas::{AtlasId, Builder, CellSet, Leaf, Settings, SpaceKind};
use crate::engine::{Options, check};
use crate::logic::brute::BruteForce;
use crate::logic::{BigRational, Formula, Linear, Prover, Sort, Var};
use crate::model::*;
use crate::report::Report;
use crate::report::document::Finding;
use crate::source::{FileId, Sources, Span};
use crate::syntax::tree::RightMode;

pub(super) const SPAN: Span = Span::new(FileId(0), 0, 0);

/// A program in the making, with one charter `Pact` in force between all parties but candidates.
pub(super) struct Pact {
    pub(super) program: Program,
    accession: Option<AccessionId>,
}

pub(super) fn day_of(text: &str) -> i64 {
    let date: jiff::civil::Date = text.parse().expect("a date");
    i64::from(date.since(jiff::civil::date(1970, 1, 1)).expect("in range").get_days())
}

pub(super) fn number(n: i64) -> Linear {
    Linear::int(n)
}

/// Ground `1` is named `c1`, so that it needs no quotes.
fn plain(name: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("c{name}") } else { name.to_owned() }
}

/// On days from a date on.
pub(super) fn from(date: &str) -> Formula {
    Formula::ge(&Linear::var(&day()), &number(day_of(date)))
}

/// On days up to a date.
pub(super) fn until(date: &str) -> Formula {
    Formula::le(&Linear::var(&day()), &number(day_of(date)))
}

impl Pact {
    /// Names of ground in one string: `"North South Isles"`.
    pub(super) fn new(ground: &str) -> Self {
        let mut atlas = Builder::new("Bay", SpaceKind::Plain, Settings::default(), SPAN);
        for name in ground.split_whitespace() {
            atlas.leaf(Leaf::plain(plain(name), SPAN));
        }
        let right = |name: &str, mode, excludes: &[u32]| Right {
            name: name.to_owned(),
            mode,
            excludes: excludes.iter().map(|r| RightId(*r)).collect(),
            span: None,
        };
        let program = Program {
            kinds: vec![Kind { name: "Party".to_owned(), parent: None }],
            rights: vec![
                right("sovereignty", RightMode::Exclusive, &[0]),
                right("administration", RightMode::Exclusive, &[0, 1]),
                right("passage", RightMode::Shared, &[]),
                right("fishing", RightMode::Quota, &[]),
            ],
            atlases: vec![atlas.build().expect("plain names make an atlas")],
            charters: vec![Charter {
                name: "Pact".to_owned(),
                title: None,
                members: Vec::new(),
                open: Vec::new(),
                statements: Vec::new(),
                span: SPAN,
            }],
            ..Program::default()
        };
        let mut pact = Self { program, accession: None };
        // an exclusion holds both ways
        if let Some(sovereignty) = pact.program.rights.first_mut() {
            sovereignty.excludes.insert(RightId(1));
        }
        pact
    }

    pub(super) fn party(&mut self, name: &str) -> PartyId {
        if let Some(i) = self.program.parties.iter().position(|p| p.name == name) {
            return PartyId(u32::try_from(i).expect("few parties"));
        }
        let id = PartyId(u32::try_from(self.program.parties.len()).expect("few parties"));
        self.program.parties.push(Party {
            name: name.to_owned(),
            kind: KindId(0),
            span: SPAN,
            attributes: indexmap::IndexMap::new(),
            declared: true,
        });
        if self.accession.is_none() {
            self.program.charters[0].members.push(id);
        }
        id
    }

    pub(super) fn right(&self, name: &str) -> RightId {
        let i = self.program.rights.iter().position(|r| r.name == name).expect("a right of this name");
        RightId(u32::try_from(i).expect("few rights"))
    }

    pub(super) fn region(&self, names: &str) -> Region {
        let atlas = &self.program.atlases[0];
        let cells: CellSet = names
            .split_whitespace()
            .flat_map(|n| {
                let leaf = atlas.leaf_named(&plain(n)).unwrap_or_else(|| panic!("no ground `{n}`"));
                atlas.leaf_cells(leaf).cells().to_vec()
            })
            .collect();
        Region { atlas: AtlasId(0), cells, words: names.split_whitespace().collect::<Vec<_>>().join(" + ") }
    }

    /// What follows is the candidate's.
    pub(super) fn accession(&mut self, name: &str) {
        let id = AccessionId(u32::try_from(self.program.accessions.len()).expect("few accessions"));
        self.accession = Some(id);
        let party = self.party(name);
        self.program.accessions.push(Accession { party, charter: CharterId(0), statements: Vec::new(), span: SPAN });
    }

    pub(super) fn say(&mut self, parties: &[PartyId], kind: StatementKind, on: Formula) -> StatementId {
        let id = StatementId(u32::try_from(self.program.statements.len()).expect("few statements"));
        let acceptance = matches!(kind, StatementKind::Acceptance { .. });
        let label = format!("s{}", id.0 + 1);
        self.program.statements.push(Statement {
            id,
            address: format!("Pact/1/{}", id.0 + 1),
            identity: crate::model::Identity::Given(label.clone()),
            charter: (!acceptance).then_some(CharterId(0)),
            accession: if acceptance { None } else { self.accession },
            article: Some("article 1".into()),
            parties: parties.to_vec(),
            kind,
            on,
            reading: Reading::plain(),
            span: SPAN,
            text: label,
        });
        id
    }

    pub(super) fn claim(&mut self, party: &str, ground: &str) -> StatementId {
        self.claim_as(party, ground, "sovereignty", Formula::truth())
    }

    pub(super) fn claim_when(&mut self, party: &str, ground: &str, on: Formula) -> StatementId {
        self.claim_as(party, ground, "sovereignty", on)
    }

    pub(super) fn claim_as(&mut self, party: &str, ground: &str, right: &str, on: Formula) -> StatementId {
        let (party, right, region) = (self.party(party), self.right(right), self.region(ground));
        self.say(&[party], StatementKind::Claim { party, right, region, quota: None }, on)
    }

    pub(super) fn share(&mut self, party: &str, ground: &str, quota: Linear, on: Formula) -> StatementId {
        let (party, right, region) = (self.party(party), self.right("fishing"), self.region(ground));
        self.say(&[party], StatementKind::Claim { party, right, region, quota: Some(Box::new(quota)) }, on)
    }

    pub(super) fn recognises(&mut self, party: &str, holder: &str, ground: &str) -> StatementId {
        let (party, holder, region) = (self.party(party), self.party(holder), self.region(ground));
        let kind = StatementKind::Recognition { party, holder, right: RightId(0), region };
        self.say(&[party], kind, Formula::truth())
    }

    pub(super) fn lease(&mut self, party: &str, to: &str, ground: &str, right: &str, on: Formula) -> StatementId {
        let (party, to, right) = (self.party(party), self.party(to), self.right(right));
        let region = self.region(ground);
        self.say(&[party], StatementKind::Lease { party, to, right, region }, on)
    }

    pub(super) fn delegates(&mut self, party: &str, to: &str, ground: &str) -> StatementId {
        let (party, to, region) = (self.party(party), self.party(to), self.region(ground));
        self.say(&[party], StatementKind::Delegation { party, to, region }, Formula::truth())
    }

    pub(super) fn under(&mut self, party: &str, under: &str, ground: &str) -> StatementId {
        let (party, under, region) = (self.party(party), self.party(under), self.region(ground));
        self.say(&[party], StatementKind::Under { party, under, region }, Formula::truth())
    }

    pub(super) fn waives(&mut self, party: &str, ground: &str, right: Option<&str>, on: Formula) -> StatementId {
        let (party, right, region) = (self.party(party), right.map(|r| self.right(r)), self.region(ground));
        self.say(&[party], StatementKind::Waiver { party, right, region }, on)
    }

    pub(super) fn group(&mut self, names: &str) -> Vec<PartyId> {
        names.split_whitespace().map(|n| self.party(n)).collect()
    }

    pub(super) fn jointly(&mut self, names: &str, ground: &str) -> StatementId {
        let (parties, region) = (self.group(names), self.region(ground));
        let kind = StatementKind::Jointly { parties: parties.clone(), right: RightId(0), region };
        self.say(&parties, kind, Formula::truth())
    }

    pub(super) fn set_aside(&mut self, names: &str, ground: &str) -> StatementId {
        let (parties, region) = (self.group(names), self.region(ground));
        self.say(&parties, StatementKind::SetAside { parties: parties.clone(), region }, Formula::truth())
    }

    pub(super) fn frozen(&mut self, ground: &str, date: Option<&str>) -> StatementId {
        let region = self.region(ground);
        let members = self.program.charters[0].members.clone();
        let start = date.map(|d| number(day_of(d)));
        let on = date.map_or_else(Formula::truth, from);
        self.say(&members, StatementKind::Frozen { region, from: start }, on)
    }

    pub(super) fn common(&mut self, ground: &str) -> StatementId {
        let region = self.region(ground);
        let members = self.program.charters[0].members.clone();
        self.say(&members, StatementKind::Common { region }, Formula::truth())
    }

    pub(super) fn boundary(&mut self, left: &str, right: &str, left_side: &str, right_side: &str) -> StatementId {
        let (left, right) = (self.party(left), self.party(right));
        let (left_side, right_side) = (self.region(left_side), self.region(right_side));
        self.say(&[left, right], StatementKind::Boundary { left, right, left_side, right_side }, Formula::truth())
    }

    pub(super) fn accepts(&mut self, party: &str, condition: Formula) -> StatementId {
        let party = self.party(party);
        self.say(&[party], StatementKind::Acceptance { party, condition }, Formula::truth())
    }

    /// A rational term.
    pub(super) fn term(&mut self, name: &str, low: i64, high: i64) -> Linear {
        let var = Var::new(name, Sort::Real);
        let t = Linear::var(&var);
        let range = Formula::between(&number(low), &t, &number(high));
        let print = Print::Unit(String::new());
        self.program.terms.push(OpenTerm { name: name.to_owned(), var, range, values: Vec::new(), print, span: SPAN });
        t
    }

    /// An open date, in days.
    pub(super) fn date(&mut self, name: &str, low: i64, high: i64) -> Linear {
        let var = Var::new(name, Sort::Int);
        let t = Linear::var(&var);
        let range = Formula::between(&number(low), &t, &number(high));
        self.program.terms.push(OpenTerm {
            name: name.to_owned(),
            var,
            range,
            values: Vec::new(),
            print: Print::Date,
            span: SPAN,
        });
        t
    }

    /// A term with listed values; the conditions `term = value`, in order.
    pub(super) fn one_of(&mut self, name: &str, values: &str) -> Vec<Formula> {
        let var = Var::new(name, Sort::Int);
        let t = Linear::var(&var);
        let values: Vec<String> = values.split_whitespace().map(str::to_owned).collect();
        let last = i64::try_from(values.len()).expect("few values") - 1;
        let out = (0..=last).map(|i| Formula::eq(&t, &number(i))).collect();
        let range = Formula::between(&number(0), &t, &number(last));
        self.program.terms.push(OpenTerm {
            name: name.to_owned(),
            var,
            range,
            values,
            print: Print::Value,
            span: SPAN,
        });
        out
    }

    /// An unknown attribute of a party.
    pub(super) fn unknown(&mut self, name: &str, party: &str, low: i64, high: i64) -> Linear {
        let party = self.party(party);
        let var = Var::new(name, Sort::Real);
        let t = Linear::var(&var);
        let range = Formula::between(&number(low), &t, &number(high));
        self.program.unknowns.push(Unknown { var, range, party, print: Print::Unit(String::new()) });
        t
    }

    pub(super) fn check(&self) -> Report {
        self.check_with(&BruteForce)
    }

    pub(super) fn check_with(&self, prover: &dyn Prover) -> Report {
        let mut sources = Sources::default();
        sources.add("a.charter", "");
        let report = check(&self.program, &sources, prover, &Options::default());
        for u in &report.undecided {
            assert!(!u.reached.contains("fault"), "{u:?}");
        }
        report
    }
}

/// `1/2`.
pub(super) fn ratio(a: i64, b: i64) -> Linear {
    Linear::constant(BigRational::new(a.into(), b.into()))
}

/// The findings of these codes, each as `code level s1 s3`.
pub(super) fn found(report: &Report, codes: &[&str]) -> Vec<String> {
    let brief = |f: &Finding| {
        let statements: Vec<&str> = f.statements.iter().map(|s| s.text.as_str()).collect();
        format!("{} {:?} {}", f.code, f.level, statements.join(" ")).to_lowercase()
    };
    report.findings.iter().filter(|f| codes.contains(&f.code.as_str())).map(brief).collect()
}

/// The conflicts between members.
pub(super) fn conflicts(report: &Report) -> Vec<String> {
    found(report, &["B01", "B02", "B03", "T01"])
}

/// Every way out, `cost: change`.
pub(super) fn ways(f: &Finding) -> Vec<String> {
    f.ways_out.iter().map(|w| format!("{}: {}", w.cost, w.changes.join("; "))).collect()
}

/// The settlement that was found, `name = value`.
pub(super) fn witness(report: &Report, code: &str) -> Option<Vec<String>> {
    let proved = report.proved.iter().find(|p| p.code == code)?;
    Some(proved.witness.iter().map(|(n, v)| format!("{n} = {v}")).collect())
}
