#!/bin/sh
# Installs Chromium and PostgreSQL 15 through the system's packages when they are missing and this user may;
# otherwise says in one line what to install.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="chromium"
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/1[5-9]/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
# Without these two only some of the tests that break things are left out, and say so.
wished=""
command -v strace >/dev/null 2>&1 || wished="strace"
command -v cc >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || wished="$wished gcc libc6-dev"
[ -n "$missing$wished" ] || exit 0
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && { [ -z "$as_root" ] || $as_root true 2>/dev/null; }; then
  echo "Installing for the tests: $missing $wished (a minute or two) ..."
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get -qq update >/dev/null && $as_root apt-get -qq install --yes --no-install-recommends $missing $wished >/dev/null && exit 0
fi
[ -n "$missing" ] || { echo "Some tests of faults will be left out for want of: $wished" >&2; exit 0; }
echo "The tests need these programs; please install them: $missing (on Debian or Ubuntu: sudo apt-get install $missing)" >&2
exit 1
