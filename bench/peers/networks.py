"""Our networks as one writes them in PyTorch: torch.nn modules, by the settings of an experiment's network. Tensors go in and out under our names."""
import torch
from torch import nn


def tokens(x, network, p):
    """x o y = as token numbers, [B, T]; the report's signs, or the program's."""
    coded = network.get("notation") == "asCoded" or network["kind"] == "perceptron"
    operator, equals = (p + 1, p) if coded else (p, p + 1)
    columns = []
    for k in range(x.shape[1]):
        columns += [x[:, k], torch.full_like(x[:, k], equals if k == x.shape[1] - 1 and not (coded and x.shape[1] > 2) else operator)]
    if coded and x.shape[1] > 2:
        columns.append(torch.full_like(x[:, 0], equals))
    return torch.stack(columns, 1)


class Block(nn.Module):
    def __init__(self, network, length):
        super().__init__()
        width = network["width"]
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, network["heads"], batch_first=True)
        self.feed_forward = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.placement = network.get("normPlacement", "pre")
        self.register_buffer("mask", torch.full((length, length), float("-inf")).triu(1), persistent=False)

    def attend(self, x):
        return self.attention(x, x, x, attn_mask=self.mask, need_weights=False)[0]

    def forward(self, x):
        if self.placement == "pre":
            x = x + self.attend(self.norm1(x))
            return x + self.feed_forward(self.norm2(x))
        if self.placement == "post":
            x = self.norm1(x + self.attend(x))
            return self.norm2(x + self.feed_forward(x))
        if self.placement == "asCoded":
            x = self.norm1(x)
            x = x + self.attend(x)
            return x + self.feed_forward(self.norm2(x))
        x = x + self.attend(x)
        return x + self.feed_forward(x)


class Network(nn.Module):
    """Any of the networks; `names` pairs our tensors with PyTorch's."""

    def __init__(self, network, p, operands):
        super().__init__()
        self.spec, self.p, width, layers = network, p, network["width"], network["layers"]
        vocabulary = p + 2
        self.names = {}
        self.given = network.get("input", "concatenated") if network["kind"] == "perceptron" else "tokens"
        self.length = 2 * operands + (network.get("notation") == "asCoded" and operands > 2)
        if self.given != "oneHot":
            self.table = nn.Embedding(vocabulary, width)
            self.names["token_embedding"] = self.table.weight
        if self.given in ("tokens", "lastToken"):
            self.positions = nn.Embedding(2 * operands + 1, width)
            self.names["position_embedding"] = self.positions.weight
        if network["kind"] == "transformer":
            self.blocks = nn.ModuleList(Block(network, self.length) for _ in range(layers))
            for i, block in enumerate(self.blocks):
                if block.placement != "none":
                    for norm in ("norm1", "norm2"):
                        self.pair(f"layer{i}_{norm}", getattr(block, norm), "scale", "shift")
                self.pair(f"layer{i}_attention_output", block.attention.out_proj)
                self.pair(f"layer{i}_feed_forward_widen", block.feed_forward[0])
                self.pair(f"layer{i}_feed_forward_narrow", block.feed_forward[2])
            if self.blocks[0].placement in ("pre", "asCoded"):
                self.norm = nn.LayerNorm(width)
                self.pair("output_norm", self.norm, "scale", "shift")
        elif network["kind"] == "longShortTermMemory":
            self.recurrent = nn.LSTM(width, width, layers, batch_first=True)
        else:
            size = {"concatenated": operands * width, "oneHot": operands * p}.get(self.given, width)
            self.layers = nn.ModuleList(nn.Linear(size if i == 0 else width, width) for i in range(layers))
            for i, layer in enumerate(self.layers):
                self.pair(f"layer{i}", layer)
        if network.get("readOut") != "tied":
            self.head = nn.Linear(width, vocabulary, bias=network["kind"] == "perceptron")
            self.pair("head", self.head)

    def pair(self, name, module, weight="weight", bias="bias"):
        self.names[f"{name}_{weight}"] = module.weight
        if module.bias is not None:
            self.names[f"{name}_{bias}"] = module.bias

    def joint(self):
        """PyTorch keeps queries, keys and values in one tensor, and the parts of a recurrent cell: which of its rows are which of ours."""
        for i in range(self.spec["layers"] if hasattr(self, "recurrent") else 0):
            for source, theirs in (("input", "ih"), ("state", "hh")):
                for part in ("weight", "bias"):
                    width = self.spec["width"]
                    for j, gate in enumerate(("input_gate", "forget_gate", "candidate", "output_gate")):
                        yield f"layer{i}_{gate}_from_{source}_{part}", getattr(self.recurrent, f"{part}_{theirs}_l{i}"), slice(j * width, (j + 1) * width)
        for i, block in enumerate(getattr(self, "blocks", [])):
            for part, theirs in (("weight", block.attention.in_proj_weight), ("bias", block.attention.in_proj_bias)):
                width = theirs.shape[0] // 3
                for j, ours in enumerate(("query", "key", "value")):
                    yield f"layer{i}_attention_{ours}_{part}", theirs, slice(j * width, (j + 1) * width)

    def load(self, weights):
        """Takes tensors by our names."""
        known = set(self.names) | {name for name, _, _ in self.joint()}
        assert known == set(weights), f"tensors differ: {known ^ set(weights)}"
        with torch.no_grad():
            for name, parameter in self.names.items():
                parameter.copy_(weights[name])
            for name, parameter, rows in self.joint():
                parameter[rows] = weights[name]

    def weights(self):
        """All tensors by our names."""
        return {**{name: parameter.detach() for name, parameter in self.names.items()}, **{name: parameter.detach()[rows] for name, parameter, rows in self.joint()}}

    def gradients(self):
        return {**{name: parameter.grad for name, parameter in self.names.items()}, **{name: parameter.grad[rows] for name, parameter, rows in self.joint()}}

    def inputs(self, x):
        """What `forward` takes of operands [B, K]: the operands themselves, or token numbers."""
        return x if self.given in ("concatenated", "summed", "oneHot") else tokens(x, self.spec, self.p)

    def forward(self, inputs):
        if self.spec["kind"] == "perceptron":
            h = {"concatenated": lambda: self.table(inputs).flatten(1),
                 "summed": lambda: self.table(inputs).sum(1),
                 "oneHot": lambda: nn.functional.one_hot(inputs, self.p).to(self.head.weight.dtype).flatten(1),
                 "lastToken": lambda: self.table(inputs[:, -1]) + self.positions.weight[inputs.shape[1] - 1]}[self.given]()
            for layer in self.layers:
                h = nn.functional.gelu(layer(h))
            return self.head(h)
        h = self.table(inputs) + self.positions.weight[:inputs.shape[1]]
        if self.spec["kind"] == "longShortTermMemory":
            return self.head(self.recurrent(h)[0][:, -1])
        for block in self.blocks:
            h = block(h)
        h = h[:, -1]
        h = self.norm(h) if hasattr(self, "norm") else h
        return self.head(h) if hasattr(self, "head") else h @ self.table.weight.T
