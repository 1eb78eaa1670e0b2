"""A workload's training step in PyTorch for several independent runs at once: every weight has the runs as first axis, products are batched over it.

With one run it is the step as one writes it. Functional, with autograd; AdamW as one pass over all weights of a kind, out of buffers made once.
"""
import math

import torch
from torch.nn import functional as F

import runs as given

# R runs, M samples, B samples of a step, T tokens, H heads, d and N widths


class Step:
    """`advance()` takes one step with all runs and leaves their losses in `loss` [R]."""

    def __init__(self, runs, device):
        self.runs, self.device = runs, device
        self.names = sorted(runs.weights)
        self.weights = {name: torch.tensor(runs.weights[name], device=device, requires_grad=True) for name in self.names}
        self.parameters = [self.weights[name] for name in self.names]
        self.first, self.second = ([torch.zeros_like(value) for value in self.parameters] for _ in range(2))
        self.labels = torch.tensor(runs.labels, device=device).long()
        self.inputs = torch.tensor(self.prepared(runs), device=device).long()
        self.batches = None if runs.batches is None else torch.tensor(runs.batches, device=device).long()
        # On the device, so that a captured graph goes on by itself.
        self.taken = torch.zeros((), device=device, dtype=torch.float64)
        self.loss = torch.zeros(runs.count, device=device)

    def batch(self):
        if self.batches is None:
            return self.inputs, self.labels
        chosen = self.batches.index_select(0, (self.taken.long() % len(self.batches)).reshape(1))[0]
        return (torch.gather(self.inputs, 1, chosen[:, :, None].expand(-1, -1, self.inputs.shape[2])), torch.gather(self.labels, 1, chosen))

    def advance(self):
        losses = self.losses(*self.batch())
        # Runs share nothing: the gradient of the sum has each run's own.
        gradients = torch.autograd.grad(losses.sum(), self.parameters)
        with torch.no_grad():
            self.loss.copy_(losses)
            self.taken += 1
            self.update(gradients)

    def update(self, gradients):
        settings = self.runs.optimiser
        rate = settings["learningRate"] * (self.taken / self.runs.warmup).clamp(max=1.0) if self.runs.warmup else settings["learningRate"]
        if not self.runs.adaptive:
            for weight, gradient in zip(self.parameters, gradients):
                weight.sub_(gradient * rate)
            return
        beta1, beta2 = settings["betas"]
        bias1, root2 = 1 - beta1 ** self.taken, (1 - beta2 ** self.taken).sqrt()
        kept, size, small = (1 - rate * settings["weightDecay"]).float(), (rate * root2 / bias1).float(), (settings["epsilon"] * root2).float()
        for weight, gradient, first, second in zip(self.parameters, gradients, self.first, self.second):
            first.lerp_(gradient, 1 - beta1)
            second.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
            weight.mul_(kept).sub_(size * first / (second.sqrt() + small))


class Quadratic(Step):
    """f = W2 (W1 x)^2 / (2p N), mean squared error, full batch; two rows of a table in place of one-hot products."""

    def prepared(self, runs):
        return runs.operands

    def losses(self, inputs, labels):
        p, n = self.runs.modulus, self.runs.network["width"]
        table = self.weights["w1"].transpose(1, 2)                                  # [R, 2p, N]
        rows = [torch.gather(table, 1, (inputs[:, :, k] + k * p)[:, :, None].expand(-1, -1, n)) for k in range(2)]
        z = (rows[0] + rows[1]).square()                                            # [R, M, N]
        logits = torch.bmm(z, self.weights["w2"].transpose(1, 2)) * (1.0 / (2 * p * n))
        return (logits - F.one_hot(labels, p)).square().mean((1, 2))


class Transformer(Step):
    """Pre-normed blocks with exact GELU, a learned position for each token, cross-entropy at the last token."""

    def prepared(self, runs):
        assert runs.network.get("normPlacement", "pre") == "pre" and runs.network.get("readOut", "own") == "own" and runs.network.get("dropout", 0) == 0
        return given.sequences(runs, runs.operands)

    def linear(self, x, name):
        """x [R, n, d] by a weight [R, e, d], with a bias where there is one."""
        weight, bias = self.weights[f"{name}_weight"], self.weights.get(f"{name}_bias")
        return torch.bmm(x, weight.transpose(1, 2)) if bias is None else torch.baddbmm(bias[:, None], x, weight.transpose(1, 2))

    def normed(self, x, name):
        return F.layer_norm(x, x.shape[-1:]) * self.weights[f"{name}_scale"][:, None] + self.weights[f"{name}_shift"][:, None]

    def block(self, x, i, tokens):
        """The stream [R, B T, d]; after the last block that of the last token alone, [R, B, d]."""
        heads, (count, size, d), name = self.runs.network["heads"], x.shape, f"layer{i}_"
        last = i == self.runs.network["layers"] - 1
        read = self.normed(x, f"{name}norm1")
        asking = read.view(count, -1, tokens, d)[:, :, -1] if last else read
        parts = [self.linear(asking if part == "query" else read, f"{name}attention_{part}") for part in ("query", "key", "value")]
        asked = 1 if last else tokens
        q, k, v = (each.reshape(count * size // tokens, -1, heads, d // heads).transpose(1, 2) for each in parts)
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=not last) if hasattr(F, "scaled_dot_product_attention") else self.attended(q, k, v, not last)
        attended = attended.transpose(1, 2).reshape(count, size // tokens * asked, d)
        x = x.view(count, -1, tokens, d)[:, :, -1] if last else x
        x = x + self.linear(attended, f"{name}attention_output")
        h = F.gelu(self.linear(self.normed(x, f"{name}norm2"), f"{name}feed_forward_widen"))
        return x + self.linear(h, f"{name}feed_forward_narrow")

    @staticmethod
    def attended(q, k, v, causal):
        scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
        if causal:
            scores = scores + torch.full(scores.shape[-2:], float("-inf"), device=q.device).triu(1)
        return scores.softmax(-1) @ v

    def losses(self, inputs, labels):
        count, size, tokens = inputs.shape
        d = self.runs.network["width"]
        table, positions = self.weights["token_embedding"], self.weights["position_embedding"]
        x = torch.gather(table, 1, inputs.reshape(count, -1, 1).expand(-1, -1, d)) + positions[:, :tokens].repeat(1, size, 1)
        for i in range(self.runs.network["layers"]):
            x = self.block(x, i, tokens)
        logits = self.linear(self.normed(x, "output_norm"), "head")
        return F.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none").view(count, size).mean(1)


def step(runs, device):
    kinds = {"quadratic": Quadratic, "transformer": Transformer}
    return kinds[runs.network["kind"]](runs, device)
