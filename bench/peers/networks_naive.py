"""A network on batches as one first writes it: modules, autograd, torch.optim.AdamW, a schedule."""
import torch
from torch.nn import functional as F

from networks import Network
from start import Batches


class Naive:
    def __init__(self, start):
        self.network = Network(start.network, start.modulus, start.train.operands.shape[1])
        self.network.load(start.weights)
        self.inputs, self.label = self.network.inputs(start.train.operands), start.train.label
        self.batches = Batches(start)
        rate, decay = start.optimiser["learningRate"], start.optimiser["weightDecay"]
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=rate, weight_decay=decay, betas=start.optimiser["betas"], eps=start.optimiser["epsilon"])
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, lambda steps: start.rate(steps + 1) / rate)

    def step(self):
        chosen = self.batches.next()
        loss = F.cross_entropy(self.network(self.inputs[chosen]), self.label[chosen])
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.schedule.step()
        return loss.item()

    def weights(self):
        return self.network.weights()
