"""TA-Lib over a file of bars: the peer of `npm run bench -- indicators` and of the test of values.

The first line of stdin says what to compute: {"bars": PATH, "shape": [symbols, fields, bars], "calls": [{"name", "inputs",
"parameters"}]}, inputs as indices of fields. Each further line is a pass, answered with a line of JSON: {} is timed,
{"symbols": [...], "output": PATH} writes every output of these symbols as 64-bit floats.
"""
import json
import resource
import sys
import time

import numpy as np
import talib

task = json.loads(sys.stdin.readline())
bars = np.fromfile(task["bars"], dtype="<f8").reshape(task["shape"])
calls = [(getattr(talib, call["name"]), call["inputs"], call["parameters"]) for call in task["calls"]]


def computed(symbol):
    for function, inputs, parameters in calls:
        outputs = function(*[bars[symbol, field] for field in inputs], **parameters)
        yield from outputs if isinstance(outputs, tuple) else (outputs,)


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


for line in sys.stdin:
    wanted = json.loads(line)
    if "output" in wanted:
        with open(wanted["output"], "wb") as file:
            for symbol in wanted["symbols"]:
                for column in computed(symbol):
                    file.write(np.asarray(column, dtype="<f8").tobytes())
        print(json.dumps({"version": talib.__version__}), flush=True)
        continue
    began, used = time.perf_counter(), processor()
    columns = sum(1 for symbol in range(len(bars)) for _ in computed(symbol))
    answer = {"seconds": time.perf_counter() - began, "processorSeconds": processor() - used, "columns": columns}
    print(json.dumps(answer), flush=True)
