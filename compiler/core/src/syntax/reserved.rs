//! The words of the language, of all three rings, and how firmly each is reserved.
//!
//! In: the text of a bare word. Out: its [`Word`], its [`Ring`] and whether it is *firm*. A firm word is never a bare name
//! (in quotes it may be one); a *soft* word is a word of the language only where the grammar asks for it, and a name
//! elsewhere. Neither is ever a unit after a number. After a dot and in a field path every word is a name.

/// The ring of the language that brings a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ring {
    /// what is held
    One,
    /// what is owed
    Two,
    /// how it is decided and how it lives
    Three,
}

impl Ring {
    /// 1, 2 or 3.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Three => 3,
        }
    }

    /// What it is about, in three words.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::One => "what is held",
            Self::Two => "what is owed",
            Self::Three => "how it is decided",
        }
    }
}

macro_rules! words {
    ($($ring:ident $firm:ident { $($id:ident $text:literal)* })*) => {
        /// A word of the language; [`Word::Name`] is none.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "each is spelled as it is called")]
        pub enum Word { Name, $($($id,)*)* }

        impl Word {
            /// The word that a text is.
            #[must_use]
            pub fn of(text: &str) -> Self {
                match text { $($($text => Self::$id,)*)* _ => Self::Name }
            }

            /// Its spelling; empty for [`Word::Name`].
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { Self::Name => "", $($(Self::$id => $text,)*)* }
            }

            /// Whether it can never be a bare name.
            #[must_use]
            pub const fn is_firm(self) -> bool {
                match self { Self::Name => false, $($(Self::$id => words!(@firm $firm),)*)* }
            }

            /// The ring that brings it.
            #[must_use]
            pub const fn ring(self) -> Ring {
                match self { Self::Name => Ring::One, $($(Self::$id => Ring::$ring,)*)* }
            }
        }

        /// Every word with its ring and whether it is firm.
        pub const WORDS: &[(Word, Ring, bool)] = &[$($((Word::$id, Ring::$ring, words!(@firm $firm)),)*)*];
    };
    (@firm firm) => { true };
    (@firm soft) => { false };
}

words! {
    One firm {
        // what begins a declaration, an article or a statement
        Import "import" Kind "kind" Party "party" Right "right" Unit "unit" Atlas "atlas" Region "region" Open "open"
        Model "model" Charter "charter" Accession "accession" Data "data" Parties "parties" Matter "matter"
        Define "define" Prove "prove" Article "article" Require "require" Boundary "boundary" Delegations "delegations"
        // what a party does with a region or a term
        Claims "claims" Controls "controls" Recognises "recognises" Protests "protests" Leases "leases"
        Delegates "delegates" Holds "holds" Hold "hold" Waives "waives" Accepts "accepts" Prefers "prefers"
        Values "values" Excludes "excludes" Adopts "adopts"
        // what continues a clause
        From "from" To "to" As "as" Of "of" When "when" Until "until" Over "over" Under "under" In "in" On "on" At "at"
        And "and" Or "or" Not "not" If "if" Then "then" Else "else" Is "is" Lies "lies" Within "within"
        Between "between" Along "along" With "with" Without "without" Where "where" For "for" Each "each"
        Every "every" Any "any" It "it" True "true" False "false" Above "above" Below "below" Quota "quota"
        Differs "differs"
    }
    One soft {
        Source "source" Licence "licence" Accuracy "accuracy" Tolerance "tolerance" Extent "extent" Datum "datum"
        Key "key" One "one" A "a" File "file" Named "named" Ignoring "ignoring" Weight "weight" Jointly "jointly"
        Set "set" Aside "aside" Left "left" The "the" Whose "whose" Land "land" Waters "waters" Sum "sum" Count "count"
        All "all" Exists "exists" North "north" South "south" East "east" West "west" Polygon "polygon" Its "its"
        Basis "basis" Frozen "frozen" Common "common" Claim "claim" Reverse "reverse" Zone "zone" Waived "waived"
        Requirement "requirement" Exclusive "exclusive" Shared "shared" Earth "earth" Ipv4 "ipv4" Ipv6 "ipv6"
        Domain "domain" Integer "integer" Term "term" Clause "clause" Meridian "meridian" Parallel "parallel"
        Geodesic "geodesic" Loxodrome "loxodrome" Median "median" Straight "straight" Towards "towards" End "end"
        Least "least" Most "most" Territory "territory" Ground "ground" Claimed "claimed" Borders "borders" Can "can"
        Be "be" Settled "settled" Settlement "settlement" Part "part" Are "are" Disjoint "disjoint"
        Thousand "thousand" Million "million" Billion "billion" Trillion "trillion"
    }
    Two firm {
        Action "action" Event "event" Ladder "ladder" Scenario "scenario" Fund "fund" Flow "flow"
        Contract "contract"
        Must "must" May "may" Should "should" Unless "unless" After "after" By "by" Lift "lift" Breach "breach" No "no"
        Some "some" This "this" Notwithstanding "notwithstanding"
    }
    Two soft {
        Other "other" Anyone "anyone" Has "has" Entitled "entitled" Treat "treat" Ensure "ensure" Alike "alike"
        Against "against" Determined "determined" Severity "severity" Reads "reads" Changes "changes"
        Lasting "lasting" Once "once" Hostile "hostile" Helps "helps" Hinders "hinders" Cuts "cuts" Supplied "supplied"
        Balance "balance"
        Exempt "exempt" Compensate "compensate" Proportionate "proportionate" Snap "snap" Relapse "relapse"
        Reservation "reservation" Reservations "reservations" Prohibited "prohibited" Overrides "overrides"
        Subject "subject" Prevails "prevails" Expect "expect" Does "does" Always "always" Never "never"
        Possible "possible" Inward "inward" Threat "threat" Response "response" Before "before" Last "last"
        First "first" Back "back" Contracts "contracts" Answerable "answerable" Deems "deems" Necessary "necessary"
        Who "who" Duty "duty" Determines "determines" Withdraws "withdraws" Withdraw "withdraw"
        Withdrawal "withdrawal" Notice "notice" Survives "survives" Except "except" Measure "measure"
        Situation "situation" Pose "pose"
    }
    Three firm {
        Body "body" Role "role" Instrument "instrument" Amendment "amendment" Merger "merger" Division "division"
    }
    Three soft {
        Decide "decide" Amend "amend" Admit "admit" Expel "expel" Determine "determine" Call "call"
        Consensus "consensus"
        Unanimity "unanimity" Majority "majority" Objection "objection" Blocking "blocking" Stake "stake" Veto "veto"
        Quorum "quorum" Present "present" Votes "votes" Cast "cast" Vote "vote" Tacit "tacit" Lapses "lapses"
        Continued "continued" Dropped "dropped" Adopted "adopted" Withdrawn "withdrawn" Ratified "ratified"
        Suspended "suspended" Ceases "ceases" Force "force" Add "add" Replace "replace" Repeal "repeal" Into "into"
        Proper "proper"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_spelled_once_and_found_again() {
        for (word, ring, firm) in WORDS {
            assert_eq!(Word::of(word.text()), *word, "{} is in the table twice", word.text());
            assert_eq!((word.ring(), word.is_firm()), (*ring, *firm));
        }
        assert_eq!(Word::of("Arland"), Word::Name);
    }
}
