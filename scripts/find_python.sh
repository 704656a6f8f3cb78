#!/bin/sh
# Prints a Python 3.11 or newer that can make virtual environments; PYTHON chooses one. The tested versions go first.
suits='import sys; sys.exit(sys.version_info < (3, 11))'
for name in ${PYTHON:-python3.13 python3.12 python3.11 python3.14 python3}; do
    "$name" -c "$suits" 2>/dev/null || continue
    found=$name
    "$name" -c 'import venv, ensurepip' 2>/dev/null && command -v "$name" && exit 0
done
if [ -z "$found" ]; then
    echo "Python 3.11 or newer is missing: install it (apt install python3 python3-venv), or name one with PYTHON=..." >&2
    exit 1
fi
package=$("$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >&2
    "$found" -c 'import venv, ensurepip' 2>/dev/null && command -v "$found" && exit 0
fi
echo "Python's venv module is missing: run 'apt install $package' as root, then try again." >&2
exit 1
