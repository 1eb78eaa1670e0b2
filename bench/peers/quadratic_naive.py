"""The quadratic network of arXiv 2301.02679 as one first writes it: dense one-hot inputs, a module, autograd, torch.optim."""
import torch
from torch import nn
from torch.nn import functional as F


class QuadraticNetwork(nn.Module):
    """f = W2 (W1 x)^2 / (2p N)."""

    def __init__(self, start):
        super().__init__()
        width = start.network["width"]
        self.hidden = nn.Linear(2 * start.modulus, width, bias=False)
        self.output = nn.Linear(width, start.modulus, bias=False)
        with torch.no_grad():
            self.hidden.weight.copy_(start.weights["w1"])
            self.output.weight.copy_(start.weights["w2"])
        self.input_scale = (2 * start.modulus) ** -0.5
        self.width = width

    def forward(self, x):
        return self.output((self.hidden(x) * self.input_scale) ** 2) / self.width


class Naive:
    def __init__(self, start, evaluates):
        p = start.modulus

        def inputs(samples):
            return torch.cat([F.one_hot(operand, p) for operand in samples.operands.t()], 1).float()

        self.evaluates = evaluates
        self.train_x, self.test_x = inputs(start.train), inputs(start.test)
        self.train_label, self.test_label = start.train.label, start.test.label
        self.train_y, self.test_y = F.one_hot(self.train_label, p).float(), F.one_hot(self.test_label, p).float()
        self.network = QuadraticNetwork(start)
        rate, decay = start.optimiser["learningRate"], start.optimiser["weightDecay"]
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=rate, weight_decay=decay, betas=start.optimiser["betas"], eps=start.optimiser["epsilon"],
        ) if start.adaptive else torch.optim.SGD(self.network.parameters(), lr=rate, weight_decay=decay)

    def step(self):
        logits = self.network(self.train_x)
        loss = F.mse_loss(logits, self.train_y)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        if not self.evaluates:
            return loss.item(),
        with torch.no_grad():
            test = self.network(self.test_x)
            return (
                loss.item(),
                F.mse_loss(test, self.test_y).item(),
                (test.argmax(1) == self.test_label).float().mean().item(),
                (logits.argmax(1) == self.train_label).float().mean().item(),
            )

    def weights(self):
        return {"w1": self.network.hidden.weight.detach(), "w2": self.network.output.weight.detach()}
