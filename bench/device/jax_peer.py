#!/usr/bin/env python3
"""Trains several runs of a workload in JAX, and says how fast: the step of one run, by vmap for all, by scan for many steps in one program.

Prints one JSON line: run-steps per second in windows, or why it cannot run here; writes run 0's weights after the first steps for comparison.
"""
import argparse
import functools
import json
import sys
import time

import numpy as np

import runs as given

STEPS_PER_CALL = 100


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("start", help="the file that `grokking bench --write-start` wrote")
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--precision", choices=["float32", "tf32"], default="float32")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda", help="cpu tries the script out; its speed is no peer's")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--weights", help="where run 0's weights go after the first steps (.npz)")
    return parser.parse_args()


def quadratic(jnp, jax, runs):
    """The loss of one run: f = W2 (W1 x)^2 / (2p N), mean squared error."""
    p, n = runs.modulus, runs.network["width"]

    def loss(weights, inputs, labels):
        table = weights["w1"].T
        z = (table[inputs[:, 0]] + table[inputs[:, 1] + p]) ** 2
        logits = (z @ weights["w2"].T) * (1.0 / (2 * p * n))
        return jnp.mean((logits - jax.nn.one_hot(labels, p)) ** 2)

    return loss, runs.operands


def transformer(jnp, jax, runs):
    """The loss of one run: pre-normed blocks with exact GELU, the last block for the last token alone, cross-entropy."""
    network = runs.network
    assert network.get("normPlacement", "pre") == "pre" and network.get("readOut", "own") == "own" and network.get("dropout", 0) == 0
    heads, layers, d = network["heads"], network["layers"], network["width"]

    def linear(w, x, name):
        y = x @ w[f"{name}_weight"].T
        return y + w[f"{name}_bias"] if f"{name}_bias" in w else y

    def normed(w, x, name):
        centred = x - x.mean(-1, keepdims=True)
        return centred / jnp.sqrt((centred ** 2).mean(-1, keepdims=True) + 1e-5) * w[f"{name}_scale"] + w[f"{name}_shift"]

    def attended(q, k, v, causal):
        q, k, v = (each.reshape(*each.shape[:2], heads, d // heads) for each in (q, k, v))
        scores = jnp.einsum("bqhc,bkhc->bhqk", q, k) / np.sqrt(d // heads)
        if causal:
            scores = jnp.where(np.tril(np.ones(scores.shape[-2:], bool)), scores, -jnp.inf)
        return jnp.einsum("bhqk,bkhc->bqhc", jax.nn.softmax(scores), v).reshape(*q.shape[:2], d)

    def loss(w, inputs, labels):
        x = w["token_embedding"][inputs] + w["position_embedding"][:inputs.shape[1]]
        for i in range(layers):
            name, last = f"layer{i}_", i == layers - 1
            read = normed(w, x, f"{name}norm1")
            q = linear(w, read[:, -1:] if last else read, f"{name}attention_query")
            k, v = (linear(w, read, f"{name}attention_{part}") for part in ("key", "value"))
            x = (x[:, -1:] if last else x) + linear(w, attended(q, k, v, not last), f"{name}attention_output")
            h = jax.nn.gelu(linear(w, normed(w, x, f"{name}norm2"), f"{name}feed_forward_widen"), approximate=False)
            x = x + linear(w, h, f"{name}feed_forward_narrow")
        logits = linear(w, normed(w, x[:, 0], "output_norm"), "head")
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1).mean()

    return loss, given.sequences(runs, runs.operands)


def program(jax, runs):
    """(state, many) -> (state, last losses): so many steps with all runs as one program."""
    import jax.numpy as jnp
    loss, inputs = {"quadratic": quadratic, "transformer": transformer}[runs.network["kind"]](jnp, jax, runs)
    inputs, labels = jnp.asarray(inputs), jnp.asarray(runs.labels)
    batches = None if runs.batches is None else jnp.asarray(runs.batches)
    settings = runs.optimiser

    def rate(step):
        return settings["learningRate"] * jnp.minimum(1.0, step / runs.warmup) if runs.warmup else settings["learningRate"]

    def one(weights, first, second, step, inputs, labels):
        value, gradients = jax.value_and_grad(loss)(weights, inputs, labels)
        if not runs.adaptive:
            return jax.tree_util.tree_map(lambda w, g: w - rate(step) * g, weights, gradients), first, second, value
        beta1, beta2 = settings["betas"]
        first = jax.tree_util.tree_map(lambda m, g: beta1 * m + (1 - beta1) * g, first, gradients)
        second = jax.tree_util.tree_map(lambda v, g: beta2 * v + (1 - beta2) * g * g, second, gradients)
        bias1, root2 = 1 - beta1 ** step, jnp.sqrt(1 - beta2 ** step)
        weights = jax.tree_util.tree_map(
            lambda w, m, v: w * (1 - rate(step) * settings["weightDecay"]) - rate(step) * root2 / bias1 * m / (jnp.sqrt(v) + settings["epsilon"] * root2),
            weights, first, second)
        return weights, first, second, value

    def step(state, _):
        weights, first, second, taken = state
        x, y = inputs, labels
        if batches is not None:
            chosen = batches[taken % len(batches)]
            x, y = jnp.take_along_axis(inputs, chosen[:, :, None], 1), jnp.take_along_axis(labels, chosen, 1)
        weights, first, second, losses = jax.vmap(one, in_axes=(0, 0, 0, None, 0, 0))(weights, first, second, (taken + 1).astype(jnp.float32), x, y)
        return (weights, first, second, taken + 1), losses

    @functools.partial(jax.jit, static_argnums=1, donate_argnums=0)
    def many(state, steps):
        state, losses = jax.lax.scan(step, state, None, length=steps)
        return state, losses[-1]

    weights = {name: jnp.asarray(value) for name, value in runs.weights.items()}
    memory = [{name: jnp.zeros_like(value) for name, value in weights.items()} if runs.adaptive else {} for _ in range(2)]
    return (weights, *memory, jnp.zeros((), jnp.int32)), many


def main():
    options = arguments()
    try:
        import jax
    except ImportError:
        print(json.dumps({"engine": "JAX scan + vmap", "absent": "this Python has no JAX"}))
        return
    if options.device == "cpu":
        jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_default_matmul_precision", "tensorfloat32" if options.precision == "tf32" else "highest")
    try:
        found = jax.devices()[0]
    except RuntimeError as fault:
        print(json.dumps({"engine": "JAX scan + vmap", "absent": f"JAX has no device: {str(fault).splitlines()[0]}"}))
        return
    if options.device == "cuda" and found.platform != "gpu":
        print(json.dumps({"engine": "JAX scan + vmap", "absent": "JAX sees no CUDA device"}))
        return

    state, many = program(jax, given.read(options.start, options.runs))
    state, _ = many(state, given.FIRST_STEPS)
    if options.weights:
        np.savez(options.weights, **{name: np.asarray(value[0]) for name, value in state[0].items()})
    state, losses = many(state, STEPS_PER_CALL)     # compiles
    losses.block_until_ready()
    rates = []
    for _ in range(max(1, round(options.seconds))):
        begin, steps = time.perf_counter(), 0
        while time.perf_counter() - begin < options.seconds / max(1, round(options.seconds)):
            state, losses = many(state, STEPS_PER_CALL)
            losses.block_until_ready()
            steps += STEPS_PER_CALL
        rates.append(steps * options.runs / (time.perf_counter() - begin))
    print(json.dumps({
        "engine": "JAX scan + vmap",
        "version": jax.__version__,
        "device": found.device_kind,
        "precision": options.precision,
        "runs": options.runs,
        "run_steps_per_second": rates,
        "finite": bool(np.isfinite(np.asarray(losses)).all()),
    }))


if __name__ == "__main__":
    sys.exit(main())
