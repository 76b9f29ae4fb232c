"""PyTorch beside `npm run bench -- training`: NETWORK INPUTS PARAMETERS THREADS.

Each line {"steps": N} is a pass over the same batch, answered with its seconds and the losses of its steps.
"""
import json
import resource
import sys
import time

import torch

from networks import batch, network

_, name, inputs, parameters, threads = sys.argv
torch.set_num_threads(int(threads))
model = network(name, parameters).train()
x, y = batch(inputs)
optimiser = torch.optim.Adam(model.parameters(), 1e-3)
loss_of = torch.nn.MSELoss()


def processor():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


for line in sys.stdin:
    losses = []
    began, used = time.perf_counter(), processor()
    for _ in range(json.loads(line)["steps"]):
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of(model(x), y)
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "processorSeconds": processor() - used, "losses": losses}), flush=True)
