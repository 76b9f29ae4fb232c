"""ONNX Runtime beside `npm run bench -- inference`: MODEL INPUTS NETWORK PRECISION PARAMETERS.

Serves what PyTorch's two exporters make of the same network, each a candidate, and MODEL, the file that ours serves. In
int8 it is the older exporter's model as the runtime's own tool quantises it, in seven bits, as processors without VNNI
need it, convolutions left as they are: both make it faster or better here.

The first line out names the candidates. Each line {"model": NAME, "calls": N, "batch": B} is answered with the
milliseconds of each call, the milliseconds of processor time a call and the last outputs.
"""
import contextlib
import json
import logging
import os
import sys
import time
import warnings

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from networks import network

_, model, inputs, name, precision, parameters = sys.argv
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


def exported(by):
    file = f"{model}.{by}"
    made, sample = network(name, parameters).eval(), torch.zeros(2, 60, 78)
    names = {"input_names": ["x"], "output_names": ["y"]}
    with contextlib.redirect_stdout(sys.stderr):
        if by == "dynamo":
            shapes = {"x": {0: torch.export.Dim("batch")}}
            torch.onnx.export(made, (sample,), file, dynamo=True, verbose=False, dynamic_shapes=shapes, external_data=False, **names)
        else:
            axes = {"x": {0: "batch"}, "y": {0: "batch"}}
            torch.onnx.export(made, (sample,), file, dynamo=False, dynamic_axes=axes, opset_version=17, **names)
    return file


def quantised(file):
    kinds = ["MatMul", "Gemm", "LSTM"]
    quantize_dynamic(file, f"{file}.int8", kinds, weight_type=QuantType.QInt8, reduce_range=True)
    return f"{file}.int8"


def session(file):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


if precision == "int8":
    candidates = {"torchscript": session(quantised(exported("torchscript")))}
else:
    candidates = {by: session(exported(by)) for by in ("torchscript", "dynamo")}
sessions = candidates | {"sameFile": session(model)}
x = np.fromfile(os.path.join(inputs, "dl_input.bin"), dtype="<f4").reshape(64, 60, 78)

print(json.dumps({"candidates": list(candidates)}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    served, given = sessions[asked["model"]], x[: asked["batch"]].copy()
    milliseconds, outputs, used = [], [], time.process_time()
    for _ in range(asked["calls"]):
        began = time.perf_counter()
        (outputs,) = served.run(None, {"x": given})
        milliseconds.append((time.perf_counter() - began) * 1e3)
    processor = (time.process_time() - used) / asked["calls"] * 1e3
    answer = {"milliseconds": milliseconds, "processorMs": processor, "outputs": np.ravel(outputs).tolist()}
    print(json.dumps(answer), flush=True)
