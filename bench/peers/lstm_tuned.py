"""The recurrent network with forward and backward by hand: what a token adds to the first layer's gates is computed once for each of the
vocabulary, gates are made in place, each weight's gradient is one product, buffers are made once, AdamW is one pass over one flat vector.

With A_t = W x_t + U h_(t-1) + b, gates i, f, g, o = σ, σ, tanh, σ of A's quarters: c_t = f c_(t-1) + i g, h_t = o tanh(c_t).
"""
import torch

from flat import Flat, cross_entropy_gradient
from start import Batches

# n samples, T tokens, d width, V vocabulary, L layers

GATES = ("input_gate", "forget_gate", "candidate", "output_gate")
sigmoid_backward, tanh_backward = torch.ops.aten.sigmoid_backward.grad_input, torch.ops.aten.tanh_backward.grad_input
embedding_backward = torch.ops.aten.embedding_dense_backward


class Tuned:
    def __init__(self, start):
        torch.set_grad_enabled(False)
        assert start.train.operands.shape[1] == 2 and start.network.get("dropout", 0) == 0 and start.network.get("notation", "infix") == "infix"
        self.d, self.layers, self.operator, self.equals = start.network["width"], start.network["layers"], start.modulus, start.modulus + 1
        self.operands, self.label, self.batches = start.train.operands, start.train.label, Batches(start)
        # Both tables as one, so that one product serves tokens and positions.
        blocks = {"tables": ["token_embedding", "position_embedding"], "head": ["head_weight"]}
        for i in range(self.layers):
            for source in ("input", "state"):
                for kind in ("weight", "bias"):
                    blocks[f"{source}_{kind}{i}"] = [f"layer{i}_{gate}_from_{source}_{kind}" for gate in GATES]
        self.flat = Flat(start, blocks)
        self.vocabulary, n, d = start.modulus + 2, self.batches.size, self.d
        self.gates, self.d_gates = ([torch.empty(4, n, 4 * d) for _ in range(self.layers)] for _ in range(2))
        self.states, self.memory, self.shown = ([torch.empty(4, n, d) for _ in range(self.layers)] for _ in range(3))
        self.dc, self.dm = torch.empty(n, d), torch.empty(n, d)
        self.d_rows = torch.zeros(len(self.flat.w["tables"]), 4 * d)

    def first_layer(self, x, gates):
        """Gates [T, n, 4d] of the tokens x o y =, but for what the state adds."""
        w, v = self.flat.w, self.vocabulary
        rows = torch.mm(w["tables"], w["input_weight0"].t())
        places = rows[v:v + 4].add_(w["input_bias0"] + w["state_bias0"])
        torch.index_select(rows[:v] + places[0], 0, x[:, 0], out=gates[0])
        torch.index_select(rows[:v] + places[2], 0, x[:, 1], out=gates[2])
        gates[1].copy_((rows[self.operator] + places[1]).expand_as(gates[1]))
        gates[3].copy_((rows[self.equals] + places[3]).expand_as(gates[3]))

    def forward(self, x):
        w, d, n = self.flat.w, self.d, len(x)
        for i in range(self.layers):
            gates, states = self.gates[i], self.states[i]
            if i == 0:
                self.first_layer(x, gates)
            else:
                torch.addmm(w[f"input_bias{i}"] + w[f"state_bias{i}"], self.states[i - 1].view(4 * n, d), w[f"input_weight{i}"].t(), out=gates.view(4 * n, 4 * d))
            for t in range(4):
                gate, memory = gates[t], self.memory[i][t]
                if t:
                    gate.addmm_(states[t - 1], w[f"state_weight{i}"].t())
                gate[:, :2 * d].sigmoid_()
                gate[:, 2 * d:3 * d].tanh_()
                gate[:, 3 * d:].sigmoid_()
                torch.mul(gate[:, :d], gate[:, 2 * d:3 * d], out=memory)
                if t:
                    memory.addcmul_(gate[:, d:2 * d], self.memory[i][t - 1])
                torch.tanh(memory, out=self.shown[i][t])
                torch.mul(gate[:, 3 * d:], self.shown[i][t], out=states[t])
        return torch.mm(self.states[-1][3], w["head"].t())

    def backward(self, x, d_logits):
        w, g, d, n = self.flat.w, self.flat.d, self.d, len(x)
        torch.mm(d_logits.t(), self.states[-1][3], out=g["head"])
        last, handed = torch.mm(d_logits, w["head"]), None
        for i in reversed(range(self.layers)):
            gates, d_gates, states = self.gates[i], self.d_gates[i], self.states[i]
            dh = last if handed is None else handed[3]
            for t in reversed(range(4)):
                self.cell_backward(i, t, dh)
                if t:
                    dh = torch.mm(d_gates[t], w[f"state_weight{i}"]) if handed is None else torch.addmm(handed[t - 1], d_gates[t], w[f"state_weight{i}"])
            torch.mm(d_gates[1:].view(3 * n, 4 * d).t(), states[:3].view(3 * n, d), out=g[f"state_weight{i}"])
            rows = d_gates.view(4 * n, 4 * d)
            if i:
                torch.mm(rows.t(), self.states[i - 1].view(4 * n, d), out=g[f"input_weight{i}"])
                torch.sum(rows, 0, out=g[f"input_bias{i}"])
                handed = torch.mm(rows, w[f"input_weight{i}"]).view(4, n, d)
            else:
                self.first_layer_backward(x, d_gates)
            g[f"state_bias{i}"].copy_(g[f"input_bias{i}"])

    def cell_backward(self, i, t, dh):
        d, gate, shown, dc, dm = self.d, self.gates[i][t], self.shown[i][t], self.dc, self.dm
        in_, forget, candidate, out = gate.split(d, 1)
        d_gate = self.d_gates[i][t]
        d_in, d_forget, d_candidate, d_out = d_gate.split(d, 1)
        torch.mul(dh, shown, out=d_out)
        torch.mul(dh, out, out=dm)
        tanh_backward(dm, shown, grad_input=dm)
        dc = dc.copy_(dm) if t == 3 else dc.add_(dm)
        torch.mul(dc, candidate, out=d_in)
        torch.mul(dc, in_, out=d_candidate)
        if t:
            torch.mul(dc, self.memory[i][t - 1], out=d_forget)
        else:
            d_forget.zero_()
        dc.mul_(forget)
        sigmoid_backward(d_gate[:, :2 * d], gate[:, :2 * d], grad_input=d_gate[:, :2 * d])
        sigmoid_backward(d_out, out, grad_input=d_out)
        tanh_backward(d_candidate, candidate, grad_input=d_candidate)

    def first_layer_backward(self, x, d_gates):
        w, g, v, rows = self.flat.w, self.flat.d, self.vocabulary, self.d_rows
        rows[:v] = embedding_backward(torch.cat([d_gates[0], d_gates[2]]), torch.cat([x[:, 0], x[:, 1]]), v, -1, False)
        torch.sum(d_gates, 1, out=rows[v:v + 4])
        rows[self.operator], rows[self.equals] = rows[v + 1], rows[v + 3]
        torch.mm(rows.t(), w["tables"], out=g["input_weight0"])
        torch.mm(rows, w["input_weight0"], out=g["tables"])
        torch.sum(rows[v:v + 4], 0, out=g["input_bias0"])

    def step(self):
        chosen = self.batches.next()
        x = self.operands.index_select(0, chosen)
        loss, d_logits = cross_entropy_gradient(self.forward(x), self.label.index_select(0, chosen))
        self.backward(x, d_logits)
        self.flat.update()
        return loss.item()

    def weights(self):
        return self.flat.weights()
