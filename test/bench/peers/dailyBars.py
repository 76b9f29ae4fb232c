"""Reads, checks, adjusts and writes a folder of daily bars with pandas: what `data.ts` does, a pass for each line of stdin.

Run by test/bench/data.ts: python dailyBars.py FOLDER OUTPUT; answers each line with one of JSON.
"""
import glob
import json
import os
import re
import resource
import sys
import time

import numpy as np
import pandas as pd

PRICES = ["open", "high", "low", "close"]
SPLITS = np.log([2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 50, 100])


def read(folder):
    frames = []
    for path in sorted(glob.glob(os.path.join(folder, "DA-*-T-*.csv"))):
        symbol = re.match(r"DA-(.+)-T-", os.path.basename(path)).group(1)
        frame = pd.read_csv(path)
        if "timestamp" in frame.columns:
            frame["timestamp"] = pd.to_datetime(frame["timestamp"], format="%Y-%m-%d")
            frames.append((symbol, frame))
    return frames


def check(frame, sessions):
    found = {}
    stamps = frame["timestamp"]
    if not stamps.is_monotonic_increasing:
        frame = frame.sort_values("timestamp", kind="stable")
        stamps = frame["timestamp"]
    found["duplicateSession"] = int(stamps.duplicated().sum())
    # Without an exchange calendar: the sessions of all symbols.
    found["unexpectedSession"] = int((~stamps.isin(sessions)).sum())
    found["missingSession"] = int((~sessions[sessions >= stamps.iloc[0]].isin(stamps)).sum())
    o, h, l, c = (frame[name].to_numpy() for name in PRICES)
    volume = frame["volume"].to_numpy()
    usable = np.isfinite(o) & np.isfinite(h) & np.isfinite(l) & np.isfinite(c)
    usable &= (o > 0) & (h > 0) & (l > 0) & (c > 0)
    found["priceInvalid"] = int((~usable).sum())
    found["volumeInvalid"] = int((~(np.isfinite(volume) & (volume >= 0))).sum())
    found["volumeZero"] = int((volume == 0).sum())
    found["rangeOrder"] = int((l > h * (1 + 1e-6)).sum())
    for name, price in (("openOutsideRange", o), ("closeOutsideRange", c)):
        excursion = np.maximum(np.maximum(price / h - 1, 1 - price / l), 0)
        found[name] = int((excursion > 1e-6).sum())
    dividend = frame["dividend_amount"].to_numpy()
    split = frame["split_coefficient"].to_numpy()
    found["actionInvalid"] = int((~((dividend >= 0) & (split > 0))).sum())
    gross = (c[1:] + dividend[1:]) * split[1:] / c[:-1]
    acted = (dividend[1:] != 0) | (split[1:] != 1)
    found["actionMismatch"] = int((acted & (np.abs(np.log(gross)) >= 0.25)).sum())
    found["spinOffAsDividend"] = int((dividend[1:] * split[1:] / c[:-1] > 0.25).sum())
    adjusted = np.empty_like(c)
    adjusted[-1] = c[-1]
    adjusted[:-1] = c[-1] / np.cumprod(gross[::-1])[::-1]
    vendor = frame["adjusted_close"].to_numpy()
    theirs, ours = vendor[1:] / vendor[:-1], adjusted[1:] / adjusted[:-1]
    found["adjustmentMismatch"] = int((np.abs(theirs / ours - 1) > 1e-4).sum())
    returns = np.log(ours)
    into, out = returns[:-1], returns[1:]
    calm = np.log(h[1:-1] / l[1:-1]) <= 0.2
    jumps = (np.minimum(np.abs(into), np.abs(out)) >= 0.25) & (np.abs(into + out) <= 0.0625)
    found["mixedAdjustment"] = int((jumps & calm).sum())
    large = np.flatnonzero(np.abs(returns) >= np.log(2) - 0.03)
    near = np.abs(np.abs(returns[large])[:, None] - SPLITS).min(axis=1) <= 0.03 if len(large) else np.zeros(0, bool)
    found["splitUnadjusted"] = int((near & (np.log(h[1:][large] / l[1:][large]) <= 0.2)).sum())
    outliers = 0
    for row in np.flatnonzero(np.abs(returns) >= 0.05):
        if row < 63:
            continue
        window = returns[row - 63 : row]
        center = np.median(window)
        spread = 1.4826 * np.median(np.abs(window - center))
        outliers += bool(abs(returns[row] - center) >= 12 * spread)
    found["returnOutlier"] = outliers
    found["returnExtreme"] = int((np.abs(ours - 1) >= 0.35).sum())
    runs = np.diff(np.flatnonzero(np.concatenate(([True], c[1:] != c[:-1], [True]))))
    found["staleRun"] = int((runs >= 5).sum())
    return found, adjusted


def once(folder, output):
    frames = read(folder)
    sessions = pd.Series(pd.concat([frame["timestamp"] for _, frame in frames]).unique()).sort_values()
    counts, parts = {}, []
    for symbol, frame in frames:
        found, adjusted = check(frame, sessions)
        for rule, count in found.items():
            counts[rule] = counts.get(rule, 0) + count
        factor = adjusted / frame["close"].to_numpy()
        part = {"symbol": symbol, "session": frame["timestamp"]}
        part.update({name: frame[name].to_numpy() * factor for name in PRICES})
        part.update({"adjustedClose": adjusted, "volume": frame["volume"].to_numpy().astype(float)})
        parts.append(pd.DataFrame(part))
    table = pd.concat(parts, ignore_index=True)
    table.to_parquet(output, compression="zstd", index=False)
    return len(table), counts


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


for _ in sys.stdin:
    began, used = time.perf_counter(), processor()
    rows, counts = once(sys.argv[1], sys.argv[2])
    answer = {"seconds": time.perf_counter() - began, "processorSeconds": processor() - used, "rows": rows, "found": counts}
    print(json.dumps(answer), flush=True)
