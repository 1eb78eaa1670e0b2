#!/usr/bin/env python3
"""Trains several runs of a workload in PyTorch, and says how fast: eagerly, through torch.compile, or as a captured CUDA graph.

Prints one JSON line: run-steps per second in windows, or why it cannot run here; writes run 0's weights after the first steps for comparison.
"""
import argparse
import json
import sys
import time

import numpy as np
import torch

import runs as given
import torch_runs

WARMUP = 3      # steps on a side stream before a capture, as PyTorch asks for


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("start", help="the file that `grokking bench --write-start` wrote")
    parser.add_argument("--variant", choices=["eager", "compiled", "graph"], required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--precision", choices=["float32", "tf32"], default="float32")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help="cpu tries the script out; its speed is no peer's")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--weights", help="where run 0's weights go after the first steps (.npz)")
    return parser.parse_args()


def absent(options):
    """Why this cannot be measured here; nothing where it can."""
    if options.device == "cuda" and not torch.cuda.is_available():
        return "PyTorch sees no CUDA device"
    if options.variant == "compiled" and not hasattr(torch, "compile"):
        return f"PyTorch {torch.__version__} has no torch.compile"
    if options.variant == "graph" and options.device == "cpu":
        return "the processor has no graphs to capture"
    return None


def captured(training):
    """The step as one CUDA graph. The steps that PyTorch wants before are taken back afterwards."""
    before = [value.detach().clone() for value in state(training)]
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(WARMUP):
            training.advance()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        training.advance()
    with torch.no_grad():
        for value, old in zip(state(training), before):
            value.copy_(old)
    return graph.replay


def state(training):
    return [*training.parameters, *training.first, *training.second, training.taken]


def main():
    options = arguments()
    reason = absent(options)
    if reason:
        print(json.dumps({"engine": f"PyTorch {options.variant}", "absent": reason}))
        return
    torch.set_float32_matmul_precision("high" if options.precision == "tf32" else "highest")
    training = torch_runs.step(given.read(options.start, options.runs), torch.device(options.device))
    if options.variant == "compiled":
        training.losses, training.update = torch.compile(training.losses), torch.compile(training.update)
    step = captured(training) if options.variant == "graph" else training.advance
    wait = torch.cuda.synchronize if options.device == "cuda" else lambda: None

    for _ in range(given.FIRST_STEPS):
        step()
    wait()
    if options.weights:
        np.savez(options.weights, **{name: value.detach()[0].cpu().numpy() for name, value in training.weights.items()})
    rates = []
    for _ in range(max(1, round(options.seconds))):
        begin, steps, every = time.perf_counter(), 0, 1
        while time.perf_counter() - begin < options.seconds / max(1, round(options.seconds)):
            for _ in range(every):
                step()
            wait()
            steps += every
            # Waiting for the device costs; it is done about ten times a second.
            every = max(1, int(0.1 * steps / (time.perf_counter() - begin)))
        rates.append(steps * options.runs / (time.perf_counter() - begin))
    print(json.dumps({
        "engine": f"PyTorch {options.variant}",
        "version": torch.__version__,
        "device": torch.cuda.get_device_name() if options.device == "cuda" else "cpu",
        "precision": options.precision,
        "runs": options.runs,
        "run_steps_per_second": rates,
        "finite": bool(torch.isfinite(training.loss).all()),
    }))


if __name__ == "__main__":
    sys.exit(main())
