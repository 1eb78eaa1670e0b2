#!/usr/bin/env python3
"""Losses of weights (.npz, by our names) on the two sides of a starting point, in float64, by plain formulas or modules and nothing else."""
import json
import os
import sys

import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "peers"))
import start as starting  # noqa: E402
from networks import Network  # noqa: E402


@torch.no_grad()
def logits(start, weights, samples):
    if start.network["kind"] == "quadratic":
        w1, w2 = weights["w1"].double(), weights["w2"].double()
        h = w1.t()[samples.operands[:, 0]] + w1.t()[start.modulus + samples.operands[:, 1]]
        return (h * h) @ w2.t() / (2 * start.modulus * start.network["width"])
    network = Network(start.network, start.modulus, samples.operands.shape[1]).double()
    network.load(weights)
    return torch.cat([network(part) for part in network.inputs(samples.operands).split(512)])


def loss(start, weights, samples):
    answers = logits(start, weights, samples)
    if start.loss == "meanSquaredError":
        return ((answers - torch.nn.functional.one_hot(samples.label, start.modulus)) ** 2).mean().item()
    return torch.nn.functional.cross_entropy(answers, samples.label).item()


def main():
    start = starting.read(sys.argv[1])
    weights = {name: torch.from_numpy(value) for name, value in np.load(sys.argv[2]).items()}
    print(json.dumps({"train": loss(start, weights, start.train.first(start.judged)), "test": loss(start, weights, start.test)}))


if __name__ == "__main__":
    main()
