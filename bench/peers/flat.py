"""All weights in one flat vector, and AdamW as one pass over it with buffers made once."""
import math

import torch


class Flat:
    """Weights, and their gradients, as views of one vector each: `w[name]` and `d[name]`, by the names of the given blocks.

    A block is the tensors of the start that lie one after the other along their first axis, such as the queries', keys' and values'.
    """

    def __init__(self, start, blocks):
        assert sorted(sum(blocks.values(), [])) == sorted(start.weights), "the blocks must hold every tensor once"
        self.start = start
        joined = {name: torch.cat([start.weights[part] for part in parts]) for name, parts in blocks.items()}
        self.flat = torch.cat([value.flatten() for value in joined.values()])
        self.gradient, self.first, self.second, self.root = (torch.zeros_like(self.flat) for _ in range(4))
        self.w, self.d, self.ours, at = {}, {}, {}, 0
        for name, value in joined.items():
            self.w[name], self.d[name] = (vector[at:at + value.numel()].view(value.shape) for vector in (self.flat, self.gradient))
            sizes = [len(start.weights[part]) for part in blocks[name]]
            self.ours.update(zip(blocks[name], self.w[name].split(sizes)))
            at += value.numel()
        self.steps = 0

    def weights(self):
        """The weights by our names."""
        return {name: value.detach() for name, value in self.ours.items()}

    def update(self):
        """AdamW by the gradients in `d`."""
        settings = self.start.optimiser
        self.steps += 1
        rate, (beta1, beta2) = self.start.rate(self.steps), settings["betas"]
        correction = math.sqrt(1 - beta2 ** self.steps)
        self.flat.mul_(1 - rate * settings["weightDecay"])
        self.first.lerp_(self.gradient, 1 - beta1)
        self.second.mul_(beta2).addcmul_(self.gradient, self.gradient, value=1 - beta2)
        torch.sqrt(self.second, out=self.root).add_(settings["epsilon"] * correction)
        self.flat.addcdiv_(self.first, self.root, value=-rate * correction / (1 - beta1 ** self.steps))


def cross_entropy_gradient(logits, label):
    """The mean cross-entropy of logits [B, V], and its gradient."""
    spread = torch.log_softmax(logits, 1)
    label = label[:, None]
    loss = -spread.gather(1, label).mean()
    gradient = spread.exp_()
    gradient.scatter_add_(1, label, torch.full(label.shape, -1.0))
    return loss, gradient.mul_(1 / len(label))
