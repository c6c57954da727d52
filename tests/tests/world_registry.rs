//! A registry of 166 real peer files, which is no part of this project: what is found in it is known from the files.
#![expect(clippy::unwrap_used, reason = "a test fails aloud")]

use comity_core::report::document::Finding;
use comity_tests::{Checked, Files, check, world};
use std::collections::BTreeSet;

const CHARTER: &str = r#"
kind Peer { asn: Count }
atlas V4 of ipv4
atlas V6 of ipv6
atlas Zones of domain
data Peers from "peers/*.yaml", one Peer a file, ignoring nameservers, bgp, "tech-c"
charter Network {
    parties from Peers as Peer { asn = asn }
    article 1 {
        claims from Peers each networks.ipv4[] over V4
        claims from Peers each networks.ipv6[] over V6
        claims from Peers each domains[] over Zones
        delegations from Peers each delegate.{a}[] to the Peer whose asn = a
    }
    article 2 {
        require asn differs between parties
        @sizes require every claim over V4 is between /22 and /18
        require every claim over V4 lies within 10.0.0.0/8
        require every reverse zone over Zones lies within claims of its party over V4, V6
    }
}
"#;

fn registry() -> Option<Checked> {
    let folder = world()?.join("icvpn/peers");
    let mut files = Files::of([("net.charter", CHARTER)]);
    for (name, bytes) in Files::below(&folder).unwrap().0 {
        files.0.insert(format!("peers/{name}"), bytes);
    }
    assert_eq!(files.0.len(), 167);
    Some(check(&files, &["net.charter".to_owned()]))
}

fn of<'a>(checked: &'a Checked, code: &str) -> Vec<&'a Finding> {
    checked.report().findings.iter().filter(|f| f.code == code).collect()
}

#[test]
fn the_registry_is_checked_as_its_files_stand() {
    let Some(checked) = registry() else { return };

    // one block is delegated to two peers
    let given: Vec<&str> = of(&checked, "B07").iter().map(|f| f.message.as_str()).collect();
    assert_eq!(given, ["ruhrgebiet gives 10.229.0.0/16 twice, to herne and niederrhein"]);

    // two peers hold a reverse zone that is wider than their block and lies over zones of others
    let wide: BTreeSet<&str> = of(&checked, "A06")
        .into_iter()
        .filter(|f| f.message.contains("in-addr.arpa") && f.message.contains("is wider than"))
        .flat_map(|f| f.parties.iter().map(String::as_str))
        .collect();
    let clashing: Vec<BTreeSet<&str>> =
        of(&checked, "B01").iter().map(|f| f.parties.iter().map(String::as_str).collect()).collect();
    let holders: BTreeSet<&str> =
        clashing.iter().flat_map(|p| p.intersection(&wide).copied().collect::<Vec<_>>()).collect();
    assert_eq!(holders, BTreeSet::from(["augsburg", "siegburg"]));
    assert!(clashing.iter().all(|p| p.contains("augsburg") || p.contains("siegburg")), "no other overlap");

    // every finding points at the line of the peer's own file that says so
    for finding in of(&checked, "A06") {
        for statement in &finding.statements {
            assert!(statement.path.starts_with("peers/") || statement.path == "net.charter", "{}", statement.path);
            let text = checked.sources.iter().find(|(_, f)| f.path == statement.path).unwrap().1.text.clone();
            assert!(text.lines().count() >= statement.line);
        }
    }

    // blocks whose size is out of the guideline of /22 to /18, counted in the files with another tool
    let sizes =
        of(&checked, "A06").into_iter().filter(|f| f.message.contains("than /18") || f.message.contains("than /22"));
    let out = out_of_guideline();
    assert_eq!(sizes.count(), out);
}

/// The IPv4 blocks of the files that are wider than /18 or narrower than /22, read without our readers.
fn out_of_guideline() -> usize {
    let Some(folder) = world() else { return 0 };
    let mut count = 0;
    for (_, bytes) in Files::below(&folder.join("icvpn/peers")).unwrap().0 {
        let text = String::from_utf8(bytes).unwrap();
        let mut inside = false;
        for line in text.lines() {
            let item = line.trim().trim_start_matches("- ").trim_matches(['\'', '"']);
            if line.trim_start().starts_with("ipv4:") && line.starts_with("  ipv4") {
                inside = true;
            } else if !line.trim_start().starts_with('-') {
                inside = false;
            } else if inside && let Some(length) = item.split_once('/').and_then(|(_, l)| l.parse::<u8>().ok()) {
                count += usize::from(!(18..=22).contains(&length));
            }
        }
    }
    count
}
