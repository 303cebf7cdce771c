#!/bin/sh
# Runs its arguments with a Python that Odoo 19 accepts: $PYTHON if set, else the first fitting one on the PATH.
# On a Debian machine without any Python the distribution's own is installed first.

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

if [ -n "${PYTHON:-}" ]; then
    fits "$PYTHON" && exec "$PYTHON" "$@"
    echo "PYTHON=$PYTHON is no Python between 3.10 and 3.13, which Odoo 19 needs: name another one." >&2
    exit 1
fi

if ! command -v python3 >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Python by apt-get"
    install='{ apt-get update && apt-get install -y --no-install-recommends python3; } >/dev/null'
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive sh -c "$install"
    elif command -v sudo >/dev/null 2>&1; then
        sudo DEBIAN_FRONTEND=noninteractive sh -c "$install"
    fi
fi

for python in python3 python3.13 python3.12 python3.11 python3.10 /usr/bin/python3; do
    fits "$python" && exec "$python" "$@"
done
echo "No Python between 3.10 and 3.13, which Odoo 19 needs, was found" \
    "(python3 is $(python3 --version 2>/dev/null || echo missing)):" \
    "install one, for example the distribution's python3, or name one by PYTHON=/path/to/python3." >&2
exit 1
