"""skfolio's measures of a fixed series of daily returns, as JSON.

    python measures.py > ../../unit/pipelines/metrics/skfolioAnswers.json

The series is drawn by mulberry32, as `randomNumbers` in test/unit/pipelines/randomBars.ts draws it.
"""
import json

import numpy as np
import pandas as pd
import skfolio
from skfolio import Portfolio, measures


def uniform(seed):
    state = seed

    def draw():
        nonlocal state
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        return (mixed ^ (mixed >> 14)) / 2**32

    return draw


def series(sessions, seed):
    draw = uniform(seed)
    return np.array([0.0006 + 0.02 * (draw() + draw() + draw() - 1.5) for _ in range(sessions)])


returns = series(1010, 20)
days = pd.bdate_range("2020-01-01", periods=len(returns))
frame = pd.DataFrame({"strategy": returns}, index=days)
options = {"X": frame, "weights": [1.0], "annualization_factor": 252}
summed = Portfolio(**options)
compounded = Portfolio(**options, compounded=True)
trials = [0.01 * k for k in range(-5, 6)]
own = {
    "semi_deviation of 0, biased": measures.semi_deviation(returns, min_acceptable_return=0, biased=True),
    "probabilistic_sharpe_ratio": measures.probabilistic_sharpe_ratio(returns),
    "deflated_sharpe_ratio": measures.deflated_sharpe_ratio(returns, trials),
    "expected_max_sharpe_ratio": measures.expected_max_sharpe_ratio(500, 0.03),
}
names = [
    "mean", "annualized_mean", "standard_deviation", "annualized_standard_deviation", "semi_deviation", "skew",
    "kurtosis", "value_at_risk", "cvar", "sharpe_ratio", "annualized_sharpe_ratio", "sortino_ratio", "calmar_ratio",
    "max_drawdown", "average_drawdown", "ulcer_index", "worst_realization",
]  # fmt: skip
answers = {
    "version": skfolio.__version__,
    "first": returns[0],
    "last": returns[-1],
    "trials": trials,
    "summed": {name: float(getattr(summed, name)) for name in names},
    "compounded": {name: float(getattr(compounded, name)) for name in names},
    "measures": {name: float(value) for name, value in own.items()},
}
print(json.dumps(answers, indent=2))
