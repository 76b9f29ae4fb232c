"""ONNX Runtime beside `npm run bench -- inference`: MODEL INPUTS.

Each line {"calls": N, "batch": B} is answered with the milliseconds of each call and the last outputs.
"""
import json
import sys
import time

import numpy as np
import onnxruntime

_, model, inputs = sys.argv
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = options.inter_op_num_threads = 1
options.log_severity_level = 3
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
x = np.fromfile(f"{inputs}/dl_input.bin", dtype="<f4").reshape(64, 60, 78)

for line in sys.stdin:
    asked = json.loads(line)
    given = x[: asked["batch"]].copy()
    milliseconds, outputs = [], []
    for _ in range(asked["calls"]):
        began = time.perf_counter()
        (outputs,) = session.run(None, {"x": given})
        milliseconds.append((time.perf_counter() - began) * 1e3)
    print(json.dumps({"milliseconds": milliseconds, "outputs": np.ravel(outputs).tolist()}), flush=True)
