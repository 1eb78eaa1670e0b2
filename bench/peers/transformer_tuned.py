"""The transformer as fast as plain PyTorch makes it: queries, keys and values in one product, the last block for the last token alone,
attention as fused elementwise products (a batched product would be one call of the library per head), one flat vector for AdamW. Autograd.
"""
import torch
from torch.nn import functional as F

from flat import Flat
from networks import tokens
from start import Batches

# n samples, T tokens, Q tokens that ask, H heads, d width


class Tuned:
    def __init__(self, start):
        network = start.network
        assert network.get("normPlacement", "pre") == "pre" and network.get("readOut", "own") == "own" and network.get("dropout", 0) == 0
        self.layers, self.d, self.heads = network["layers"], network["width"], network["heads"]
        self.sequences = tokens(start.train.operands, network, start.modulus)
        self.label, self.batches = start.train.label, Batches(start)
        single = [name for name in start.weights if not any(f"attention_{part}_" in name for part in ("query", "key", "value"))]
        joint = {f"layer{i}_attention_joint_{kind}": [f"layer{i}_attention_{part}_{kind}" for part in ("query", "key", "value")]
                 for i in range(self.layers) for kind in ("weight", "bias")}
        self.flat = Flat(start, {**{name: [name] for name in single}, **joint})
        self.w = {name: value.requires_grad_() for name, value in self.flat.w.items()}
        self.parameters = list(self.w.values())
        self.length = self.sequences.shape[1]
        self.mask = torch.full((self.length, self.length), float("-inf")).triu(1)[None, :, :, None]

    def attend(self, q, k, v):
        """q [n, Q, d], k and v [n, T, d]: all tokens with the mask, or the last one, which sees all."""
        n, asked, d = q.shape
        q, k, v = q.reshape(n, asked, 1, self.heads, -1), k.reshape(n, 1, self.length, self.heads, -1), v.reshape(n, 1, self.length, self.heads, -1)
        scores, scale = (q * k).sum(-1), (d // self.heads) ** -0.5
        scores = scores * scale if asked < self.length else torch.add(self.mask, scores, alpha=scale)
        return (scores.softmax(2).unsqueeze(-1) * v).sum(2).view(n * asked, d)

    def block(self, x, i, n):
        """The stream [n T, d], or [n, d] of the last tokens after the last block."""
        w, d, name = self.w, self.d, f"layer{i}_"

        def norm(x, which):
            return F.layer_norm(x, (d,), w[f"{name}{which}_scale"], w[f"{name}{which}_shift"])

        read, joint, bias = norm(x, "norm1"), w[f"{name}attention_joint_weight"], w[f"{name}attention_joint_bias"]
        if i == self.layers - 1:
            x = x.view(n, self.length, d)[:, -1]
            q = F.linear(read.view(n, self.length, d)[:, -1], joint[:d], bias[:d]).view(n, 1, d)
            k, v = F.linear(read, joint[d:], bias[d:]).view(n, self.length, 2 * d).split(d, 2)
        else:
            q, k, v = F.linear(read, joint, bias).view(n, self.length, 3 * d).split(d, 2)
        x = x + F.linear(self.attend(q, k, v), w[f"{name}attention_output_weight"], w[f"{name}attention_output_bias"])
        h = F.gelu(F.linear(norm(x, "norm2"), w[f"{name}feed_forward_widen_weight"], w[f"{name}feed_forward_widen_bias"]))
        return x + F.linear(h, w[f"{name}feed_forward_narrow_weight"], w[f"{name}feed_forward_narrow_bias"])

    def logits(self, sequences):
        n, w = len(sequences), self.w
        x = (F.embedding(sequences, w["token_embedding"]) + w["position_embedding"][:self.length]).view(n * self.length, self.d)
        for i in range(self.layers):
            x = self.block(x, i, n)
        return F.linear(F.layer_norm(x, (self.d,), w["output_norm_scale"], w["output_norm_shift"]), w["head_weight"])

    def step(self):
        chosen = self.batches.next()
        loss = F.cross_entropy(self.logits(self.sequences.index_select(0, chosen)), self.label.index_select(0, chosen))
        gradients = torch.autograd.grad(loss, self.parameters)
        with torch.no_grad():
            torch.cat([gradient.reshape(-1) for gradient in gradients], out=self.flat.gradient)
            self.flat.update()
        return loss.item()

    def weights(self):
        return self.flat.weights()
