//! Small programs for the tests of checks: built by hand, checked with the prover by enumeration.
//!
//! In: names and statements. Out: the findings of one check. Where text cases exist (`tests/suite/check`) they are preferred:
//! what stands here is what text cannot say shortly.

mod a06;
mod b04;
mod b05;
mod b06;
mod b07;
mod b09;
mod b12;
mod b13;
pub(crate) mod conduct;

use super::{Check, Context};
use crate::atlas::{AtlasId, Builder, Leaf, LeafShape, RegionExpr, Settings, SpaceKind, line};
use crate::engine::Options;
use crate::logic::brute::BruteForce;
use crate::logic::{Formula, Linear, Var};
use crate::model::{
    Accession, AccessionId, AttributeValue, Charter, CharterId, KindId, OpenTerm, Party, PartyId, Print, Program,
    Reading, Region, Right, RightId, Statement, StatementId, StatementKind, Unknown, day,
};
use crate::report::document::Finding;
use crate::source::{FileId, Sources, Span};
use crate::syntax::tree::RightMode;
use indexmap::IndexMap;
use num_rational::BigRational;
use std::sync::Arc;

/// A program with one charter, `Pact`, and one atlas.
pub(crate) struct Build {
    program: Program,
    sources: Sources,
    expr: Vec<(&'static str, u32)>,
    with: Option<AccessionId>,
}

pub(crate) fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

/// 1, 2, 3, … for the days of a test: they print as dates of January 1970.
pub(crate) fn from(d: i64) -> Formula {
    Formula::ge(&Linear::var(&day()), &Linear::int(d))
}

pub(crate) fn until(d: i64) -> Formula {
    Formula::le(&Linear::var(&day()), &Linear::int(d))
}

pub(crate) fn always() -> Formula {
    Formula::truth()
}

pub(crate) const SOVEREIGNTY: RightId = RightId(0);
pub(crate) const ADMINISTRATION: RightId = RightId(1);

impl Build {
    /// Plain names: `Bay.North`.
    pub(crate) fn plain(names: &[&'static str]) -> Self {
        Self::over("Bay", SpaceKind::Plain, names, |_| LeafShape::Plain)
    }

    /// Boxes on the Earth: `Valley.West`, west, east, south and north in degrees.
    pub(crate) fn earth(boxes: &[(&'static str, [f64; 4])], settings: Settings) -> Self {
        let names: Vec<&'static str> = boxes.iter().map(|(name, _)| *name).collect();
        let shape = |name: &str| {
            let [west, east, south, north] = boxes.iter().find(|(n, _)| *n == name).unwrap().1;
            LeafShape::Polygons(comity_geometry::lon_lat_box(west, east, south, north))
        };
        Self::with_settings("Valley", SpaceKind::Earth, &names, settings, shape)
    }

    /// Blocks of addresses: `V4`, each region inline.
    pub(crate) fn blocks(blocks: &[&'static str]) -> Self {
        Self::over("V4", SpaceKind::Ipv4, blocks, |b| LeafShape::Prefixes(vec![line::parse_prefix(b).unwrap()]))
    }

    /// Stretches of a line: `Band`, each region inline.
    pub(crate) fn band(stretches: &[(&'static str, i64, i64)]) -> Self {
        let names: Vec<&'static str> = stretches.iter().map(|(name, ..)| *name).collect();
        Self::over("Band", SpaceKind::Interval("MHz".to_owned()), &names, |name| {
            let (_, lo, hi) = stretches.iter().find(|(n, ..)| *n == name).unwrap();
            LeafShape::Intervals(vec![line::Interval::new(
                BigRational::from_integer((*lo).into()),
                BigRational::from_integer((*hi).into()),
            )])
        })
    }

    fn over(name: &str, space: SpaceKind, names: &[&'static str], shape: impl Fn(&str) -> LeafShape) -> Self {
        Self::with_settings(name, space, names, Settings::default(), shape)
    }

    fn with_settings(
        name: &str,
        space: SpaceKind,
        names: &[&'static str],
        settings: Settings,
        shape: impl Fn(&str) -> LeafShape,
    ) -> Self {
        let mut sources = Sources::default();
        sources.add("pact.charter", "");
        let mut build = Self { program: Program::default(), sources, expr: Vec::new(), with: None };
        build.atlas_with(name, space, names, settings, shape);
        build.right("sovereignty", RightMode::Exclusive);
        build.right("administration", RightMode::Exclusive);
        build.program.kinds.push(crate::model::Kind { name: "Party".to_owned(), parent: None });
        build.program.charters.push(Charter {
            name: "Pact".to_owned(),
            title: None,
            members: Vec::new(),
            open: Vec::new(),
            statements: Vec::new(),
            span: span(),
        });
        build
    }

    /// A further atlas.
    pub(crate) fn atlas(
        &mut self,
        name: &str,
        space: SpaceKind,
        names: &[&'static str],
        shape: impl Fn(&str) -> LeafShape,
    ) -> AtlasId {
        self.atlas_with(name, space, names, Settings::default(), shape)
    }

    fn atlas_with(
        &mut self,
        name: &str,
        space: SpaceKind,
        names: &[&'static str],
        settings: Settings,
        shape: impl Fn(&str) -> LeafShape,
    ) -> AtlasId {
        let inline = !matches!(space, SpaceKind::Plain | SpaceKind::Earth);
        let mut builder = Builder::new(name, space, settings, span());
        for leaf in names {
            let number = builder.leaf(Leaf {
                name: (!inline).then(|| (*leaf).to_owned()),
                words: if inline { (*leaf).to_owned() } else { format!("{name}.{leaf}") },
                span: span(),
                shape: shape(leaf),
            });
            self.expr.push((*leaf, number));
        }
        self.program.atlases.push(builder.build().unwrap());
        AtlasId(u32::try_from(self.program.atlases.len() - 1).unwrap())
    }

    fn right(&mut self, name: &str, mode: RightMode) -> RightId {
        let id = RightId(u32::try_from(self.program.rights.len()).unwrap());
        let excludes = std::iter::once(id).collect();
        self.program.rights.push(Right { name: name.to_owned(), mode, excludes, span: None });
        id
    }

    /// A member.
    pub(crate) fn member(&mut self, name: &str) -> PartyId {
        let id = self.party(name, true);
        self.program.charters[0].members.push(id);
        id
    }

    /// A party that is no member, perhaps one that nothing declares.
    pub(crate) fn party(&mut self, name: &str, declared: bool) -> PartyId {
        let id = PartyId(u32::try_from(self.program.parties.len()).unwrap());
        let attributes = IndexMap::new();
        self.program.parties.push(Party { name: name.to_owned(), kind: KindId(0), span: span(), attributes, declared });
        id
    }

    /// A number that a party states.
    pub(crate) fn states(&mut self, party: PartyId, attribute: &str, value: i64) {
        let value = AttributeValue::Quantity(Linear::int(value), String::new());
        self.program.parties[party.0 as usize].attributes.insert(attribute.to_owned(), value);
    }

    /// A number that a party gives a range for.
    pub(crate) fn ranges(&mut self, party: PartyId, attribute: &str, low: i64, high: i64) -> Linear {
        let name = self.program.party_name(party).to_owned();
        let var = Var::int(format!("{attribute}({name})"));
        let t = Linear::var(&var);
        let range = Formula::between(&Linear::int(low), &t, &Linear::int(high));
        self.program.unknowns.push(Unknown { var, range, party, print: Print::Unit(String::new()) });
        let value = AttributeValue::Quantity(t.clone(), String::new());
        self.program.parties[party.0 as usize].attributes.insert(attribute.to_owned(), value);
        t
    }

    /// An open term with listed values; its variable counts them from 0.
    pub(crate) fn term(&mut self, name: &str, values: &[&str]) -> Linear {
        let var = Var::int(name);
        let t = Linear::var(&var);
        let last = Linear::int(i64::try_from(values.len()).unwrap() - 1);
        let range = Formula::between(&Linear::zero(), &t, &last);
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        self.program.terms.push(OpenTerm {
            name: name.to_owned(),
            var,
            range,
            values,
            print: Print::Value,
            span: span(),
        });
        t
    }

    /// The leaves of these names in the last atlas that has them.
    pub(crate) fn ground(&self, names: &[&str]) -> Region {
        let atlas = self.program.atlases.len() - 1;
        let leaf = |n: &&str| self.expr.iter().rfind(|(m, _)| m == n).map(|(_, l)| RegionExpr::Leaf(*l)).unwrap();
        self.ground_in(AtlasId(u32::try_from(atlas).unwrap()), &RegionExpr::Union(names.iter().map(leaf).collect()))
    }

    /// The same of the first atlas.
    pub(crate) fn first_ground(&self, names: &[&str]) -> Region {
        let leaf = |n: &&str| self.expr.iter().find(|(m, _)| m == n).map(|(_, l)| RegionExpr::Leaf(*l)).unwrap();
        self.ground_in(AtlasId(0), &RegionExpr::Union(names.iter().map(leaf).collect()))
    }

    fn ground_in(&self, atlas: AtlasId, expr: &RegionExpr) -> Region {
        let space = self.program.atlas(atlas).unwrap();
        let cells = space.region(expr);
        Region { atlas, words: space.describe(&cells), cells }
    }

    /// What follows is said in the accession of this candidate.
    pub(crate) fn candidate(&mut self, name: &str) -> PartyId {
        let party = self.party(name, true);
        self.program.accessions.push(Accession { party, charter: CharterId(0), statements: Vec::new(), span: span() });
        self.with = Some(AccessionId(u32::try_from(self.program.accessions.len() - 1).unwrap()));
        party
    }

    /// A statement by these parties.
    pub(crate) fn say(&mut self, parties: &[PartyId], kind: StatementKind, on: Formula) -> StatementId {
        self.cite(parties, kind, on, None)
    }

    /// A statement that rests on a source.
    pub(crate) fn cite(
        &mut self,
        parties: &[PartyId],
        kind: StatementKind,
        on: Formula,
        source: Option<&str>,
    ) -> StatementId {
        let id = StatementId(u32::try_from(self.program.statements.len()).unwrap());
        let address = format!("Pact/1/{}", id.0 + 1);
        let reading = Reading { source: source.map(str::to_owned), ..Reading::default() };
        let mut statement = Statement {
            id,
            identity: crate::model::Identity::Given(address.clone()),
            address,
            charter: Some(CharterId(0)),
            accession: self.with,
            article: Some("article 1".into()),
            parties: parties.to_vec(),
            kind,
            on,
            reading: reading.into(),
            span: span(),
            text: String::new(),
        };
        statement.text = crate::checks::words::role(&self.program, &statement);
        self.program.charters[0].statements.push(id);
        self.program.statements.push(statement);
        id
    }

    /// How accurate the source of a statement is, metres.
    pub(crate) fn accurate_to(&mut self, id: StatementId, metres: i64) {
        let accuracy = BigRational::from_integer(metres.into());
        Arc::make_mut(&mut self.program.statements[id.0 as usize].reading).accuracy_m = Some(accuracy);
    }

    pub(crate) fn claims(&mut self, party: PartyId, ground: &[&str]) -> StatementId {
        self.claims_when(party, ground, always())
    }

    pub(crate) fn claims_when(&mut self, party: PartyId, ground: &[&str], on: Formula) -> StatementId {
        let kind = StatementKind::Claim { party, right: SOVEREIGNTY, region: self.ground(ground), quota: None };
        self.say(&[party], kind, on)
    }

    pub(crate) fn leases(&mut self, party: PartyId, ground: &[&str], to: PartyId, on: Formula) -> StatementId {
        let kind = StatementKind::Lease { party, to, right: ADMINISTRATION, region: self.ground(ground) };
        self.say(&[party], kind, on)
    }

    pub(crate) fn delegates(&mut self, party: PartyId, ground: &[&str], to: PartyId, on: Formula) -> StatementId {
        let kind = StatementKind::Delegation { party, to, region: self.ground(ground) };
        self.say(&[party], kind, on)
    }

    /// The program so far.
    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// What one check finds.
    pub(crate) fn findings(&self, check: &dyn Check) -> Vec<Finding> {
        let options = Options::default();
        let mut cx = Context::new(&self.program, &self.sources, &BruteForce, &options);
        check.run(&mut cx);
        let sink = cx.finish();
        assert!(sink.undecided.is_empty(), "undecided: {:?}", sink.undecided);
        sink.findings
    }

    /// What one check proves, in words.
    pub(crate) fn proofs(&self, check: &dyn Check) -> Vec<String> {
        let options = Options::default();
        let mut cx = Context::new(&self.program, &self.sources, &BruteForce, &options);
        check.run(&mut cx);
        cx.finish().proved.into_iter().map(|p| p.question).collect()
    }
}

/// The messages alone.
pub(crate) fn messages(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|f| f.message.as_str()).collect()
}
