#!/usr/bin/env python3
"""Trains the quadratic network in PyTorch from a starting point that `grokking bench --write-start` wrote, and says how fast.

Prints one JSON line: steps per second in windows of about a second, and losses and accuracies after the first steps, which must be ours.
"""
import argparse
import ctypes
import json
import os
import time

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("start", help="the file that `grokking bench --write-start` wrote")
arguments.add_argument("--variant", choices=["naive", "tuned"], required=True)
arguments.add_argument("--evaluate", action="store_true", help="test loss, test accuracy and train accuracy at each step")
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--seconds", type=float, default=3.0)
arguments.add_argument("--blocks", type=int, default=4, help="blocks of samples of the tuned variant")
given = arguments.parse_args()
# Read when the libraries load. Debian's PyTorch takes AVX2 kernels unless told otherwise.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = str(given.threads)
os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")

import torch  # noqa: E402

import start as starting  # noqa: E402
from naive import Naive  # noqa: E402
from tuned import Tuned  # noqa: E402

FIRST_STEPS = 20


def standing(start, w1, w2):
    """Losses and accuracies in float64, by the formula and nothing else."""
    result = {"steps": FIRST_STEPS}
    w1, w2 = w1.double(), w2.double()
    for side, samples in (("train", start.train), ("test", start.test)):
        h = w1.t()[samples.first] + w1.t()[start.modulus + samples.second]
        logits = (h * h) @ w2.t() / (2 * start.modulus * start.width)
        target = torch.nn.functional.one_hot(samples.label, start.modulus).double()
        result[f"{side}_loss"] = ((logits - target) ** 2).mean().item()
        result[f"{side}_accuracy"] = (logits.argmax(1) == samples.label).double().mean().item()
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
trained = Naive(start, given.evaluate) if given.variant == "naive" else Tuned(start, given.evaluate, given.blocks)
for _ in range(FIRST_STEPS):
    trained.step()
checked = standing(start, *trained.weights())
before = time.process_time()
timed = list(windows(trained.step, given.seconds))
processor = time.process_time() - before
print(json.dumps({
    "workload": start.settings["workload"],
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
