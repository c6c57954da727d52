//! Trees of every shape that a text can have, for property tests.
//!
//! Names avoid the words of the language; spans are all the same. What is owed is in [`conduct`].

mod conduct;

use crate::source::{FileId, Span};
use crate::syntax::tree::*;
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::Union;

const SPAN: Span = Span::new(FileId(0), 0, 0);

fn bare() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z0-9_]{0,6}q",
        Just("Éire".to_owned()),
        Just("日本語".to_owned()),
        Just("fé80".to_owned()),
        Just("Шар".to_owned()),
    ]
}

fn name() -> BoxedStrategy<Name> {
    prop_oneof![
        4 => bare().prop_map(|text| Name { text: text.into(), quoted: false, span: SPAN }),
        1 => any_text().prop_map(|text| Name { text: text.into(), quoted: true, span: SPAN }),
    ]
    .boxed()
}

fn any_text() -> BoxedStrategy<String> {
    prop_oneof![
        "[ -~]{0,12}",
        Just("a \"quoted\" \\ name\n\twith more".to_owned()),
        Just("🏝️ Île".to_owned()),
        Just("charter”".to_owned()),
        Just("party".to_owned()),
    ]
    .boxed()
}

fn text() -> impl Strategy<Value = Text> {
    any_text().prop_map(|text| Text { text, span: SPAN })
}

fn path() -> BoxedStrategy<Path> {
    (name(), prop::collection::vec(name(), 0..3))
        .prop_map(|(first, rest)| Path { segments: std::iter::once(first).chain(rest).collect(), span: SPAN })
        .boxed()
}

fn doc() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("([a-zé][ -~]{0,10}[a-z])?", 0..3)
}

fn number() -> BoxedStrategy<BigRational> {
    (0u64..3_000_000_000_000, 0u32..4)
        .prop_map(|(n, places)| BigRational::new(BigInt::from(n), BigInt::from(10u64.pow(places))))
        .boxed()
}

fn degrees(limit: i64) -> impl Strategy<Value = BigRational> {
    prop_oneof![
        (-limit * 3600..=limit * 3600).prop_map(|n| BigRational::new(BigInt::from(n), BigInt::from(3600))),
        (-limit * 1000..=limit * 1000).prop_map(|n| BigRational::new(BigInt::from(n), BigInt::from(1000))),
        (0..limit * 36000).prop_map(|n| BigRational::new(BigInt::from(n), BigInt::from(36000))),
    ]
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: SPAN }
}

fn point() -> impl Strategy<Value = Expr> {
    (degrees(180), degrees(90))
        .prop_map(|(longitude, latitude)| expr(ExprKind::Point { longitude, latitude: Box::new(latitude) }))
}

fn date() -> impl Strategy<Value = Expr> {
    (1i32..=9999, 1u8..=12, 1u8..=28).prop_map(|(year, month, day)| expr(ExprKind::Date { year, month, day }))
}

fn quantity() -> impl Strategy<Value = Expr> {
    let unit = prop_oneof![
        3 => prop_oneof![Just("EUR"), Just("days"), Just("nmi"), Just("km2")].prop_map(|u| Name { text: u.into(), quoted: false, span: SPAN }),
        1 => Just(Name { text: "%".into(), quoted: false, span: SPAN }),
        1 => name(),
    ];
    (number(), prop_oneof![Just(0u32), Just(3), Just(6), Just(9), Just(12)], unit).prop_map(|(value, power, unit)| {
        let factor = BigRational::from_integer(BigInt::from(10u64.pow(power)));
        expr(ExprKind::Quantity { value, factor: Box::new(factor), unit })
    })
}

fn leaf() -> BoxedStrategy<Expr> {
    prop_oneof![
        4 => path().prop_map(|p| expr(ExprKind::Path(p))),
        2 => number().prop_map(|n| expr(ExprKind::Number(n))),
        2 => quantity(),
        1 => date(),
        1 => any::<bool>().prop_map(|b| expr(ExprKind::Bool(b))),
        1 => Just(expr(ExprKind::It)),
        1 => Just(expr(ExprKind::ItsParty)),
        1 => article_number().prop_map(|n| expr(ExprKind::Article(n))),
        1 => prop_oneof![Just("10.0.0.0/8"), Just("192.0.2.1"), Just("2001:db8::/32"), Just("::1"), Just("fe80::")].prop_map(|p| expr(ExprKind::Prefix(p.to_owned()))),
        1 => (0u8..=128).prop_map(|n| expr(ExprKind::PrefixLength(n))),
        1 => point(),
        1 => degrees(90).prop_map(|degrees| expr(ExprKind::Angle { degrees, axis: Axis::Latitude })),
        1 => degrees(180).prop_map(|degrees| expr(ExprKind::Angle { degrees, axis: Axis::Longitude })),
        1 => (prop::collection::vec(point(), 0..4), prop::collection::vec(prop::collection::vec(point(), 0..3), 0..3)).prop_map(|(shell, holes)| expr(ExprKind::Polygon { shell, holes })),
    ]
    .boxed()
}

fn article_number() -> impl Strategy<Value = String> {
    "[1-9][0-9]?(bis|ter|\\.[0-9])?"
}

fn operator() -> impl Strategy<Value = BinaryOp> {
    use BinaryOp as B;
    prop::sample::select(vec![
        B::Plus,
        B::Minus,
        B::Times,
        B::Divide,
        B::Intersect,
        B::And,
        B::Or,
        B::Equal,
        B::NotEqual,
        B::Less,
        B::AtMost,
        B::Greater,
        B::AtLeast,
        B::LiesWithin,
    ])
}

fn arguments(value: BoxedStrategy<Expr>) -> impl Strategy<Value = Vec<Argument>> {
    prop::collection::vec((option::of(name()), value).prop_map(|(name, value)| Argument { name, value }), 0..3)
}

pub(super) fn expression() -> BoxedStrategy<Expr> {
    leaf()
        .prop_recursive(4, 40, 3, |inner| {
            let e = inner.clone().prop_map(Box::new).boxed();
            let compass = prop::sample::select(vec![Compass::North, Compass::South, Compass::East, Compass::West]);
            let kind = prop_oneof![
                path(),
                Just(Path {
                    segments: vec![Name { text: "party".into(), quoted: false, span: SPAN }],
                    span: SPAN
                })
            ];
            let variable = option::of(name());
            let who = prop_oneof![Just(ExprKind::It), path().prop_map(ExprKind::Path)].prop_map(|k| Box::new(expr(k)));
            let done = conduct::act(inner.clone().boxed());
            let all = (kind.clone(), variable.clone(), done.clone()).prop_map(|(kind, variable, act)| {
                let party = variable.clone().map_or(ExprKind::It, |n| ExprKind::Path(Path { segments: vec![n], span: SPAN }));
                let value = Some(Box::new(expr(ExprKind::May { party: Box::new(expr(party)), act })));
                ExprKind::Aggregate { op: AggregateOp::ForAll, value, kind, variable, filter: None }
            });
            prop_oneof![
                1 => (who.clone(), done.clone()).prop_map(|(party, act)| ExprKind::Has { party, act }),
                1 => (who, done).prop_map(|(party, act)| ExprKind::May { party, act }),
                1 => all,
                1 => (e.clone(), e.clone()).prop_map(|(c, n)| ExprKind::InTheLast(c, n)),
                1 => (conduct::targets(), e.clone(), option::of(e.clone())).prop_map(|(of, by, against)| ExprKind::BreachOf { of, by, against }),
                1 => conduct::any_party(),
                6 => (operator(), e.clone(), e.clone()).prop_map(|(op, a, b)| ExprKind::Binary(op, a, b)),
                1 => e.clone().prop_map(|a| ExprKind::Unary(UnaryOp::Not, a)),
                1 => e.clone().prop_map(|a| ExprKind::Unary(UnaryOp::Minus, a)),
                1 => (e.clone(), e.clone(), e.clone()).prop_map(|(a, b, c)| ExprKind::If(a, b, c)),
                2 => (e.clone(), e.clone()).prop_map(|(a, b)| ExprKind::Range(a, b)),
                1 => prop::collection::vec((inner.clone(), prop::collection::vec(path(), 1..3)), 1..3).prop_map(ExprKind::Bracketed),
                1 => (path(), arguments(inner.clone().boxed())).prop_map(|(callee, arguments)| ExprKind::Call { callee, arguments }),
                1 => (e.clone(), kind.clone(), variable.clone(), option::of(e.clone())).prop_map(|(v, kind, variable, filter)| ExprKind::Aggregate { op: AggregateOp::Sum, value: Some(v), kind, variable, filter }),
                1 => (kind.clone(), variable.clone(), option::of(e.clone())).prop_map(|(kind, variable, filter)| ExprKind::Aggregate { op: AggregateOp::Count, value: None, kind, variable, filter }),
                1 => (any::<bool>(), e.clone(), kind, variable, option::of(e.clone())).prop_map(|(all, v, kind, variable, filter)| ExprKind::Aggregate { op: if all { AggregateOp::ForAll } else { AggregateOp::Exists }, value: Some(v), kind, variable, filter }),
                1 => (compass, e.clone()).prop_map(|(c, a)| ExprKind::SideOf(c, a)),
                1 => (e.clone(), e.clone()).prop_map(|(a, b)| ExprKind::BetweenAngles(a, b)),
                2 => (e.clone(), e.clone()).prop_map(|(a, b)| ExprKind::WithinDistance(a, b)),
                1 => e.clone().prop_map(ExprKind::TerritoryOf),
                1 => e.clone().prop_map(ExprKind::GroundClaimedBy),
                2 => (name(), e).prop_map(|(n, a)| ExprKind::AttributeOf(n, a)),
            ]
            .prop_map(expr)
        })
        .boxed()
}

fn modifier() -> impl Strategy<Value = Modifier> {
    prop_oneof![
        path().prop_map(ModifierKind::As),
        date().prop_map(ModifierKind::From),
        date().prop_map(ModifierKind::Until),
        expression().prop_map(ModifierKind::When),
        expression().prop_map(ModifierKind::Quota),
        text().prop_map(ModifierKind::Basis),
        text().prop_map(ModifierKind::Source),
        date().prop_map(ModifierKind::AsOf),
        conduct::modifier(),
        conduct::modifier(),
    ]
    .prop_map(|kind| Modifier { kind, span: SPAN })
}

fn subject() -> impl Strategy<Value = Subject> {
    prop_oneof![
        3 => path().prop_map(Subject::Party),
        1 => (path(), option::of(name())).prop_map(|(kind, variable)| Subject::Every { kind, variable }),
    ]
}

fn field_path() -> impl Strategy<Value = FieldPath> {
    let step = prop_oneof![
        3 => name().prop_map(FieldSegment::Key),
        1 => Just(FieldSegment::Each),
        1 => name().prop_map(FieldSegment::Bind),
    ];
    (name().prop_map(FieldSegment::Key), prop::collection::vec(step, 0..3))
        .prop_map(|(first, rest)| FieldPath { segments: std::iter::once(first).chain(rest).collect(), span: SPAN })
}

fn leg() -> impl Strategy<Value = Leg> {
    let line =
        prop::sample::select(vec![Line::Meridian, Line::Parallel, Line::Geodesic, Line::Loxodrome, Line::Median]);
    let end = prop_oneof![expression().prop_map(LegEnd::Point), point().prop_map(LegEnd::Open)];
    (line, option::of(point()), end).prop_map(|(line, from, to)| Leg { line, from, to, span: SPAN })
}

fn requirement() -> impl Strategy<Value = Requirement> {
    let scope = (option::of(path()), option::of(path())).prop_map(|(over, right)| ClaimScope { over, right });
    let e = expression();
    let sizes = prop_oneof![
        (e.clone(), e.clone()).prop_map(|(a, b)| (Some(a), Some(b))),
        e.clone().prop_map(|a| (Some(a), None)),
        e.clone().prop_map(|a| (None, Some(a))),
    ];
    prop_oneof![
        (scope.clone(), e.clone()).prop_map(|(scope, within)| Requirement::ClaimsWithin { scope, within }),
        (scope, sizes).prop_map(|(scope, (least, most))| Requirement::ClaimsSized { scope, least, most }),
        (path(), prop::collection::vec(path(), 1..3))
            .prop_map(|(zones, prefixes)| Requirement::ReverseZonesWithin { zones, prefixes }),
        path().prop_map(|attribute| Requirement::Differs { attribute }),
        e.prop_map(Requirement::Condition),
    ]
}

fn statement_kind() -> BoxedStrategy<StatementKind> {
    use StatementKind as S;
    let (p, e) = (path(), expression());
    let group = prop::collection::vec(path(), 2..4);
    let target = prop_oneof![
        article_number().prop_map(|n| WaiverTarget::Article(n, SPAN)),
        name().prop_map(WaiverTarget::Label)
    ];
    Union::new([
        (subject(), e.clone()).prop_map(|(party, region)| S::Claims { party, region }).boxed(),
        (subject(), e.clone()).prop_map(|(party, region)| S::Controls { party, region }).boxed(),
        (p.clone(), p.clone(), e.clone())
            .prop_map(|(party, holder, region)| S::Recognises { party, holder, region })
            .boxed(),
        (p.clone(), p.clone(), e.clone())
            .prop_map(|(party, holder, region)| S::Protests { party, holder, region })
            .boxed(),
        (group.clone(), e.clone()).prop_map(|(parties, region)| S::Jointly { parties, region }).boxed(),
        (group, e.clone()).prop_map(|(parties, region)| S::SetAside { parties, region }).boxed(),
        (p.clone(), e.clone(), p.clone()).prop_map(|(party, region, to)| S::Leases { party, region, to }).boxed(),
        (p.clone(), e.clone(), p.clone()).prop_map(|(party, region, to)| S::Delegates { party, region, to }).boxed(),
        (p.clone(), e.clone(), p.clone())
            .prop_map(|(party, region, under)| S::HoldsUnder { party, region, under })
            .boxed(),
        (p.clone(), e.clone()).prop_map(|(party, region)| S::Waives { party, region }).boxed(),
        e.clone().prop_map(|region| S::Frozen { region }).boxed(),
        e.prop_map(|region| S::Common { region }).boxed(),
        (p.clone(), p.clone(), prop::collection::vec(leg(), 1..3), p.clone(), option::of(name()))
            .prop_map(|(a, b, legs, left, datum)| S::Boundary { parties: (a, b), legs, left, datum })
            .boxed(),
        requirement().prop_map(|r| S::Require(Box::new(r))).boxed(),
        (target, prop::collection::vec(path(), 1..3))
            .prop_map(|(target, parties)| S::RequirementWaived { target, parties })
            .boxed(),
        (p.clone(), field_path(), p.clone())
            .prop_map(|(data, field, atlas)| S::ClaimsFrom { data, field, atlas })
            .boxed(),
        (p.clone(), field_path(), p.clone(), name(), name(), prop::collection::vec(path(), 0..3))
            .prop_map(|(data, field, kind, attribute, equals, atlases)| S::DelegationsFrom {
                data,
                field,
                kind,
                attribute,
                equals,
                atlases,
            })
            .boxed(),
        (p, arguments(expression())).prop_map(|(clause, arguments)| S::Adopts { clause, arguments }).boxed(),
    ])
    .boxed()
}

fn statements() -> BoxedStrategy<Vec<Statement>> {
    conduct::statements(prop_oneof![2 => statement_kind(), 1 => conduct::statement_kind()].boxed())
}

fn type_name() -> impl Strategy<Value = TypeName> {
    (path(), option::of(path())).prop_map(|(path, of)| TypeName { path, of })
}

fn parameters() -> impl Strategy<Value = Vec<Parameter>> {
    let one = (name(), option::of(type_name()), option::of(expression())).prop_map(|(name, sort, default)| Parameter {
        name,
        sort,
        default,
    });
    prop::collection::vec(one, 0..3)
}

fn settings() -> impl Strategy<Value = Vec<Setting>> {
    let kind = prop_oneof![
        text().prop_map(SettingKind::Source),
        text().prop_map(SettingKind::Licence),
        date().prop_map(SettingKind::AsOf),
        quantity().prop_map(SettingKind::Accuracy),
        quantity().prop_map(SettingKind::Tolerance),
        any::<bool>().prop_map(|b| SettingKind::Extent(if b { Extent::Land } else { Extent::WithWaters })),
        name().prop_map(SettingKind::Datum),
    ];
    prop::collection::vec(kind.prop_map(|kind| Setting { kind, span: SPAN }), 0..4)
}

fn region() -> impl Strategy<Value = Region> {
    (doc(), name(), option::of(expression())).prop_map(|(doc, name, value)| Region { doc, name, value, span: SPAN })
}

fn parties_from() -> impl Strategy<Value = PartiesFrom> {
    (path(), option::of(path()), prop::collection::vec((name(), field_path()), 0..3), option::of(field_path()))
        .prop_map(|(data, kind, mapping, named)| PartiesFrom { data, kind, mapping, named, span: SPAN })
}

fn charter() -> impl Strategy<Value = Charter> {
    let entry = prop_oneof![
        path().prop_map(MemberEntry::Named),
        path().prop_map(MemberEntry::AnyOf),
        parties_from().prop_map(MemberEntry::From),
    ];
    let members = prop::collection::vec(entry, 1..4).prop_map(|entries| Members { entries, span: SPAN });
    let article =
        (doc(), article_number(), option::of(text()), statements()).prop_map(|(doc, number, title, statements)| {
            Article { doc, number, title, statements, head: SPAN, span: SPAN }
        });
    let parts = (
        prop::collection::vec(members, 0..2),
        prop::collection::vec(conduct::fund(), 0..2),
        option::of(Just(SPAN)),
        prop::collection::vec(article, 0..3),
    );
    (name(), option::of(text()), prop::collection::vec(path(), 0..3), parts).prop_map(
        |(name, title, matters, (members, funds, overrides, articles))| Charter {
            name,
            title,
            matters,
            members,
            funds,
            overrides,
            articles,
        },
    )
}

fn atlas() -> impl Strategy<Value = Atlas> {
    let space = prop_oneof![
        (prop::collection::vec(text(), 1..3), path()).prop_map(|(files, key)| Space::File { files, key }),
        name().prop_map(Space::Interval),
        prop::sample::select(vec![Space::Earth, Space::Ipv4, Space::Ipv6, Space::Domain, Space::Integer, Space::Plain]),
    ];
    (name(), space, settings(), prop::collection::vec(region(), 0..4))
        .prop_map(|(name, space, settings, regions)| Atlas { name, space, settings, regions })
}

fn data() -> impl Strategy<Value = Data> {
    (
        name(),
        prop::collection::vec(text(), 1..3),
        option::of(path()),
        option::of(field_path()),
        prop::collection::vec(field_path(), 0..3),
        settings(),
    )
        .prop_map(|(name, files, one_a_file, key, ignoring, settings)| Data {
            name,
            files,
            one_a_file,
            key,
            ignoring,
            settings,
        })
}

fn prove() -> impl Strategy<Value = Prove> {
    let (c, e) = (path(), expression());
    let property = prop_oneof![
        c.clone().prop_map(|charter| Property::Settled { charter }),
        c.clone().prop_map(|charter| Property::HoldAlways { charter }),
        (c.clone(), e.clone()).prop_map(|(charter, region)| Property::Covered { charter, region }),
        (option::of(c.clone()), e.clone(), e.clone()).prop_map(|(charter, inner, outer)| Property::Within {
            charter,
            inner,
            outer
        }),
        (option::of(c), e.clone(), e).prop_map(|(charter, left, right)| Property::Disjoint { charter, left, right }),
    ];
    let property = prop_oneof![2 => property, 1 => conduct::property().prop_map(Property::Conduct)];
    (option::of(name()), property).prop_map(|(label, property)| Prove { label, property })
}

fn item_kind() -> BoxedStrategy<ItemKind> {
    let mode = prop::sample::select(vec![RightMode::Exclusive, RightMode::Shared, RightMode::Quota]);
    let attribute = (name(), type_name()).prop_map(|(name, sort)| Attribute { name, sort });
    let value = (name(), expression()).prop_map(|(name, value)| AttributeValue { name, value });
    let range = (quantity(), quantity()).prop_map(|(a, b)| expr(ExprKind::Range(Box::new(a), Box::new(b))));
    let domain = prop_oneof![
        prop::collection::vec(name(), 0..4).prop_map(TermDomain::OneOf),
        (type_name(), option::of(range)).prop_map(|(sort, range)| TermDomain::Typed { sort, range }),
    ];
    let stance = prop_oneof![
        expression().prop_map(StanceKind::Accepts),
        (expression(), option::of(expression()))
            .prop_map(|(condition, weight)| StanceKind::Prefers { condition, weight }),
        (expression(), expression()).prop_map(|(region, worth)| StanceKind::Values { region, worth }),
    ];
    let target = prop_oneof![path().prop_map(ImportTarget::Standard), text().prop_map(ImportTarget::File)].prop_filter(
        "a module's path begins bare",
        |t| !matches!(t, ImportTarget::Standard(p) if p.segments.first().is_some_and(|n| n.quoted)),
    );
    Union::new([
        (target, option::of(name())).prop_map(|(target, alias)| ItemKind::Import(Import { target, alias })).boxed(),
        (name(), option::of(path()), prop::collection::vec(attribute, 0..3))
            .prop_map(|(name, parent, attributes)| ItemKind::Kind(Kind { name, parent, attributes }))
            .boxed(),
        (name(), option::of(path()), prop::collection::vec(value, 0..3))
            .prop_map(|(name, kind, attributes)| ItemKind::Party(Party { name, kind, attributes }))
            .boxed(),
        (name(), mode).prop_map(|(name, mode)| ItemKind::Right(Right { name, mode })).boxed(),
        (path(), prop::collection::vec(path(), 1..3))
            .prop_map(|(right, excluded)| ItemKind::Excludes(Excludes { right, excluded }))
            .boxed(),
        (name(), option::of(expression()))
            .prop_map(|(name, definition)| ItemKind::Unit(UnitDeclaration { name, definition }))
            .boxed(),
        atlas().prop_map(ItemKind::Atlas).boxed(),
        region().prop_map(|r| ItemKind::Region(Region { doc: Vec::new(), ..r })).boxed(),
        (name(), domain).prop_map(|(name, domain)| ItemKind::OpenTerm(OpenTerm { name, domain })).boxed(),
        (option::of(name()), path(), stance)
            .prop_map(|(label, party, kind)| ItemKind::Stance(Stance { label, party, kind }))
            .boxed(),
        (name(), parameters(), statements())
            .prop_map(|(name, parameters, statements)| {
                ItemKind::ModelClause(ModelClause { name, parameters, statements })
            })
            .boxed(),
        charter().prop_map(ItemKind::Charter).boxed(),
        (path(), path(), statements())
            .prop_map(|(party, charter, statements)| ItemKind::Accession(Accession { party, charter, statements }))
            .boxed(),
        data().prop_map(ItemKind::Data).boxed(),
        parties_from().prop_map(ItemKind::PartiesFrom).boxed(),
        name().prop_map(ItemKind::Matter).boxed(),
        conduct::item_kind(),
        conduct::item_kind(),
        (name(), parameters(), expression())
            .prop_map(|(name, parameters, value)| ItemKind::Define(Define { name, parameters, value }))
            .boxed(),
        prove().prop_map(ItemKind::Prove).boxed(),
    ])
    .boxed()
}

pub(super) fn module() -> impl Strategy<Value = Module> {
    let item = (doc(), item_kind()).prop_map(|(doc, kind)| Item { doc, span: SPAN, kind });
    (doc(), prop::collection::vec(item, 0..5)).prop_map(|(doc, items)| Module {
        file: FileId(0),
        doc,
        items,
        prose: Vec::new(),
    })
}
