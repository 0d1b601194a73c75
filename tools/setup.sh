#!/usr/bin/env bash
# Set up everything on a bare Debian, Ubuntu or macOS machine: system packages, .venv, locked Python packages.
#
#   tools/setup.sh runtime|dev
#
# Run again it takes a second: what is done is remembered in .venv/.postmark-id-<set>, with a checksum of what it was
# done from. System packages are installed where root or `sudo -n` allows it; else it says what to install and goes on.
# It ends with an error only where nothing can work: no Python, or packages that can't be installed.
set -euo pipefail
cd "$(dirname "$0")/.."

SET="${1:-dev}"
case "$SET" in runtime | dev) ;; *) echo "usage: tools/setup.sh runtime|dev" >&2; exit 2 ;; esac
VENV=.venv
PY="$VENV/bin/python"
SUITABLE='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
case "${PYTHON:-}" in "") unset PYTHON ;; esac

say() { printf 'setup: %s\n' "$*" >&2; }
blocked() { say "$*"; exit 1; }

# -- system packages -------------------------------------------------------------------------------------------------

APT_UPDATED=no
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_install() {
  if command -v apt-get >/dev/null; then [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; else command -v brew >/dev/null; fi
}
install_command() {
  if command -v apt-get >/dev/null; then echo "sudo apt-get install $*"
  elif command -v brew >/dev/null || [ "$(uname)" = Darwin ]; then echo "brew install $*"
  elif command -v dnf >/dev/null; then echo "sudo dnf install $*"
  else echo "with your package manager, install $*"; fi
}
install_packages() { # returns non-zero where they can't be installed
  may_install || return 1
  say "installing $*"
  if command -v apt-get >/dev/null; then
    if [ "$APT_UPDATED" = no ]; then
      as_root apt-get -qq -o DPkg::Lock::Timeout=300 update >&2 || say "apt-get update failed; trying with the old lists"
      APT_UPDATED=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
      install --no-install-recommends "$@" >&2
  else
    HOMEBREW_NO_AUTO_UPDATE=1 NONINTERACTIVE=1 brew install -q "$@" >&2
  fi
}

has_library() { # does the dynamic linker know it?
  { command -v ldconfig >/dev/null && ldconfig -p || /sbin/ldconfig -p; } 2>/dev/null | grep -q "$1"
}
has_tesseract() {
  local languages
  languages=$(tesseract --list-langs 2>/dev/null) || return 1
  grep -qx eng <<<"$languages" && grep -qx rus <<<"$languages"
}
# shellcheck disable=SC2086  # splitting into words is what it does
one_line() { set -f; echo $1; set +f; }
missing_packages() {
  if ! has_tesseract; then
    if [ "$(uname)" = Darwin ]; then echo tesseract tesseract-lang
    elif command -v dnf >/dev/null && ! command -v apt-get >/dev/null; then echo tesseract tesseract-langpack-rus
    else echo tesseract-ocr tesseract-ocr-eng tesseract-ocr-rus; fi
  fi
  if [ "$(uname)" = Linux ]; then
    local glib=libglib2.0-0 gl=libgl1
    command -v apt-get >/dev/null || { glib=glib2; gl=libglvnd-glx; }
    has_library 'libGL\.so\.1' || echo "$gl"
    has_library 'libgthread-2\.0\.so\.0' || echo "$glib"
  fi
}
system_packages() {
  local missing
  missing=$(one_line "$(missing_packages)")
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086  # a list of words
  if ! install_packages $missing || [ -n "$(missing_packages)" ]; then
    missing=$(one_line "$(missing_packages)")
    say "could not install: $missing. Going on without; for full results run: $(install_command $missing)"
  fi
}

# -- Python ----------------------------------------------------------------------------------------------------------

suitable() { "$1" -c "$SUITABLE" >/dev/null 2>&1; }
find_python() {
  local name
  for name in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3; do
    if suitable "$name"; then echo "$name"; return 0; fi
  done
  return 1
}
install_python() {
  local version
  if command -v apt-get >/dev/null; then
    for version in 3.13 3.12 3.11; do
      if apt-cache show "python$version-venv" >/dev/null 2>&1; then
        install_packages "python$version" "python$version-venv"
        return
      fi
    done
    install_packages python3 python3-venv
  elif [ "$(uname)" = Darwin ]; then
    install_packages python@3.13
  fi
}
# Debian parts `venv` from Python; its absence shows only when ensurepip is imported.
can_make_venv() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }
install_venv_package() {
  local version
  version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  install_packages "python$version-venv" || install_packages python3-venv || return 1
}
make_venv() {
  if [ -e "$VENV" ] && ! suitable "$PY"; then
    [ -f "$VENV/pyvenv.cfg" ] || [ -z "$(ls -A "$VENV")" ] || blocked "$VENV is no virtual environment; move it away and run make again"
    say "$VENV has no suitable Python; making it anew"
    rm -rf "$VENV"
  fi
  if [ -e "$VENV" ] && "$PY" -m pip --version >/dev/null 2>&1; then return 0; fi
  local python
  python=$(find_python) || { install_python || true; python=$(find_python); } ||
    blocked "no Python 3.11, 3.12 or 3.13 was found: $(install_command "$([ "$(uname)" = Darwin ] && echo python@3.13 || echo python3 python3-venv)"), or name one with make PYTHON=/path/to/python3.12"
  can_make_venv "$python" || install_venv_package "$python" || true
  can_make_venv "$python" ||
    blocked "$python can't make virtual environments: $(install_command "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")"
  say "making $VENV with $("$python" --version)"
  "$python" -m venv "$VENV" >&2
}

# -- Python packages -------------------------------------------------------------------------------------------------

checksum() { cat "requirements/$1.txt" requirements/headless.txt pyproject.toml tools/setup.sh | cksum; pwd; }
pip_install() { "$PY" -m pip install -qq --no-deps "$@" >&2; }
python_packages() {
  local stamp="$VENV/.postmark-id-$SET"
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(checksum "$SET")" ] && return 0
  say "installing Python packages ($SET); the first time takes some minutes"
  # Two packages write the folder cv2; only one of them may be here, or it depends on their order what works.
  if "$PY" -m pip show -q opencv-python-headless 2>/dev/null; then
    "$PY" -m pip uninstall -qq -y opencv-python opencv-python-headless >&2
  fi
  pip_install --only-binary :all: --require-hashes -r "requirements/$SET.txt" ||
    blocked "the Python packages can't be installed: see above. Without a network, point PIP_INDEX_URL or PIP_FIND_LINKS at a mirror"
  if ! "$PY" -c 'import cv2' >/dev/null 2>&1; then
    say "opencv-python lacks system libraries here (libGL, libglib): taking its headless twin"
    "$PY" -m pip uninstall -qq -y opencv-python >&2
    pip_install --only-binary :all: --require-hashes -r requirements/headless.txt || true
  fi
  pip_install --no-build-isolation -e . || blocked "this checkout can't be installed: see above"
  "$PY" tools/check_environment.py || blocked "the Python packages don't fit together; make distclean and try again"
  checksum runtime >"$VENV/.postmark-id-runtime" # the development set holds the other one, too
  if [ "$SET" = dev ]; then checksum dev >"$stamp"; fi
}

# Where Python is told to write no bytecode, every start would compile the package afresh: a third of a second.
compiled() { "$PY" -m compileall -q src >&2 || true; }

make_venv
system_packages
python_packages
compiled
