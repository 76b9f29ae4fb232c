"""Pooled ridge regression over the windows of a walk-forward: the peer of `npm run bench -- walkforward`.

Arguments: FILE with 32-bit floats [20 symbols, 2520 days, 10 features and the label], and who computes: `skfolio` splits
by its WalkForward and regresses by scikit-learn, `numpy` solves the normal equations itself. Each line of stdin is a pass.
"""
import json
import resource
import sys
import time

import numpy as np

table = np.fromfile(sys.argv[1], dtype="<f4").reshape(20, 2520, 11).astype("float64")
inputs, labels = table[:, :, :10], table[:, :, 10]
days = np.zeros((2520, 1))


def splits_of_skfolio():
    # Its test windows do not overlap: three walks, each a month later, are the windows that step by a month.
    found = []
    for offset in (0, 21, 42):
        walk = WalkForward(train_size=252, test_size=63)
        found += [(train + offset, test + offset) for train, test in walk.split(days[offset:])]
    return found


def ridge_of_numpy(x, y):
    mean, deviation = x.mean(0), x.std(0)
    z = (x - mean) / deviation
    weights = np.linalg.solve(z.T @ z + np.eye(10), z.T @ (y - y.mean()))
    return lambda given: (given - mean) / deviation @ weights + y.mean()


if sys.argv[2] == "skfolio":
    from skfolio.model_selection import WalkForward
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    splits = splits_of_skfolio

    def fit(x, y):
        return make_pipeline(StandardScaler(), Ridge(alpha=1.0)).fit(x, y).predict
else:

    def splits():
        return [(np.arange(at, at + 252), np.arange(at + 252, at + 315)) for at in range(0, 2520 - 314, 21)]

    fit = ridge_of_numpy


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


for line in sys.stdin:
    began, used = time.perf_counter(), processor()
    errors, correlations = [], []
    for train, test in splits():
        predict = fit(inputs[:, train].reshape(-1, 10), labels[:, train].ravel())
        forecasts, actual = predict(inputs[:, test].reshape(-1, 10)), labels[:, test].ravel()
        errors.append(((forecasts - actual) ** 2).mean())
        correlations.append(np.corrcoef(forecasts, actual)[0, 1])
    answer = {
        "seconds": time.perf_counter() - began,
        "processorSeconds": processor() - used,
        "windows": len(errors),
        "meanSquaredError": float(np.mean(errors)),
        "informationCoefficient": float(np.mean(correlations)),
    }
    print(json.dumps(answer), flush=True)
