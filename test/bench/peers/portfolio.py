"""skfolio and PyPortfolioOpt beside `npm run bench -- portfolio`: RETURNS SYMBOLS BARS DAYS.

Each line {"library": L, "objective": O, "assets": N} is answered with weights from the last DAYS returns of the first N
symbols, and the seconds they took; a first call of each is untimed by whoever asks.
"""
import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
from pypfopt import EfficientFrontier, HRPOpt
from skfolio import RiskMeasure  # noqa: F401  (loads what fitting needs)
from skfolio.cluster import HierarchicalClustering, LinkageMethod
from skfolio.optimization import HierarchicalRiskParity, MeanRisk, ObjectiveFunction, RiskBudgeting

warnings.simplefilter("ignore")
_, path, symbols, bars, days = sys.argv
quotes = np.fromfile(path, dtype="<i2").reshape(int(symbols), int(bars))


def returns(assets):
    values = quotes[:assets, -int(days):].T.astype(np.float64) / 100_000
    return pd.DataFrame(values, index=pd.bdate_range("2015-01-01", periods=int(days)), columns=[f"A{i:03d}" for i in range(assets)])


def skfolio(objective, x):
    if objective == "min-variance":
        model = MeanRisk()
    elif objective == "max-sharpe":
        model = MeanRisk(objective_function=ObjectiveFunction.MAXIMIZE_RATIO)
    elif objective == "risk-parity":
        model = RiskBudgeting()
    else:
        model = HierarchicalRiskParity(hierarchical_clustering_estimator=HierarchicalClustering(linkage_method=LinkageMethod.SINGLE))
    return model.fit(x).weights_


def pypfopt(objective, x):
    if objective == "hrp":
        weights = HRPOpt(returns=x).optimize(linkage_method="single")
    elif objective == "min-variance":
        weights = EfficientFrontier(x.mean() * 252, x.cov() * 252).min_volatility()
    else:
        # With many assets its default solver gives up on the best Sharpe ratio; Clarabel does not.
        solver = None if x.shape[1] < 100 else "CLARABEL"
        weights = EfficientFrontier(x.mean() * 252, x.cov() * 252, solver=solver).max_sharpe(risk_free_rate=0.0)
    return [weights[name] for name in x.columns]


libraries = {"skfolio": skfolio, "pypfopt": pypfopt}
for line in sys.stdin:
    asked = json.loads(line)
    x = returns(asked["assets"])
    began, used = time.perf_counter(), time.process_time()
    weights = libraries[asked["library"]](asked["objective"], x)
    answer = {"seconds": time.perf_counter() - began, "processorSeconds": time.process_time() - used}
    print(json.dumps({**answer, "weights": np.asarray(weights, float).tolist()}), flush=True)
