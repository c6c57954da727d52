//! The sentences that keep a report neutral. The words that no message may hold are listed by the test that looks for them.

/// Every report on regions opens with this.
pub const NEUTRALITY: &str = "Claims are shown as the named sources state them. Names, lines and areas imply no opinion \
on the status of any territory or of its authorities, nor on the delimitation of its frontiers.";

/// Every situation that the checker made up is headed with this.
pub const SITUATION_HEADING: &str = "found by the checker; it describes no conduct of anyone";
