//! The grammar of charters, and what a person calls each of its rules.
//!
//! `charter.pest` is the reference of the language's spelling, rule by rule. In: a text. Out: whether it is a charter of
//! rings 1 and 2, and if not, the first place where it stops being one and what could stand there, in a person's words
//! ([`phrase`]). Builds no tree: the compiler's own parser does, and tests hold the two together.

use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use std::borrow::Cow;

pub use rules::{Charter, Rule};

/// What pest makes of the grammar.
#[expect(missing_docs, reason = "the rules are documented in charter.pest")]
mod rules {
    /// The parser that pest makes of `charter.pest`.
    #[derive(pest_derive::Parser, Debug)]
    #[grammar = "charter.pest"]
    pub struct Charter;
}

/// Where a text stops being a charter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// the byte at which no rule goes on
    pub offset: usize,
    /// what could stand there, each once, in order
    pub expected: Vec<String>,
}

/// Whether a whole text is a charter of rings 1 and 2.
///
/// # Errors
/// The furthest place that any rule reached.
pub fn check(text: &str) -> Result<(), Refused> {
    let Err(error) = Charter::parse(Rule::file, text) else { return Ok(()) };
    let offset = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let mut expected: Vec<String> = match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.into_iter().map(|r| phrase(r).into_owned()).collect(),
        ErrorVariant::CustomError { message } => vec![message],
    };
    expected.sort();
    expected.dedup();
    Err(Refused { offset, expected })
}

/// What a person calls a rule.
#[must_use]
pub fn phrase(rule: Rule) -> Cow<'static, str> {
    let name = format!("{rule:?}");
    if let Some(word) = name.strip_prefix("k_") {
        return format!("`{word}`").into();
    }
    let phrase = match rule {
        Rule::EOI => "the end of the text",
        Rule::WHITESPACE | Rule::COMMENT | Rule::gap => "a blank or a comment",
        Rule::doc | Rule::module_doc => "a description",
        Rule::file | Rule::item => "a declaration",
        Rule::import => "an import",
        Rule::kind => "a kind",
        Rule::attribute | Rule::attribute_value => "an attribute",
        Rule::type_name => "a type",
        Rule::party => "a party",
        Rule::right => "a right",
        Rule::excludes => "which rights exclude each other",
        Rule::unit_declaration | Rule::unit | Rule::unit_name => "a unit",
        Rule::matter => "a matter",
        Rule::define => "a definition",
        Rule::parameters | Rule::parameter => "a parameter",
        Rule::atlas | Rule::atlas_entry => "an atlas",
        Rule::space => "what an atlas is of",
        Rule::files => "a file in quotes",
        Rule::key_path | Rule::field_path | Rule::field_step => "a field",
        Rule::region_declaration | Rule::region => "a region",
        Rule::setting => "where rows come from or how fine they are",
        Rule::data | Rule::data_clause | Rule::data_clause_ahead => "a data declaration",
        Rule::parties_from_item | Rule::parties_from => "parties from data",
        Rule::open_term => "an open term",
        Rule::stance => "what a party accepts, prefers or values",
        Rule::weight => "a weight",
        Rule::label => "a label",
        Rule::charter => "a charter",
        Rule::members | Rule::member => "who is a party",
        Rule::article | Rule::article_head => "an article",
        Rule::article_number => "the number of an article",
        Rule::statements | Rule::statement | Rule::statement_kind | Rule::begins_statement => "a statement",
        Rule::accession => "an accession",
        Rule::model_clause => "a model clause",
        Rule::deed | Rule::every_claim | Rule::verb => "what a party states",
        Rule::joint => "what parties hold jointly or set aside",
        Rule::state => "whether a region is frozen or common",
        Rule::boundary => "a boundary",
        Rule::leg | Rule::line => "a leg of a boundary",
        Rule::datum => "a datum",
        Rule::left => "which party is on the left",
        Rule::require => "a requirement",
        Rule::claim_scope => "which claims are meant",
        Rule::sizes | Rule::least | Rule::most => "a size",
        Rule::waiver => "a waiver of a requirement",
        Rule::claims_from => "claims from data",
        Rule::delegations_from => "delegations from data",
        Rule::adopts => "a model clause to adopt",
        Rule::modifier => "a clause such as `as`, `from`, `until` or `when`",
        Rule::ladder => "a ladder",
        Rule::action => "an action",
        Rule::event => "an event",
        Rule::action_parameters | Rule::action_parameter => "a parameter",
        Rule::label_name | Rule::label_word => "the name of a parameter",
        Rule::action_traits | Rule::action_trait => "what is said of an action",
        Rule::stance_ahead => "what a party accepts, prefers or values",
        Rule::fund => "a fund",
        Rule::flow => "an essential flow",
        Rule::contract => "a contract",
        Rule::charter_entry => "a part of a charter",
        Rule::overrides => "`overrides contracts`",
        Rule::norm | Rule::norm_deed => "a norm",
        Rule::quantifier | Rule::many | Rule::other | Rule::except => "who is bound",
        Rule::how_many => "how many",
        Rule::force => "`must`, `must not`, `may`, `should` or `is entitled to`",
        Rule::act => "an action",
        Rule::plain_filter | Rule::plain_either | Rule::plain_both | Rule::plain_not | Rule::plain_done => {
            "a condition"
        }
        Rule::norm_target | Rule::norm_targets => "an article, `this`, a label or `contracts`",
        Rule::rank | Rule::rank_tail => "what prevails or survives",
        Rule::reservation => "a reservation",
        Rule::withdraw => "how a party withdraws",
        Rule::trigger | Rule::trigger_ahead | Rule::on_breach | Rule::on_act => "what sets a rule off",
        Rule::by_name => "a name for whoever does it",
        Rule::in_place => "`in` and a region",
        Rule::decision | Rule::decision_word => "a decision rule",
        Rule::rule_body | Rule::rule_statement | Rule::step | Rule::for_step => "what then holds",
        Rule::for_each | Rule::for_head => "what holds for each",
        Rule::names => "a name for each",
        Rule::ceiling => "a ceiling on severity",
        Rule::lift => "when measures are lifted",
        Rule::compensate => "who is compensated",
        Rule::exempt => "what is spared",
        Rule::proportionate => "`proportionate to breach`",
        Rule::snap_back => "`snap back on relapse`",
        Rule::every_so_often => "how often",
        Rule::before | Rule::before_ahead | Rule::lead_time => "how long before an action",
        Rule::scenario => "a scenario",
        Rule::scenario_step | Rule::happens | Rule::finding => "what happens on a day",
        Rule::day | Rule::by_day | Rule::on_day => "a day",
        Rule::expectation => "what must follow",
        Rule::condition | Rule::every_does | Rule::breach_of | Rule::looking_back => "a condition on acts",
        Rule::bound | Rule::bound_sign | Rule::group_ahead => "a comparison",
        Rule::any_party | Rule::anyone | Rule::every_party => "any party",
        Rule::share => "a share",
        Rule::mode => "`always`, `never` or `possible`",
        Rule::named | Rule::each => "a name for each",
        Rule::prove => "what is to be proved",
        Rule::expr | Rule::conjunction | Rule::negation | Rule::comparison | Rule::filter => "a condition",
        Rule::comparator => "a comparison",
        Rule::within | Rule::within_distance => "`within` and a region",
        Rule::distance | Rule::distance_ahead => "a distance",
        Rule::range | Rule::range_end | Rule::range_only => "a range",
        Rule::bracketed | Rule::option => "a value that is still to be settled",
        Rule::conditional => "`if … then … else …`",
        Rule::call | Rule::call_head => "a name with its arguments",
        Rule::arguments | Rule::argument_list | Rule::argument | Rule::argument_value => "an argument",
        Rule::attribute_of | Rule::attribute_ahead => "an attribute",
        Rule::between_angles => "the ground between two lines",
        Rule::side_of => "a side of a line",
        Rule::territory => "the territory of a party",
        Rule::ground => "the ground claimed by a party",
        Rule::polygon | Rule::ring => "a polygon",
        Rule::decimal_point => "a point",
        Rule::sum_of | Rule::count_of => "a sum or a count",
        Rule::for_all | Rule::exists => "a condition on all or some",
        Rule::kind_name => "the name of a kind",
        Rule::quantity | Rule::number | Rule::number_run | Rule::digits | Rule::plain => "a number",
        Rule::factor => "`thousand`, `million`, `billion` or `trillion`",
        Rule::date => "a date",
        Rule::prefix | Rule::ipv4 | Rule::ipv6 | Rule::hextet => "an address or a prefix",
        Rule::prefix_length | Rule::slash => "a prefix length",
        Rule::angle | Rule::minutes => "a latitude or a longitude",
        Rule::paths | Rule::path | Rule::path_tight | Rule::name | Rule::any_name | Rule::word | Rule::any_word => {
            "a name"
        }
        Rule::variable => "a name for each",
        Rule::quoted => "a text in quotes",
        Rule::firm | Rule::soft => "a word of the language",
        _ => "a value",
    };
    phrase.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charter_is_read_and_a_broken_one_is_refused_in_plain_words() {
        assert_eq!(check("party Ada: State { gdp = 1 billion EUR }"), Ok(()));
        let refused = check("party Ada: State { gdp = }").unwrap_err();
        assert_eq!(refused.offset, 25);
        assert!(refused.expected.contains(&"a value".to_owned()), "{refused:?}");
    }

    #[test]
    fn no_rule_shows_its_name() {
        for rule in Rule::all_rules() {
            let phrase = phrase(*rule);
            assert!(!phrase.contains('_'), "{phrase}");
        }
    }
}
