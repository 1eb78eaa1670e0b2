#!/usr/bin/env python3
"""Trains a network in PyTorch from a starting point that `grokking bench --write-start` wrote, and says how fast.

Prints one JSON line: steps per second in windows of about a second, and losses and accuracies after the first steps, which must be ours.
"""
import argparse
import ctypes
import importlib
import json
import os
import sys
import time

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("start", help="the file that `grokking bench --write-start` wrote")
arguments.add_argument("--variant", choices=["naive", "tuned"], required=True)
arguments.add_argument("--evaluate", action="store_true", help="test loss, test accuracy and train accuracy at each step")
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--seconds", type=float, default=3.0)
given = arguments.parse_args()
# Read when the libraries load. Debian's PyTorch takes AVX2 kernels unless told otherwise.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = str(given.threads)
os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")

import torch  # noqa: E402

import start as starting  # noqa: E402
from networks import Network  # noqa: E402

FIRST_STEPS = 20


def trained(start):
    """The variant asked for of the network of the start: an object with `step()` and `weights()`."""
    kind, naive = start.network["kind"], given.variant == "naive"
    if kind == "quadratic":
        module = importlib.import_module("quadratic_naive" if naive else "quadratic_tuned")
        return (module.Naive if naive else module.Tuned)(start, given.evaluate)
    if given.evaluate or start.loss != "crossEntropy" or not start.adaptive:
        sys.exit(f"{kind} is trained here by cross-entropy and AdamW, without evaluations.")
    tuned = {"transformer": "transformer_tuned", "longShortTermMemory": "lstm_tuned", "perceptron": "perceptron_tuned"}
    return importlib.import_module("networks_naive").Naive(start) if naive else importlib.import_module(tuned[kind]).Tuned(start)


def logits(start, weights, samples):
    """In float64, by plain formulas or modules and nothing else."""
    if start.network["kind"] == "quadratic":
        w1, w2 = weights["w1"].double(), weights["w2"].double()
        h = w1.t()[samples.operands[:, 0]] + w1.t()[start.modulus + samples.operands[:, 1]]
        return (h * h) @ w2.t() / (2 * start.modulus * start.network["width"])
    network = Network(start.network, start.modulus, samples.operands.shape[1]).double()
    network.load(weights)
    return torch.cat([network(part) for part in network.inputs(samples.operands).split(512)])


@torch.no_grad()
def standing(start, weights):
    """Losses and accuracies in float64."""
    result = {"steps": FIRST_STEPS}
    for side, samples in (("train", start.train.first(start.judged)), ("test", start.test)):
        answers = logits(start, weights, samples)
        if start.loss == "meanSquaredError":
            loss = ((answers - torch.nn.functional.one_hot(samples.label, start.modulus)) ** 2).mean()
        else:
            loss = torch.nn.functional.cross_entropy(answers, samples.label)
        result[f"{side}_loss"] = loss.item()
        result[f"{side}_accuracy"] = (answers.argmax(1) == samples.label).double().mean().item()
    return result


def blas():
    """What multiplies matrices, as far as OpenBLAS tells: its version and the kernels it chose for this processor."""
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line}
    for path in sorted(paths):
        library = ctypes.CDLL(path)
        if hasattr(library, "openblas_get_config") and hasattr(library, "openblas_get_corename"):
            library.openblas_get_config.restype = library.openblas_get_corename.restype = ctypes.c_char_p
            version = " ".join(library.openblas_get_config().decode().split()[:2])
            return f"{version}, {library.openblas_get_corename().decode()} kernels"
    return "unknown"


def windows(step, seconds):
    """Steps and seconds of each of several windows; the clock is read after each step."""
    count = max(1, round(seconds))
    for _ in range(count):
        begin, steps = time.perf_counter(), 0
        while True:
            step()
            steps += 1
            elapsed = time.perf_counter() - begin
            if elapsed >= seconds / count:
                break
        yield steps, elapsed


torch.set_num_threads(given.threads)
torch.set_flush_denormal(True)
start = starting.read(given.start)
training = trained(start)
for _ in range(FIRST_STEPS):
    training.step()
checked = standing(start, training.weights())
before = time.process_time()
timed = list(windows(training.step, given.seconds))
processor = time.process_time() - before
print(json.dumps({
    "workload": start.workload,
    "variant": given.variant,
    "evaluates": given.evaluate,
    "threads": given.threads,
    "torch": torch.__version__,
    "cpu_capability": os.environ["ATEN_CPU_CAPABILITY"],
    "blas": blas(),
    "steps_per_second": [steps / seconds for steps, seconds in timed],
    "processor_seconds_per_step": processor / sum(steps for steps, _ in timed),
    "after_first_steps": checked,
}))
