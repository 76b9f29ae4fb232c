#!/usr/bin/env bash
# Makes the virtual environments of the peers of `npm run bench -- data` (PEER_VENVS/data) and `-- indicators` (PEER_VENVS/ind);
# PEER_VENVS is ~/.cache/plimsoll/peers by default.
# Python 3.11 or later; packages come from where pip is set to look.
set -eu
venvs="${PEER_VENVS:-$HOME/.cache/plimsoll/peers}"
make() {
  [ -x "$venvs/$1/bin/python" ] || python3 -m venv "$venvs/$1"
  "$venvs/$1/bin/pip" install -q --disable-pip-version-check "${@:2}"
}
make data numpy==2.4.6 pandas==3.1.1 pyarrow==26.0.1
make ind numpy==2.4.6 TA-Lib==0.8.2
