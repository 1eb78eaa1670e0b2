"""Several runs of one workload, as numpy arrays with the runs as first axis, from what `grokking bench --write-start` wrote.

Run 0 is ours: its weights, samples and first batches are those of the file, so that what a peer has reached after the first steps can be
compared with ours. Every other run has the same weights in another order and other samples of the table, as other seeds would have.
"""
import json
import struct
from dataclasses import dataclass

import numpy as np

FIRST_STEPS = 20
ORDERS = 64     # steps whose batches are drawn beforehand; then they come again
_TYPES = {"F32": np.float32, "I32": np.int32}


@dataclass(frozen=True)
class Runs:
    workload: str
    modulus: int
    network: dict
    optimiser: dict
    warmup: int
    weights: dict        # float32 [R, ...], by our names
    operands: object     # int32 [R, M, K]
    labels: object       # int32 [R, M]
    batches: object      # int32 [ORDERS, R, B]: places of training samples; None for full batches
    test: tuple          # operands [T, K] and labels [T] of run 0
    judged: int          # samples of each side on which run 0 is compared, at most

    @property
    def count(self):
        return len(self.labels)

    @property
    def batch(self):
        return self.labels.shape[1] if self.batches is None else self.batches.shape[2]

    @property
    def adaptive(self):
        return self.optimiser["kind"] == "adamW"


def tensors(path):
    """All tensors of a safetensors file, and its metadata."""
    with open(path, "rb") as file:
        length, = struct.unpack("<q", file.read(8))
        header, numbers = json.loads(file.read(length)), file.read()
    settings = header.pop("__metadata__", {})
    return {name: np.frombuffer(numbers[entry["data_offsets"][0]:entry["data_offsets"][1]], _TYPES[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in header.items()}, settings


def read(path, count):
    """So many runs of a starting point."""
    found, settings = tensors(path)
    p, network = int(settings["modulus"]), json.loads(settings["network"])
    weights = {name: value for name, value in found.items() if value.dtype == np.float32}
    sides = {side: (np.stack([found[name] for name in sorted(found) if name.startswith(f"{side}_x")], 1), found[f"{side}_label"]) for side in ("train", "test")}
    operands, labels = sides["train"]
    first, drawn = found.get("batches"), np.random.default_rng(0)
    # The table of the operation, from the two sides of run 0: what it has of it is enough to draw as many samples from.
    known, answers = np.concatenate([operands, sides["test"][0]]), np.concatenate([labels, sides["test"][1]])
    places = [np.arange(len(labels))] + [np.sort(drawn.permutation(len(known))[:len(labels)]) for _ in range(count - 1)]

    def batches():
        for step in range(ORDERS):
            rows = [drawn.permutation(len(labels))[:first.shape[1]] for _ in range(count)]
            if step < len(first):
                rows[0] = first[step]
            yield np.stack(rows)

    return Runs(
        settings["workload"], p, network, json.loads(settings["optimiser"]), int(settings["warmup_steps"]),
        {name: np.stack([value] + [drawn.permutation(value.reshape(-1)).reshape(value.shape) for _ in range(count - 1)]) for name, value in weights.items()},
        np.stack([known[chosen] for chosen in places]),
        np.stack([answers[chosen] for chosen in places]),
        None if first is None else np.stack(list(batches())).astype(np.int32),
        sides["test"],
        int(settings["judged"]))


def rate(runs, step):
    """The learning rate of a step, counted from 1."""
    return runs.optimiser["learningRate"] * min(1.0, step / runs.warmup if runs.warmup else 1.0)



def sequences(runs, operands):
    """x o y = as token numbers [..., T], with the report's numbers for the signs: the operator is p, the sign of equality p + 1."""
    assert runs.network.get("notation") != "asCoded" and operands.shape[-1] == 2, "only x o y = as the report has it is written here"
    x, y = operands[..., 0], operands[..., 1]
    return np.stack([x, np.full_like(x, runs.modulus), y, np.full_like(x, runs.modulus + 1)], -1)
