"""The networks of benchNetworks.ts in PyTorch, with the parameters that ours wrote."""
import base64
import json

import numpy as np
import torch
from torch import nn


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv1d(78, 64, 3), nn.Conv1d(64, 64, 3)
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.fc1, self.fc2 = nn.Linear(128, 64), nn.Linear(64, 1)

    def forward(self, x):
        hidden = self.conv2(torch.relu(self.conv1(x.transpose(1, 2)))).transpose(1, 2)
        hidden, _ = self.lstm(hidden)
        return self.fc2(torch.relu(self.fc1(hidden[:, -1])))

    def fill(self, given):
        for name in ("conv1", "conv2"):
            layer = getattr(self, name)
            out, channels, steps = layer.weight.shape
            kernel = given(f"{name}/kernel", (steps, channels, out))
            layer.weight.copy_(kernel.permute(2, 1, 0))
            layer.bias.copy_(given(f"{name}/bias", (out,)))
        units = 128
        order = [0, 2, 1, 3]  # ours i, c, f, o; theirs i, f, c, o
        gates = given("lstm/kernel", (64 + units, 4, units))[:, order].reshape(64 + units, 4 * units)
        self.lstm.weight_ih_l0.copy_(gates[:64].T)
        self.lstm.weight_hh_l0.copy_(gates[64:].T)
        self.lstm.bias_ih_l0.copy_(given("lstm/bias", (4, units))[order].reshape(-1))
        self.lstm.bias_hh_l0.zero_()
        dense(self.fc1, "fc1", given)
        dense(self.fc2, "fc2", given)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(78, 64)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(64, 2, 128, dropout=0.0, batch_first=True, norm_first=True) for _ in range(2)
        )
        self.fc1, self.fc2 = nn.Linear(64, 64), nn.Linear(64, 1)

    def forward(self, x):
        hidden = self.embed(x)
        for block in self.blocks:
            hidden = block(hidden)
        return self.fc2(torch.relu(self.fc1(hidden.mean(1))))

    def fill(self, given):
        dense(self.embed, "embed", given)
        for number, block in enumerate(self.blocks, 1):
            name = f"block{number}"
            block.self_attn.in_proj_weight.copy_(given(f"{name}/attention/kernel", (64, 192)).T)
            block.self_attn.in_proj_bias.copy_(given(f"{name}/attention/bias", (192,)))
            dense(block.self_attn.out_proj, f"{name}/joined", given)
            dense(block.linear1, f"{name}/feedForward1", given)
            dense(block.linear2, f"{name}/feedForward2", given)
            for norm in ("norm1", "norm2"):
                getattr(block, norm).weight.copy_(given(f"{name}/{norm}/scale", (64,)))
                getattr(block, norm).bias.copy_(given(f"{name}/{norm}/bias", (64,)))
        dense(self.fc1, "fc1", given)
        dense(self.fc2, "fc2", given)


def dense(layer, name, given):
    out, channels = layer.weight.shape
    layer.weight.copy_(given(f"{name}/kernel", (channels, out)).T)
    layer.bias.copy_(given(f"{name}/bias", (out,)))


def network(name, file):
    texts = json.load(open(file))

    def given(parameter, shape):
        values = np.frombuffer(base64.b64decode(texts[parameter]), dtype="<f4")
        return torch.from_numpy(values.reshape(shape).copy())

    made = {"lstm": Lstm, "attention": Attention}[name]()
    with torch.no_grad():
        made.fill(given)
    return made


def batch(folder):
    x = np.fromfile(f"{folder}/dl_input.bin", dtype="<f4").reshape(64, 60, 78)
    y = np.fromfile(f"{folder}/dl_target.bin", dtype="<f4").reshape(64, 1)
    return torch.from_numpy(x), torch.from_numpy(y)
