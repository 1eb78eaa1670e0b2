"""Reads what `grokking bench --write-start` wrote: samples, first weights and settings of a workload.

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
    first: torch.Tensor   # operands and labels: int64 [samples]
    second: torch.Tensor
    label: torch.Tensor

    def __len__(self):
        return len(self.label)


@dataclass(frozen=True)
class Start:
    modulus: int
    width: int
    train: Samples
    test: Samples
    w1: torch.Tensor      # float32 [N, 2p]
    w2: torch.Tensor      # float32 [p, N]
    settings: dict        # the optimiser's numbers, as decimal texts

    def number(self, name):
        return float(self.settings[name])

    @property
    def adaptive(self):
        return self.settings["optimiser"] == "adamW"


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
        return Samples(*(tensor(f"{side}_{part}").long() for part in ("x1", "x2", "label")))

    return Start(int(settings["modulus"]), int(settings["width"]), samples("train"), samples("test"), tensor("w1"), tensor("w2"), settings)
