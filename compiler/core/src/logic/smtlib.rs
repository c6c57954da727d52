//! SMT-LIB 2.6 text of formulas and questions, for a person or another solver to check.
//!
//! In: formulas. Out: text that any solver for linear arithmetic reads. Names are quoted; two names that differ stay different.

use std::collections::BTreeSet;
use std::fmt::Write;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::formula::{Formula, Node};
use super::linear::Linear;
use super::prover::Label;
use super::term::{Sort, Var};

impl Formula {
    /// The formula as an SMT-LIB term.
    pub fn to_smtlib(&self) -> String {
        let mut out = String::new();
        write_formula(&mut out, self);
        out
    }
}

/// A whole question: declarations, the background, the labelled statements by name, the call for an answer and a core.
pub fn script(background: &[Formula], labelled: &[(Label, String, Formula)]) -> String {
    let mut vars = BTreeSet::new();
    for f in background.iter().chain(labelled.iter().map(|(_, _, f)| f)) {
        vars.extend(f.vars());
    }
    let mut out = String::from("(set-option :produce-unsat-cores true)\n(set-logic ALL)\n");
    for x in &vars {
        out.push_str(&declaration(x));
    }
    for f in background {
        push(&mut out, format_args!("(assert {})\n", f.to_smtlib()));
    }
    for (label, citation, f) in labelled {
        let citation = citation.replace(['\n', '\r'], " ");
        push(&mut out, format_args!("; {citation}\n(assert (! {} :named statement-{}))\n", f.to_smtlib(), label.0));
    }
    out.push_str("(check-sat)\n(get-unsat-core)\n");
    out
}

/// The declaration of a variable, with a line end.
pub fn declaration(x: &Var) -> String {
    let sort = match x.sort() {
        Sort::Bool => "Bool",
        Sort::Int => "Int",
        Sort::Real => "Real",
    };
    format!("(declare-const {} {sort})\n", symbol(x))
}

/// Writing to a string cannot fail.
fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

/// A quoted symbol. One name may be used at two sorts, so the sort is part of it unless it is a truth value.
fn symbol(x: &Var) -> String {
    let mut out = String::from("|");
    for c in x.name().chars() {
        match c {
            '|' => out.push_str("%7C"),
            '\\' => out.push_str("%5C"),
            '%' => out.push_str("%25"),
            c if c.is_control() || !c.is_ascii() => push(&mut out, format_args!("%{{{:X}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push_str(match x.sort() {
        Sort::Bool => "|",
        Sort::Int => " int|",
        Sort::Real => " real|",
    });
    out
}

fn write_formula(out: &mut String, f: &Formula) {
    match f.node() {
        Node::True => out.push_str("true"),
        Node::False => out.push_str("false"),
        Node::Atom(x) => out.push_str(&symbol(x)),
        Node::Le(t) => write_comparison(out, "<=", t),
        Node::Lt(t) => write_comparison(out, "<", t),
        Node::Eq(t) => write_comparison(out, "=", t),
        Node::Divides(m, t) => {
            out.push_str("(= 0 (mod ");
            write_sum(out, t, true);
            push(out, format_args!(" {m}))"));
        }
        Node::Not(g) => {
            out.push_str("(not ");
            write_formula(out, g);
            out.push(')');
        }
        Node::And(fs) => write_all(out, "and", fs),
        Node::Or(fs) => write_all(out, "or", fs),
    }
}

fn write_all(out: &mut String, word: &str, fs: &[Formula]) {
    push(out, format_args!("({word}"));
    for f in fs {
        out.push(' ');
        write_formula(out, f);
    }
    out.push(')');
}

fn write_comparison(out: &mut String, sign: &str, t: &Linear) {
    let integral = t.is_integral();
    push(out, format_args!("({sign} "));
    write_sum(out, &t.with_offset(BigRational::zero()), integral);
    out.push(' ');
    write_number(out, &-t.offset(), integral);
    out.push(')');
}

fn write_sum(out: &mut String, t: &Linear, integral: bool) {
    let offset = !t.offset().is_zero();
    let many = t.terms().count() + usize::from(offset) > 1;
    if t.as_constant().is_some() {
        return write_number(out, t.offset(), integral);
    }
    if many {
        out.push_str("(+");
    }
    for (x, c) in t.terms() {
        if many {
            out.push(' ');
        }
        let name = if integral || x.sort() != Sort::Int { symbol(x) } else { format!("(to_real {})", symbol(x)) };
        if c.is_one() {
            out.push_str(&name);
        } else {
            out.push_str("(* ");
            write_number(out, c, integral);
            push(out, format_args!(" {name})"));
        }
    }
    if offset {
        out.push(' ');
        write_number(out, t.offset(), integral);
    }
    if many {
        out.push(')');
    }
}

fn write_number(out: &mut String, n: &BigRational, integral: bool) {
    let decimal = |i: &BigInt| if integral { i.to_string() } else { format!("{i}.0") };
    let size = n.abs();
    let text = if size.is_integer() {
        decimal(size.numer())
    } else {
        format!("(/ {} {})", decimal(size.numer()), decimal(size.denom()))
    };
    if n.is_negative() {
        push(out, format_args!("(- {text})"));
    } else {
        out.push_str(&text);
    }
}
