"""The peer of `npm run bench -- montecarlo`: numpy makes paths of a curve's daily returns and takes their Sharpe ratio and
maximum drawdown, all paths at once as arrays.

A first line of JSON names the file of returns and the paths; each line after it a kind of path, answered with a pass.
`days` draws single days (IID), `blocks` the stationary block bootstrap of Politis and Romano with a mean of ten days.
"""

import json
import sys
import time

import numpy as np

task = json.loads(sys.stdin.readline())
returns = np.fromfile(task["file"], "<f8", task["days"])
shape = (task["paths"], task["days"])
places = np.arange(task["days"])


def days(g):
    return returns[g.integers(0, task["days"], shape)]


def blocks(g):
    begins = g.random(shape) < 1 / task["meanBlockSessions"]
    begins[:, 0] = True
    starts = g.integers(0, task["days"], shape)
    # Each day continues the block that began last: its start, and the days since then.
    last = np.maximum.accumulate(np.where(begins, places, 0), 1)
    at = np.take_along_axis(starts, last, 1) + places - last
    return returns[at % task["days"]]


def summary(paths):
    sharpe = paths.mean(1) / paths.std(1, ddof=1) * 252**0.5
    equity = np.cumprod(1 + paths, 1)
    drawdown = (equity / np.maximum.accumulate(np.maximum(equity, 1), 1) - 1).min(1)
    levels = [5, 50, 95]
    return np.percentile(sharpe, levels).tolist(), (-np.percentile(drawdown, levels)).tolist()


draw = {"days": days, "blocks": blocks}
for line in sys.stdin:
    kind = json.loads(line)["kind"]
    began, used = time.perf_counter(), time.process_time()
    sharpe, drawdown = summary(draw[kind](np.random.default_rng(7)))
    answer = dict(seconds=time.perf_counter() - began, processorSeconds=time.process_time() - used)
    print(json.dumps(dict(answer, sharpe=sharpe, drawdown=drawdown)), flush=True)
