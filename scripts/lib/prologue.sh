# Shared by the scripts here: --help, and the Python they run in. Sourced, never run; plain sh.
#
#   help_if_asked "$@"    prints the comment at the top of the script and ends it, if -h or --help is there
#   need_environment      makes .venv what the requirements say; $VENV_PYTHON is its Python
#   need_apart NAME       makes .local/NAME what requirements-NAME.txt says; $OWN_PYTHON is its Python
#   become MODULE ARGS…   becomes that module, run by $VENV_PYTHON
#   run MODULE ARGS…      both

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
VENV_PYTHON="$ROOT/.venv/bin/python"
PYTHONPATH="$ROOT${PYTHONPATH:+:$PYTHONPATH}"
export PYTHONPATH

OLDEST_PYTHON=3.11
# Says "fine", "bare" (cannot make virtual environments; Debian splits that off) or "old", and its version.
PROBE='
import sys
from importlib.util import find_spec
version = "%d.%d" % sys.version_info[:2]
able = find_spec("venv") and find_spec("ensurepip")
print("old" if sys.version_info < (3, 11) else "fine" if able else "bare", version)
'

help_if_asked() {
    for word; do
        case $word in
            -h | --help) sed -n '2,/^[^#]/{s/^# \{0,1\}//p;}' "$0"; exit 0 ;;
            --) return 0 ;;
        esac
    done
}

fail() {
    printf '✗ %s\n' "$*" >&2
    exit 1
}

# Sets $PYTHON to one that is new enough and whole: the environment's own, else the newest that we were tested with.
find_python() {
    old='' bare=''
    for candidate in "$VENV_PYTHON" ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        found=$("$candidate" -c "$PROBE" 2>/dev/null) || continue
        case $found in
            fine*) PYTHON=$candidate; return 0 ;;
            bare*) bare=${bare:-${found#bare }} ;;
            old*) old=${old:-"'$candidate' is Python ${found#old }"} ;;
        esac
    done
    way_out="Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.13; or set PYTHON to one"
    if [ -n "$bare" ]; then
        fail "Python $bare is here without its venv module. Install it (Debian, Ubuntu: apt install python$bare-venv)."
    elif [ -n "$old" ]; then
        fail "LearnFlow needs Python $OLDEST_PYTHON or newer, and $old. Install a newer one ($way_out)."
    fi
    fail "LearnFlow needs Python $OLDEST_PYTHON or newer, and none was found. Install one ($way_out)."
}

# Arguments go to scripts/stack/environment.py.
need_environment() {
    find_python
    "$PYTHON" -P -m scripts.stack.environment "$@"
}

# For what few need, and nothing else may depend on.
need_apart() {
    home="$ROOT/.local/$1"
    wanted="$ROOT/requirements-$1.txt"
    OWN_PYTHON="$home/bin/python"
    export OWN_PYTHON
    cmp -s "$wanted" "$home/installed.txt" && return 0
    printf '… requirements-%s.txt, into an environment of its own\n' "$1" >&2
    rm -rf "$home"
    "$PYTHON" -m venv "$home"
    "$OWN_PYTHON" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$wanted" ||
        fail "requirements-$1.txt could not be installed; pip said why."
    cp "$wanted" "$home/installed.txt"
}

become() {
    module=$1
    shift
    exec "$VENV_PYTHON" -P -m "$module" "$@"
}

run() {
    need_environment
    become "$@"
}
