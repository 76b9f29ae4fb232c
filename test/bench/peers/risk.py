"""NumPy's simulated value at risk: the peer of `npm run bench -- risk`.

Argument: a file of 16-bit returns (hundred-thousandths), shape [symbols, bars]. Each line of stdin is a pass, answered with
a line of JSON: {"assets", "bars", "sessions", "scenarios", "confidence", "seed"} in equal weights.
"""
import json
import resource
import sys
import time

import numpy as np


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


stored = np.fromfile(sys.argv[1], dtype="<i2")
for line in sys.stdin:
    task = json.loads(line)
    assets, confidence = task["assets"], task["confidence"]
    rows = stored.reshape(-1, task["bars"])
    returns = rows[:assets, -task["sessions"] :].T.astype(np.float64) / 100_000
    weights = np.full(assets, 1 / assets)
    began, used = time.perf_counter(), processor()
    generator = np.random.default_rng(task["seed"])
    means = returns.mean(0)
    lower = np.linalg.cholesky(np.cov(returns.T))
    scenarios = (generator.standard_normal((task["scenarios"], assets)) @ lower.T + means) @ weights
    threshold = np.quantile(scenarios, 1 - confidence)
    shortfall = -scenarios[scenarios <= threshold].mean()
    answer = {"seconds": time.perf_counter() - began, "processorSeconds": processor() - used}
    print(json.dumps({**answer, "valueAtRisk": -threshold, "expectedShortfall": shortfall}), flush=True)
