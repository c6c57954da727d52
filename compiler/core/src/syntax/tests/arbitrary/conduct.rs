//! Trees of what is owed: actions, norms, rules, scenarios, properties of conduct.

use super::{SPAN, article_number, date, doc, expr, expression, name, parameters, path, quantity, text, type_name};
use crate::syntax::tree::conduct::*;
use crate::syntax::tree::*;
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::option;
use proptest::prelude::*;
use proptest::strategy::Union;

fn word(text: &str) -> Name {
    Name { text: text.into(), quoted: false, span: SPAN }
}

fn kind() -> BoxedStrategy<Path> {
    prop_oneof![path(), Just(Path { segments: vec![word("party")], span: SPAN })].boxed()
}

/// The name of a parameter or an argument: words of the language can be one.
fn label() -> BoxedStrategy<Name> {
    prop_oneof![2 => name(), 1 => prop::sample::select(vec!["by", "on", "to", "with", "not"]).prop_map(word)].boxed()
}

fn whole() -> impl Strategy<Value = Expr> {
    (0u32..2_000).prop_map(|n| expr(ExprKind::Number(BigRational::from_integer(BigInt::from(n)))))
}

pub(super) fn any_party() -> impl Strategy<Value = ExprKind> {
    (any::<bool>(), kind(), option::of(name())).prop_map(|(other, kind, variable)| ExprKind::AnyParty {
        other,
        kind,
        variable,
    })
}

fn argument(value: BoxedStrategy<Expr>) -> impl Strategy<Value = Argument> {
    let bound = prop::sample::select(vec![BinaryOp::Less, BinaryOp::AtMost, BinaryOp::Greater, BinaryOp::AtLeast]);
    let one = prop_oneof![
        3 => value.clone(),
        1 => option::of(name()).prop_map(|n| expr(ExprKind::Anyone(n))),
        1 => any_party().prop_map(expr),
        1 => label().prop_map(|n| expr(ExprKind::Path(Path { segments: vec![n], span: SPAN }))),
    ];
    prop_oneof![
        3 => (option::of(label()), one).prop_map(|(name, value)| Argument { name, value }),
        1 => (label(), bound, value).prop_map(|(name, op, value)| Argument {
            name: Some(name),
            value: expr(ExprKind::Bound(op, Box::new(value))),
        }),
    ]
}

pub(super) fn act(value: BoxedStrategy<Expr>) -> BoxedStrategy<Act> {
    (path(), prop::collection::vec(argument(value), 0..3))
        .prop_map(|(action, arguments)| Act { action, arguments, span: SPAN })
        .boxed()
}

fn target() -> BoxedStrategy<NormTarget> {
    prop_oneof![
        3 => article_number().prop_map(NormTargetKind::Article),
        1 => Just(NormTargetKind::This),
        1 => Just(NormTargetKind::Any),
        1 => name().prop_map(NormTargetKind::Label),
        1 => Just(NormTargetKind::Contracts),
        1 => name().prop_map(NormTargetKind::Parameter),
    ]
    .prop_map(|kind| NormTarget { kind, span: SPAN })
    .boxed()
}

/// What a rank or a survival is said of, and what a finding is made by: no parameter and no `contracts`.
fn told() -> BoxedStrategy<NormTarget> {
    prop_oneof![
        article_number().prop_map(NormTargetKind::Article),
        Just(NormTargetKind::This),
        name().prop_map(NormTargetKind::Label),
    ]
    .prop_map(|kind| NormTarget { kind, span: SPAN })
    .boxed()
}

pub(super) fn targets() -> impl Strategy<Value = Vec<NormTarget>> {
    prop::collection::vec(target(), 0..3)
}

pub(super) fn modifier() -> BoxedStrategy<ModifierKind> {
    let e = expression();
    Union::new([
        e.clone().prop_map(ModifierKind::Unless).boxed(),
        e.clone().prop_map(ModifierKind::Within).boxed(),
        e.clone().prop_map(ModifierKind::After).boxed(),
        e.clone().prop_map(ModifierKind::Every).boxed(),
        quantity().prop_map(ModifierKind::Every).boxed(),
        e.clone().prop_map(ModifierKind::ForTheFirst).boxed(),
        e.clone().prop_map(ModifierKind::In).boxed(),
        (prop_oneof![quantity(), e.clone()], act(e))
            .prop_map(|(days, act)| ModifierKind::Before { days, act: Box::new(act) })
            .boxed(),
        target().prop_map(ModifierKind::Notwithstanding).boxed(),
        target().prop_map(ModifierKind::SubjectTo).boxed(),
        Just(ModifierKind::EachAnswerable).boxed(),
        Just(ModifierKind::Discretion).boxed(),
    ])
    .boxed()
}

fn subject() -> BoxedStrategy<NormSubject> {
    let quantifier = prop_oneof![
        Just(Quantifier::Every),
        Just(Quantifier::Any),
        Just(Quantifier::Some),
        whole().prop_map(|n| Quantifier::AtLeast(Box::new(n))),
        expression().prop_map(|n| Quantifier::AtLeast(Box::new(n))),
    ];
    let many = (
        quantifier,
        any::<bool>(),
        kind(),
        option::of(name()),
        prop::collection::vec(path(), 0..3),
        option::of(expression().prop_map(Box::new)),
    );
    prop_oneof![
        1 => path().prop_map(NormSubject::Named),
        2 => many.prop_map(|(quantifier, other, kind, variable, except, filter)| NormSubject::Many {
            quantifier,
            other,
            kind,
            variable,
            except,
            filter,
        }),
    ]
    .boxed()
}

fn norm() -> BoxedStrategy<Norm> {
    let deed = prop_oneof![
        3 => act(expression()).prop_map(Deed::Act),
        1 => expression().prop_map(Deed::Ensure),
        1 => (kind(), path()).prop_map(|(kind, action)| Deed::Alike { kind, action }),
    ];
    let force = prop::sample::select(vec![Force::Must, Force::MustNot, Force::May, Force::Entitled, Force::Should]);
    (subject(), any::<bool>(), force, deed)
        .prop_map(|(mut subject, no, mut force, deed)| {
            // `no party may` is the only norm that begins with `no`
            if let NormSubject::Many { quantifier: quantifier @ Quantifier::Every, .. } = &mut subject
                && no
            {
                (*quantifier, force) = (Quantifier::No, Force::MustNot);
            }
            Norm { then: false, subject, force, deed }
        })
        .boxed()
}

fn small_statement() -> BoxedStrategy<StatementKind> {
    use StatementKind as S;
    Union::new([
        norm().prop_map(S::from).boxed(),
        norm().prop_map(S::from).boxed(),
        norm().prop_map(S::from).boxed(),
        path().prop_map(|level| S::Ceiling { level }).boxed(),
        expression().prop_map(|condition| S::Lift { condition }).boxed(),
        (path(), path()).prop_map(|(fund, event)| S::Compensate { fund, event }).boxed(),
        prop::collection::vec(name(), 1..4).prop_map(|goods| S::Exempt { goods }).boxed(),
        Just(S::Proportionate).boxed(),
        Just(S::SnapBack).boxed(),
        (target(), option::of(path())).prop_map(|(target, action)| S::Reservation { target, action }).boxed(),
        (told(), target()).prop_map(|(upper, lower)| S::Prevails { upper, lower }).boxed(),
        option::of(expression()).prop_map(|notice| S::Withdraw { notice }).boxed(),
        told().prop_map(|target| S::Survives { target }).boxed(),
    ])
    .boxed()
}

/// Statements of these kinds, with what stands around each.
pub(super) fn statements(kind: BoxedStrategy<StatementKind>) -> BoxedStrategy<Vec<Statement>> {
    let one = (doc(), option::of(name()), kind, prop::collection::vec(super::modifier(), 0..3))
        .prop_map(|(doc, label, kind, modifiers)| Statement { doc, label, kind, modifiers, span: SPAN });
    prop::collection::vec(one, 0..4).boxed()
}

/// The statements of a rule: norms may be steps.
fn rule_body() -> BoxedStrategy<Vec<Statement>> {
    let step = norm().prop_map(|norm| StatementKind::from(Norm { then: true, ..norm }));
    let kind = prop_oneof![1 => step, 3 => small_statement()].boxed();
    let each = for_each(statements(kind.clone()));
    statements(prop_oneof![4 => kind, 1 => each].boxed())
}

fn for_each(body: BoxedStrategy<Vec<Statement>>) -> BoxedStrategy<StatementKind> {
    (prop::collection::vec(name(), 1..4), kind(), option::of(expression()), body)
        .prop_map(|(variables, kind, filter, statements)| {
            StatementKind::For(ForAll { variables, kind, filter, statements })
        })
        .boxed()
}

pub(super) fn statement_kind() -> BoxedStrategy<StatementKind> {
    let event = prop_oneof![
        (targets(), name(), option::of(name())).prop_map(|(of, by, against)| TriggerEvent::Breach { of, by, against }),
        (act(expression()), option::of(name()), option::of(expression()))
            .prop_map(|(act, by, place)| TriggerEvent::Occurs { act, by, place }),
    ];
    let decision =
        prop::sample::select(vec!["2/3 of parties except v", "85% of gdp", "consensus, quorum 10 of parties"])
            .prop_map(|words| Decision { words: words.to_owned(), span: SPAN });
    let trigger = (event, option::of(decision), rule_body())
        .prop_map(|(event, determined, statements)| Trigger { event, determined, statements }.into());
    prop_oneof![5 => small_statement(), 2 => trigger, 1 => for_each(statements(small_statement()))].boxed()
}

fn day() -> BoxedStrategy<Expr> {
    prop_oneof![3 => whole(), 1 => date()].boxed()
}

fn step() -> BoxedStrategy<Step> {
    let until = prop_oneof![day().prop_map(Until::Day), Just(Until::Open)];
    let act = act(expression());
    let duty = (any::<bool>(), path(), act.clone(), option::of(day()), option::of(day()));
    let breach = (any::<bool>(), option::of(target()), option::of(path()), option::of(path()), option::of(day()));
    let expectation = prop_oneof![
        duty.prop_map(|(none, party, act, by, on)| Expectation::Duty { none, party, act, by, on }),
        (any::<bool>(), path(), act.clone(), option::of(day()))
            .prop_map(|(lawful, party, act, on)| Expectation::Permission { lawful, party, act, on }),
        breach.prop_map(|(none, of, by, against, on)| Expectation::Breach { none, of, by, against, on }),
    ];
    Union::new([
        (day(), date()).prop_map(|(day, date)| StepKind::Calendar { day, date }).boxed(),
        (day(), option::of(path()), act, option::of(expression()), option::of(until))
            .prop_map(|(day, party, act, place, until)| StepKind::Happens { day, party, act, place, until })
            .boxed(),
        (day(), told(), target(), path(), option::of(path()))
            .prop_map(|(day, article, of, by, against)| StepKind::Determines { day, article, of, by, against })
            .boxed(),
        (day(), path()).prop_map(|(day, party)| StepKind::Withdraws { day, party }).boxed(),
        expectation.prop_map(StepKind::Expect).boxed(),
    ])
    .prop_map(|kind| Step { kind, span: SPAN })
    .boxed()
}

fn action(least: usize) -> BoxedStrategy<Action> {
    let parameter = (label(), option::of(type_name()), option::of(expression()))
        .prop_map(|(name, sort, default)| Parameter { name, sort, default });
    let quantity = (path(), parameters()).prop_map(|(callee, all)| {
        let arguments = all
            .into_iter()
            .map(|p| Argument { name: None, value: expr(ExprKind::Path(Path { segments: vec![p.name], span: SPAN })) });
        expr(ExprKind::Call { callee, arguments: arguments.collect() })
    });
    let one = prop_oneof![
        path().prop_map(ActionTraitKind::Severity),
        text().prop_map(ActionTraitKind::Reads),
        Just(ActionTraitKind::Hostile),
        Just(ActionTraitKind::Helps),
        path().prop_map(ActionTraitKind::Hinders),
        (quantity, expression()).prop_map(|(quantity, by)| ActionTraitKind::Changes { quantity, by }),
        (path(), option::of(expression())).prop_map(|(flow, by)| ActionTraitKind::Cuts { flow, by }),
        Just(ActionTraitKind::Lasting),
        Just(ActionTraitKind::Once),
    ]
    .prop_map(|kind| ActionTrait { kind, span: SPAN });
    (name(), prop::collection::vec(parameter, least..4), prop::collection::vec(one, 0..4))
        .prop_map(|(name, parameters, traits)| Action { name, parameters, traits })
        .boxed()
}

pub(super) fn fund() -> impl Strategy<Value = Fund> {
    (name(), expression()).prop_map(|(name, amount)| Fund { name, amount })
}

pub(super) fn item_kind() -> BoxedStrategy<ItemKind> {
    Union::new([
        (name(), prop::collection::vec(name(), 1..4))
            .prop_map(|(name, levels)| ItemKind::Ladder(Ladder { name, levels }))
            .boxed(),
        action(1).prop_map(ItemKind::Action).boxed(),
        action(0).prop_map(ItemKind::Event).boxed(),
        fund().prop_map(ItemKind::Fund).boxed(),
        (name(), expression(), option::of(name()))
            .prop_map(|(name, floor, supplied)| ItemKind::Flow(Flow { name, floor, supplied }))
            .boxed(),
        (name(), prop::collection::vec(path(), 1..3), statements(small_statement()))
            .prop_map(|(name, parties, statements)| ItemKind::Contract(Contract { name, parties, statements }))
            .boxed(),
        (text(), path(), prop::collection::vec(path(), 0..3), prop::collection::vec(step(), 0..5))
            .prop_map(|(title, charter, with, steps)| ItemKind::Scenario(Scenario { title, charter, with, steps }))
            .boxed(),
    ])
    .boxed()
}

pub(super) fn property() -> BoxedStrategy<ConductProperty> {
    let mode = prop::sample::select(vec![Mode::Always, Mode::Never, Mode::Possible]);
    let c = path();
    Union::new([
        (c.clone(), mode, expression(), any::<bool>())
            .prop_map(|(charter, mode, condition, every_situation)| ConductProperty::Holds {
                charter,
                mode,
                condition,
                every_situation,
            })
            .boxed(),
        c.clone().prop_map(|charter| ConductProperty::Inward { charter }).boxed(),
        c.clone().prop_map(|charter| ConductProperty::Answered { charter }).boxed(),
        (c.clone(), path()).prop_map(|(left, right)| ConductProperty::NoThreat { left, right }).boxed(),
        (c, path()).prop_map(|(charter, level)| ConductProperty::Ceiling { charter, level }).boxed(),
    ])
    .boxed()
}
