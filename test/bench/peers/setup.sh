#!/usr/bin/env bash
# Makes the virtual environments of the peers of `npm run bench -- data` and `-- montecarlo` (PEER_VENVS/data), `-- indicators` and `-- risk` (PEER_VENVS/ind),
# `-- portfolio` and `-- walkforward` (PEER_VENVS/pf), and `-- rl`, `-- training` and `-- inference` (PEER_VENVS/dl, some 6 GB with PyTorch);
# `-- backtest` takes PEER_VENVS/bt and PEER_VENVS/nt.
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
make pf skfolio==1.12.2 pyportfolioopt==1.6.0
make bt vectorbt==1.2.0 backtrader==1.9.78.123
make nt nautilus_trader==1.221.0
make dl torch==2.15.0 onnxruntime==1.31.1 onnx==1.23.2 onnxscript==0.7.2 stable-baselines3==2.9.2 gymnasium==1.4.0 pandas==3.1.1 stockstats==0.6.10 matplotlib==3.11.2
"$venvs/dl/bin/pip" install -q --disable-pip-version-check --no-deps finrl==0.3.7
