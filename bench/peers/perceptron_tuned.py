"""The perceptron with forward and backward by hand: the first layer's product is taken once for each token, samples look its rows up,
AdamW is one pass over one flat vector.
"""
import torch
from torch.nn import functional as F

from flat import Flat, cross_entropy_gradient
from start import Batches

# n samples, d width, V vocabulary, L layers

embedding_backward, gelu_backward = torch.ops.aten.embedding_dense_backward, torch.ops.aten.gelu_backward


class Tuned:
    def __init__(self, start):
        torch.set_grad_enabled(False)
        network = start.network
        assert network.get("input", "concatenated") == "concatenated" and network.get("activation", "gelu") == "gelu" and network.get("dropout", 0) == 0
        assert start.train.operands.shape[1] == 2
        self.d, self.layers, self.vocabulary = network["width"], network["layers"], start.modulus + 2
        # The two halves of the first layer's products lie one below the other in one table.
        self.rows = start.train.operands + torch.tensor([0, self.vocabulary])
        self.operands, self.label, self.batches = start.train.operands, start.train.label, Batches(start)
        self.flat = Flat(start, {name: [name] for name in start.weights})
        n, d = self.batches.size, self.d
        self.table = torch.empty(2 * self.vocabulary, d)
        self.before, self.after = ([torch.empty(n, d) for _ in range(self.layers)] for _ in range(2))

    def forward(self, chosen):
        w, d, v = self.flat.w, self.d, self.vocabulary
        first, table = w["layer0_weight"], w["token_embedding"]
        torch.addmm(w["layer0_bias"], table, first[:, :d].t(), out=self.table[:v])
        torch.mm(table, first[:, d:].t(), out=self.table[v:])
        self.before[0] = F.embedding_bag(self.rows.index_select(0, chosen), self.table, mode="sum")
        self.after[0] = F.gelu(self.before[0])
        for i in range(1, self.layers):
            torch.addmm(w[f"layer{i}_bias"], self.after[i - 1], w[f"layer{i}_weight"].t(), out=self.before[i])
            self.after[i] = F.gelu(self.before[i])
        return torch.addmm(w["head_bias"], self.after[-1], w["head_weight"].t())

    def backward(self, chosen, d_logits):
        w, g, d, v = self.flat.w, self.flat.d, self.d, self.vocabulary
        torch.mm(d_logits.t(), self.after[-1], out=g["head_weight"])
        torch.sum(d_logits, 0, out=g["head_bias"])
        dx = torch.mm(d_logits, w["head_weight"])
        for i in reversed(range(1, self.layers)):
            dx = gelu_backward(dx, self.before[i])
            torch.mm(dx.t(), self.after[i - 1], out=g[f"layer{i}_weight"])
            torch.sum(dx, 0, out=g[f"layer{i}_bias"])
            dx = torch.mm(dx, w[f"layer{i}_weight"])
        dx = gelu_backward(dx, self.before[0])
        x = self.operands.index_select(0, chosen)
        left, right = (embedding_backward(dx, x[:, k], v, -1, False) for k in range(2))
        first, table = w["layer0_weight"], w["token_embedding"]
        g["layer0_weight"][:, :d], g["layer0_weight"][:, d:] = torch.mm(left.t(), table), torch.mm(right.t(), table)
        torch.sum(left, 0, out=g["layer0_bias"])
        torch.mm(left, first[:, :d], out=g["token_embedding"])
        g["token_embedding"].addmm_(right, first[:, d:])

    def step(self):
        chosen = self.batches.next()
        loss, d_logits = cross_entropy_gradient(self.forward(chosen), self.label.index_select(0, chosen))
        self.backward(chosen, d_logits)
        self.flat.update()
        return loss.item()

    def weights(self):
        return self.flat.weights()
