#!/usr/bin/env bash
# Makes the virtual environment of the peer of `npm run bench -- data` in PEER_VENVS/data (default ~/.cache/plimsoll/peers).
# Python 3.11 or later; packages come from where pip is set to look.
set -eu
venv="${PEER_VENVS:-$HOME/.cache/plimsoll/peers}/data"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q --disable-pip-version-check numpy==2.4.6 pandas==3.1.1 pyarrow==26.0.1
