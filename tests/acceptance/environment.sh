#!/usr/bin/env bash
# Prints, as the last line of stdout, the absolute path of a virtual environment that holds requirements.txt.
# The environment is made when it is missing and kept between runs; everything else that is said goes to stderr.
#
# It lives in ${ONEX_ACCEPTANCE_HOME:-<repository>/target/acceptance}/env-<hash of requirements and Python version>.
# A run that finds it ready does no more than hash three files and start its Python once.
# Nothing here downloads a Python: one that is at least 3.12 has to be on the machine.
set -euo pipefail

readonly UV_PIN=0.13.9
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
home=${ONEX_ACCEPTANCE_HOME:-$(cd "$here/../.." && pwd -P)/target/acceptance}
requirements=$here/requirements.txt
constraints=$here/constraints.txt
locked=

say() { printf 'acceptance environment: %s\n' "$*" >&2; }

give_up() {
    say "$*"
    exit 1
}

hash_of() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum | cut -c1-16
    else
        shasum -a 256 | cut -c1-16
    fi
}

# A name on PATH proves nothing: a version manager's shim may exist and refuse to run, so the candidate has to answer.
version_when_recent() {
    "$1" -I -S -c 'import sys
if sys.version_info < (3, 12):
    raise SystemExit(1)
print(sys.implementation.name, *sys.version_info[:3], sep=".")' 2>/dev/null
}

python_candidates() {
    local name found
    for name in python3.14 python3.13 python3.12 python3; do
        while IFS= read -r found; do
            printf '%s\n' "$found"
        done < <(type -aP "$name" 2>/dev/null || true)
    done
    for found in "$HOME"/.pyenv/versions/*/bin/python; do
        [ -x "$found" ] && printf '%s\n' "$found"
    done
    return 0
}

find_recent_python() {
    local candidate
    while IFS= read -r candidate; do
        if version_when_recent "$candidate" >/dev/null; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done < <(python_candidates)
    UV_PYTHON_DOWNLOADS=never "$uv" python find --no-project '>=3.12' 2>/dev/null
}

# uv and not pip: pip's resolver backtracks for many minutes on these requirements.
uv_of_our_own() {
    local tools=$home/uv-$UV_PIN candidate building
    if [ ! -x "$tools/bin/uv" ]; then
        building=$tools.building.$$
        for candidate in $( (type -aP python3 || true; python_candidates) 2>/dev/null); do
            rm -rf "$building"
            say "making a small environment for uv with $candidate"
            if "$candidate" -m venv "$building" >&2 2>&1 &&
                "$building/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_PIN" >&2; then
                put_in_place "$building" "$tools"
                break
            fi
        done
        rm -rf "$building"
    fi
    [ -x "$tools/bin/uv" ] && printf '%s\n' "$tools/bin/uv"
}

find_uv() {
    if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then
        command -v uv
    else
        uv_of_our_own
    fi
}

# rename(2) and not mv, which would move the new directory *into* one that another run has put there meanwhile.
# When there is one already, it is as good as ours.
put_in_place() {
    "$1/bin/python" -I -S -c 'import os, sys; os.rename(*sys.argv[1:])' "$1" "$2" 2>/dev/null || rm -rf "$1"
}

is_ready() {
    [ -n "$1" ] && [ -f "$1/.complete" ] && "$1/bin/python" -I -S -c pass >/dev/null 2>&1
}

build() {
    local uv python version env building
    uv=$(find_uv) || give_up "uv is missing and could not be installed: install uv $UV_PIN, or a python3 with venv and pip"
    python=$(find_recent_python) || give_up "no Python >= 3.12 runs here: install python3.12 or later"
    version=$(version_when_recent "$python")
    env=$home/env-$(printf '%s\n' "$recipe" "$version" | hash_of)
    if ! is_ready "$env"; then
        building=$home/building-$(basename "$env").$$
        rm -rf "$env" "$building"
        [ -z "$locked" ] || rm -rf "$home"/building-*
        say "building $env with $python ($version)"
        # Relocatable, since scripts of an ordinary environment would name the directory that it is built in.
        UV_PYTHON_DOWNLOADS=never "$uv" venv --quiet --no-project --relocatable --python "$python" "$building" >&2 ||
            give_up "uv could not make a virtual environment with $python"
        "$uv" pip install --quiet --compile-bytecode --python "$building/bin/python" -r "$requirements" -c "$constraints" >&2 ||
            { rm -rf "$building"; give_up "the requirements could not be installed: check that the package index is reachable"; }
        touch "$building/.complete"
        put_in_place "$building" "$env"
    fi
    is_ready "$env" || give_up "$env was built but does not run: delete it and try again"
    printf '%s\n' "$env" >"$pointer.$$"
    mv -f "$pointer.$$" "$pointer"
}

recipe=$(cat "$requirements" "$constraints" "${BASH_SOURCE[0]}" | hash_of)
pointer=$home/ready-$recipe
known() { [ -f "$pointer" ] && cat "$pointer"; }

env=$(known || true)
if ! is_ready "$env"; then
    mkdir -p "$home" || give_up "cannot create $home"
    home=$(cd "$home" && pwd -P)
    pointer=$home/ready-$recipe
    # One builds while the others wait for it. Without flock they only do the same work twice: each builds under a
    # name of its own, and the first rename wins.
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$home/lock"
        flock 9
        locked=yes
    fi
    env=$(known || true)
    is_ready "$env" || build
    env=$(known)
fi
printf '%s\n' "$env"
