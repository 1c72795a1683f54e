# Make .venv and install the locked requirements named as arguments. Sourced by bin/start and bin/test.
# Sets PYTHON (the interpreter of .venv). Ends the script with one clear line when something is missing.

fail() { printf '%s\n' "$*" >&2; exit 1; }

find_python() {
  local name
  for name in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 || continue
    "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    command -v "$name"
    return
  done
  fail "Python 3.11 or newer is needed and was not found. Install it, or name it: PYTHON=/path/to/python3.11 $0"
}

why_it_failed() { # the log of an installer → one line
  if grep -qiE 'no space left|disk quota' "$1"; then
    echo "The disk is full: making .venv needs about 400 MB in $PWD."
  elif grep -qiE 'hashes? (mismatch|do not match|of the requirements)' "$1"; then
    echo "A package does not match its locked hash; nothing was installed. Log: $1"
  elif grep -qiE 'name resolution|failed to establish|connection (refused|error|reset)|timed out|network is unreachable|could not fetch|no matching distribution|dns error|error sending request|proxy' "$1"; then
    echo "No package index can be reached (network, proxy, or PIP_INDEX_URL). Log: $1"
  else
    echo "Installing the requirements failed: $(grep -iE 'error' "$1" | tail -n 1) Log: $1"
  fi
}

prepare() { # requirement files…
  local file missing=() log base began=$SECONDS
  PYTHON_OF_VENV=.venv/bin/python
  for file in "$@"; do
    cmp -s "$file" ".venv/installed/$file" || missing+=("$file")
  done
  if [ ${#missing[@]} -gt 0 ] || ! "$PYTHON_OF_VENV" -c '' 2>/dev/null; then
    base=$(find_python) || exit 1
    mkdir -p .state 2>/dev/null && chmod 700 .state 2>/dev/null || fail "$PWD cannot be written to: no place for .state and .venv."
    log=$PWD/.state/install.log
    { : >"$log"; } 2>/dev/null || fail "$log cannot be written: .state belongs to somebody else, or the disk is full."
    "$PYTHON_OF_VENV" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || make_venv "$base" "$@"
    install "${missing[@]}"
  fi
  PYTHON=$PYTHON_OF_VENV
}

make_venv() { # interpreter, requirement files… → everything is missing now
  printf '· virtual environment with %s … ' "$("$1" -V 2>&1)"
  rm -rf .venv
  if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python "$1" .venv >>"$log" 2>&1 || fail "$(echo; why_it_failed "$log")"
  else
    "$1" -m venv .venv >>"$log" 2>&1 || fail "$(echo; venv_trouble "$log")"
  fi
  shift
  missing=("$@")
  echo "$((SECONDS - began)) s"
}

install() { # requirement files…
  local file args=() began=$SECONDS
  for file in "$@"; do args+=(-r "$file"); done
  printf '· packages, each checked against its hash … '
  if command -v uv >/dev/null 2>&1; then
    UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=$PWD/.venv \
      uv pip install --quiet --require-hashes "${args[@]}" >>"$log" 2>&1 || fail "$(echo; why_it_failed "$log")"
  else
    "$PYTHON_OF_VENV" -m pip install --quiet --no-input --disable-pip-version-check --require-hashes "${args[@]}" \
      >>"$log" 2>&1 || fail "$(echo; why_it_failed "$log")"
  fi
  mkdir -p .venv/installed
  cp "$@" .venv/installed/
  echo "$((SECONDS - began)) s"
}

venv_trouble() {
  rm -rf .venv
  if grep -qiE 'ensurepip|python3?[0-9.]*-venv' "$1"; then
    echo "This Python has no venv module (on Debian: the package python3-venv). Install it, or put uv on the PATH."
  else
    why_it_failed "$1"
  fi
}
