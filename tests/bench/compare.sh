#!/usr/bin/env bash
# Sets Comity beside other programs, in one run on one machine: ratios count, seconds do not.
#
#   tests/bench/compare.sh        (or: make bench)
#
# overlay    our cells against GEOS pair by pair (shapely, in .venv-bench), on two files of real claims
# charter    megabytes a second of a generated charter of 10 MB
# start      `comity check` on a charter of one page, from start to exit: wall clock and processor, medians of 20
# norms      `comity check` on generated charters of norms, by the number of parties; the same question of dilemmas asked with
#            clingo and with Z3 over one truth value a party (norms.py, in .venv-bench), who must find the same articles
# memory     the largest resident set of `comity claims`, in bytes a vertex
#
# COMITY_WORLD_DATA     the folder of real data, else ../shared/data
# COMITY_BASELINE       the script that overlays with GEOS, else bench/overlay_baseline.py beside that folder
# What is missing is skipped, and said.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${COMITY_WORLD_DATA:-../shared/data}
baseline=${COMITY_BASELINE:-$data/../bench/overlay_baseline.py}
files=(natural-earth/own_claims_pov_10m.geojson osm-perspectives/own_claims_dev.geojson)

skip() { printf 'SKIPPED %s\n' "$*"; }

# at once: each by itself would build the same crates with other features
cargo build --release --quiet -p comity -p comity-tests --bin comity --example measure
measure=target/release/examples/measure
comity=target/release/comity

if ! command -v python3 >/dev/null 2>&1; then
	skip "everything but the charter: no python3"
	"$measure" charter 10000000
	exit 0
fi

geos=
if [ ! -f "$baseline" ]; then
	skip "GEOS: no $baseline (set COMITY_BASELINE)"
elif .venv-bench/bin/python -c 'import shapely, pyproj' 2>/dev/null || {
	python3 -m venv .venv-bench && .venv-bench/bin/pip install --quiet shapely pyproj
}; then
	geos=.venv-bench/bin/python
else
	skip "GEOS: shapely and pyproj cannot be installed into .venv-bench"
fi

number() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
# largest resident set in bytes and seconds of the processor of a command, whatever its exit status
usage() {
	python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss * (1 if sys.platform == "darwin" else 1024), used.ru_utime + used.ru_stime)' "$@"
}

printf '== overlay and memory\n'
for name in "${files[@]}"; do
	if [ ! -f "$data/$name" ]; then
		skip "$data/$name is not there (set COMITY_WORLD_DATA)"
		continue
	fi
	ours=$("$measure" overlay "$data/$name" 5)
	printf '%s\n  comity %s\n' "$name" "$ours"
	if [ -n "$geos" ]; then
		theirs=$("$geos" "$baseline" "$data/$name" 5)
		python3 - "$ours" "$theirs" <<'PY'
import json, sys
ours, theirs = (json.loads(a) for a in sys.argv[1:])
theirs["km2"] = round(sum(o[2] for o in theirs.pop("overlaps")), 3)
print("  GEOS  ", json.dumps({k: v for k, v in theirs.items() if k != "file"}))
print("  GEOS takes %.2f times as long to overlay, %.2f times as long to read and mend"
      % (theirs["overlay_s"] / ours["overlay_s"], theirs["parse_s"] / ours["parse_s"]))
PY
	fi
	read -r bytes seconds <<<"$(usage "$comity" claims "$data/$name" --claimant peer)"
	python3 -c 'import sys; b, v, s = map(float, sys.argv[1:]); print("  comity claims: %.1f MB at most, %.0f bytes a vertex, %.2f s of the processor" % (b / 1e6, b / v, s))' \
		"$bytes" "$(number vertices <<<"$ours")" "$seconds"
done

printf '== charter of 10 MB\n  '
"$measure" charter 10000000 5

printf '== one page, from start to exit\n'
for name in examples/founding examples/islands; do
	python3 - "$comity" "$name" <<'PY'
import os, statistics, subprocess, sys, time
wall, processor = [], []
for _ in range(20):
    before, start = os.times(), time.perf_counter()
    subprocess.run([sys.argv[1], "check", sys.argv[2]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall.append(time.perf_counter() - start)
    after = os.times()
    processor.append(after.children_user + after.children_system - before.children_user - before.children_system)
print("  %s: %.0f ms on the clock, %.0f ms of the processor (medians of 20)"
      % (sys.argv[2], 1e3 * statistics.median(wall), 1e3 * statistics.median(processor)))
PY
done

# what the naive ways need; they are given up after 100 s
asker=
if .venv-bench/bin/python -c 'import clingo, z3' 2>/dev/null || {
	python3 -m venv .venv-bench && .venv-bench/bin/pip install --quiet clingo z3-solver
}; then
	asker=.venv-bench/bin/python
else
	skip "clingo and Z3 from Python: they cannot be installed into .venv-bench"
fi

printf '== 200 norms with 10 to 10,000 parties, alike and each with a number of its own; 1,000 norms with 100\n'
python3 - "$comity" "$measure" "$asker" <<'PY'
import json, subprocess, sys, tempfile, time
comity, measure, asker = sys.argv[1:]


def articles(folder):
    """The articles whose duty ends in a dilemma, and the seconds that N01 alone takes."""
    start = time.perf_counter()
    done = subprocess.run([comity, "check", folder, "--only", "N01", "--format", "json"], capture_output=True, text=True)
    took = time.perf_counter() - start
    report = json.loads(done.stdout)
    ids = {s["id"] for f in report["findings"] for s in f["statements"] if " must act" in s["text"]}
    return took, sorted(int(i.split("/")[1]) for i in ids), len(report["undecided"])


first = {}
for kind in ("norms", "own"):
    for norms, parties in ((200, 10), (200, 100), (200, 1000), (200, 10000), (1000, 100)):
        if kind == "own" and norms == 1000:
            continue
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([measure, "write", kind, str(norms), str(parties), folder], check=True)
            start = time.perf_counter()
            done = subprocess.run([comity, "check", folder, "--format", "short"], capture_output=True, text=True)
            took = time.perf_counter() - start
            base = first.setdefault((kind, norms), took)
            last = done.stdout.strip().splitlines()[-1:] or [""]
            print("  %-5s %5d norms %6d parties: %7.2f s, %.2f times the first (exit %d, %s)"
                  % (kind, norms, parties, took, took / base, done.returncode, last[0]))
            if not asker or kind == "own" or norms != 200 or parties > 1000:
                continue
            took, ours, undecided = articles(folder)
            print("        N01 alone: %.2f s, %d articles, %d undecided" % (took, len(ours), undecided))
            for way in ("clingo", "naive"):
                asked = [asker, "tests/bench/norms.py", folder, way, "100"]
                try:
                    # grounding heeds no limit of its own
                    said = json.loads(subprocess.run(asked, capture_output=True, text=True, timeout=100).stdout or "{}")
                except subprocess.TimeoutExpired:
                    said = {}
                if said.get("articles") is None:
                    print("        %s: no answer in 100 s" % way)
                    continue
                same = "the same articles" if said["articles"] == ours else "OTHER ARTICLES: %s" % said["articles"]
                print("        %s: %.2f s, %.1f times ours, %s" % (way, said["seconds"], said["seconds"] / took, same))
PY
