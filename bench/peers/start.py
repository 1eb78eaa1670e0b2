"""Reads what `grokking bench --write-start` wrote: samples, first weights, the first batches and settings of a workload.

The format is safetensors: eight bytes of header length, a JSON header, the numbers.
"""
import json
import struct
from dataclasses import dataclass

import numpy as np
import torch

_TYPES = {"F32": np.float32, "I32": np.int32}


@dataclass(frozen=True)
class Samples:
    operands: torch.Tensor  # int64 [samples, K]
    label: torch.Tensor     # int64 [samples]

    def __len__(self):
        return len(self.label)

    def first(self, count):
        return Samples(self.operands[:count], self.label[:count])


@dataclass(frozen=True)
class Start:
    workload: str
    modulus: int
    train: Samples
    test: Samples       # those that implementations are compared on
    judged: int         # samples of each side that implementations are compared on, at most
    weights: dict       # float32, by our names
    batches: object     # int64 [steps, B]: the places of the samples that each of the first steps sees; None for full batches
    loss: str
    network: dict       # as an experiment has it, and so the optimiser
    optimiser: dict
    warmup: int         # steps over which the learning rate rises on a line to its full height

    @property
    def adaptive(self):
        return self.optimiser["kind"] == "adamW"

    def rate(self, step):
        """The learning rate of a step, counted from 1."""
        return self.optimiser["learningRate"] * min(1.0, step / self.warmup if self.warmup else 1.0)


def read(path):
    with open(path, "rb") as file:
        length, = struct.unpack("<q", file.read(8))
        header, numbers = json.loads(file.read(length)), file.read()
    settings = header.pop("__metadata__")

    def tensor(name):
        entry = header[name]
        begin, end = entry["data_offsets"]
        values = np.frombuffer(numbers[begin:end], _TYPES[entry["dtype"]])
        return torch.from_numpy(values.reshape(entry["shape"]).copy())

    def samples(side):
        operands = [tensor(name).long() for name in sorted(header) if name.startswith(f"{side}_x")]
        return Samples(torch.stack(operands, 1), tensor(f"{side}_label").long())

    return Start(
        settings["workload"], int(settings["modulus"]), samples("train"), samples("test"), int(settings["judged"]),
        {name: tensor(name) for name, entry in header.items() if entry["dtype"] == "F32"},
        tensor("batches").long() if "batches" in header else None,
        settings["loss"], json.loads(settings["network"]), json.loads(settings["optimiser"]), int(settings["warmup_steps"]))


class Batches:
    """The places of the samples that each step sees: ours at first, then epoch after epoch in orders of PyTorch's own."""

    def __init__(self, start):
        self.count, self.size = len(start.train), start.batches.shape[1]
        self.first = iter(start.batches)
        self.order = torch.empty(0, dtype=torch.long)

    def next(self):
        chosen = next(self.first, None)
        if chosen is not None:
            return chosen
        while len(self.order) < self.size:
            self.order = torch.cat([self.order, torch.randperm(self.count)])
        chosen, self.order = self.order[:self.size], self.order[self.size:]
        return chosen
