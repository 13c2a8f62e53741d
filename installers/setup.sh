# Sourced by ./run and ./test: system packages, a Python environment in .venv, pinned packages.
# Quick when there is nothing to do: each step leaves a stamp of what it was done for.

# Python starts very often: what it has compiled once it reads from then on.
unset PYTHONDONTWRITEBYTECODE

SYSTEM_PACKAGES=(
  libglib2.0-0 libegl1 libgl1 libx11-6 libdbus-1-3 libfontconfig1 libfreetype6 libxkbcommon0 libbrotli1
  fonts-noto-cjk fonts-noto-core fonts-hanazono fonts-ocr-b libzbar0 libusb-1.0-0
  pcscd libpcsclite-dev gcc libc6-dev python3-dev
  espeak-ng alsa-utils
)
# What the tests need besides: a virtual reader for pcscd, another's PACE, a PKCS#11 token, a virtual
# fingerprint scanner (inside libfprint), CUPS, a PostgreSQL of their own, a browser.
TEST_PACKAGES=(
  vsmartcard-vpcd libeac3 softhsm2 libfprint-2-2 cups-daemon
  postgresql chromium chromium-driver
)
X11_PACKAGES=(
  libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0
)

say() { printf 'setup: %s\n' "$*" >&2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

is_installed() { # a name, or its 64-bit-time successor on newer systems
  # dpkg-query fails when it knows only one of the two names.
  { dpkg-query -W -f '${Status}\n' "$1" "${1}t64" 2>/dev/null || true; } |
    grep '^install ok installed' >/dev/null
}

system_packages() { # names
  command -v dpkg-query >/dev/null || { say "not a Debian system: needed are the libraries of $*"; return 0; }
  local missing=() name
  for name in "$@"; do is_installed "$name" || missing+=("$name"); done
  [ ${#missing[@]} = 0 ] && return 0
  if ! can_be_root; then
    say "missing system packages, going on without: ${missing[*]}"
    return 0
  fi
  say "installing system packages: ${missing[*]}"
  as_root apt-get -o DPkg::Lock::Timeout=600 update -qq
  local found=()
  for name in "${missing[@]}"; do
    if apt-cache show "$name" >/dev/null 2>&1; then found+=("$name"); else found+=("${name}t64"); fi
  done
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq \
    --no-install-recommends "${found[@]}" >/dev/null
}

find_python() { # prints a Python 3.11 or newer that can make environments
  local name
  for name in python3 python3.11 python3.12 python3.13; do
    if command -v "$name" >/dev/null &&
      "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

python_headers() { # a Python; pyscard is compiled here, for there are no packages of it for Linux
  local header
  header=$("$1" -c 'import sysconfig; print(sysconfig.get_path("include") + "/Python.h")')
  [ -f "$header" ] || system_packages "$("$1" -c 'import sys; print("python%d.%d-dev" % sys.version_info[:2])')"
}

setup() { # a lock file
  local lock=$1 stamp=.venv/.smartics-stamp wanted python
  system_packages "${SYSTEM_PACKAGES[@]}"
  if [ "$lock" = requirements-dev.lock ]; then system_packages "${TEST_PACKAGES[@]}"; fi
  if [ -n "${DISPLAY:-}" ]; then system_packages "${X11_PACKAGES[@]}"; fi
  if ! find_python >/dev/null; then system_packages python3 python3-venv; fi
  python=$(find_python) || { say "Python 3.11 or newer with venv is needed: install python3 and python3-venv"; exit 2; }
  wanted=$(cat "$lock" pyproject.toml installers/setup.sh | sha256sum)
  # The development lock holds everything that the other one does.
  if [ -f $stamp ] && grep -qxF "$wanted $lock" $stamp && [ -x .venv/bin/smartics ]; then return 0; fi
  python_headers "$python"
  [ -x .venv/bin/python ] || { say "making .venv"; "$python" -m venv .venv; }
  [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet uv
  say "installing the packages of $lock"
  VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install --quiet --require-hashes -r "$lock"
  VIRTUAL_ENV=$PWD/.venv .venv/bin/uv pip install --quiet --no-deps -e .
  printf '%s %s\n' "$wanted" "$lock" >>$stamp
}
