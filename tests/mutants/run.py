"""Changes one line of a check at a time, and tells whether a test notices.

In: `mutants.toml` beside this file; codes as arguments, else all. Out: a line for each mutant (`caught`, `MISSED`, `does not
build`), and exit status 1 unless all are caught. The project itself is left alone: the changes are made in a copy, under
`target/mutants`, which also keeps what was built.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
COPY = PROJECT / "target" / "mutants" / "project"
SOURCES = "compiler/core/src"


def copy():
    """The files that git knows, as they are now; those that are the same keep their times."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=PROJECT, capture_output=True, check=True)
    wanted = set(listed.stdout.decode().splitlines())
    for name in wanted:
        source, target = PROJECT / name, COPY / name
        if not source.is_file():
            continue
        if not target.is_file() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for path in COPY.rglob("*"):
        if path.is_file() and str(path.relative_to(COPY)) not in wanted:
            path.unlink()


def cargo(cases, *more):
    # a case that never ends would be noticed, too
    env = {**os.environ, "CARGO_TARGET_DIR": str(COPY.parent / "target"), "COMITY_CASES": cases}
    env.pop("COMITY_BLESS", None)
    command = ["cargo", "test", "--quiet", "-p", "comity-tests", "--test", "suite", *more]
    try:
        return subprocess.run(command, cwd=COPY, env=env, capture_output=True, text=True, timeout=1800)
    except subprocess.TimeoutExpired:
        return None


def outcome(mutant):
    file = COPY / SOURCES / mutant["file"]
    whole = file.read_text()
    if whole.count(mutant["old"]) != 1:
        return f"stale: `{mutant['old'].strip()}` stands {whole.count(mutant['old'])} times in {mutant['file']}"
    try:
        file.write_text(whole.replace(mutant["old"], mutant["new"]))
        built = cargo(mutant["cases"], "--no-run")
        if built is None or built.returncode != 0:
            return "does not build"
        ran = cargo(mutant["cases"], "every_case_gives_its_report")
        if ran is not None and "1 passed" in ran.stdout and ran.returncode == 0:
            return "MISSED"
        return "caught"
    finally:
        file.write_text(whole)


def main():
    mutants = tomllib.loads((HERE / "mutants.toml").read_text())["mutant"]
    asked = set(sys.argv[1:])
    mutants = [m for m in mutants if not asked or m["code"].split()[0] in asked]
    if not mutants:
        sys.exit(f"no check has such a code: {', '.join(sorted(asked))}")
    copy()
    whole = cargo("|".join(sorted({m["cases"] for m in mutants})), "every_case_gives_its_report")
    if whole is None or whole.returncode != 0:
        sys.exit("the cases fail before anything is changed:\n" + ("" if whole is None else whole.stdout[-2000:] + whole.stderr[-2000:]))
    missed = 0
    for mutant in mutants:
        found = outcome(mutant)
        missed += found != "caught"
        print(f"{mutant['code']:18} {found:15} without {mutant['without']}", flush=True)
    sys.exit(1 if missed else 0)


main()
