#!/bin/sh
# Gets Z3, the solver that Comity asks.
#
#   .ci/z3.sh           sees that a Z3 can be linked; installs Debian's libz3-dev where it is missing and apt is there
#   .ci/z3.sh newest    puts the newest Z3 (the PyPI wheel z3-solver) into .venv/, a pkg-config file for it into .z3/, and
#                       prints the exports that make a build use it:   use=$(.ci/z3.sh newest) && eval "$use"
#
# Any Z3 from 4.8.12 on will do. Nothing is printed on standard output but the exports.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)

say() { printf '%s\n' "$*" >&2; }

missing() {
    say "Z3 is missing and cannot be installed from here: install libz3-dev (Debian, Ubuntu), z3-devel (Fedora) or z3 (macOS, Homebrew), or build it from https://github.com/Z3Prover/z3 with 'python3 scripts/mk_make.py && make -C build && sudo make -C build install', then run this again."
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else return 1
    fi
}

# Whether a program can be linked with -lz3: by pkg-config where it knows Z3, else by the linker's own folders.
linkable() {
    flags=$(pkg-config --libs z3 2>/dev/null || echo -lz3)
    dir=$(mktemp -d)
    printf 'void Z3_get_version(unsigned*, unsigned*, unsigned*, unsigned*);\nint main(void) { unsigned v[4]; Z3_get_version(v, v + 1, v + 2, v + 3); return 0; }\n' >"$dir/z3.c"
    # shellcheck disable=SC2086  # the flags are words
    if cc "$dir/z3.c" -o "$dir/z3" $flags >/dev/null 2>&1; then found=0; else found=1; fi
    rm -rf "$dir"
    return $found
}

system() {
    if linkable; then return 0; fi
    command -v apt-get >/dev/null 2>&1 || missing
    say "Z3 is missing: installing libz3-dev"
    if ! as_root apt-get install -y --no-install-recommends libz3-dev pkg-config >&2; then
        # the lists may be old, or not there at all
        as_root apt-get update >&2 || missing
        as_root apt-get install -y --no-install-recommends libz3-dev pkg-config >&2 || missing
    fi
    linkable || missing
}

newest() {
    command -v python3 >/dev/null 2>&1 || { say "the newest Z3 comes as a Python wheel: install python3 with venv first"; exit 1; }
    [ -x .venv/bin/python ] || python3 -m venv .venv >&2 || { say "python3 cannot make a venv: install python3-venv first"; exit 1; }
    .venv/bin/python -m pip install --quiet --upgrade z3-solver >&2
    home=$(.venv/bin/python -c 'import os, z3; print(os.path.dirname(os.path.abspath(z3.__file__)))')
    version=$(.venv/bin/python -c 'import z3; print(".".join(str(n) for n in z3.get_version()[:3]))')
    mkdir -p .z3
    cat >.z3/z3.pc <<PC
libdir=$home/lib
includedir=$home/include

Name: z3
Description: Z3 from the PyPI wheel z3-solver
Version: $version
Libs: -L\${libdir} -lz3
Cflags: -I\${includedir}
PC
    # the build script of z3-sys asks for the version by this name where it cannot tell
    printf 'export PKG_CONFIG_PATH="%s/.z3${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"\n' "$root"
    printf 'export LD_LIBRARY_PATH="%s/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"\n' "$home"
    printf 'export DYLD_LIBRARY_PATH="%s/lib${DYLD_LIBRARY_PATH:+:$DYLD_LIBRARY_PATH}"\n' "$home"
    printf 'export Z3_SYS_Z3_VERSION="%s"\n' "$version"
    say "Z3 $version in .venv/"
}

case "${1:-system}" in
    system) system ;;
    newest) newest ;;
    *) say "usage: .ci/z3.sh [newest]"; exit 2 ;;
esac
