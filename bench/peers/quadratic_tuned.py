"""The same step by hand, as fast as plain PyTorch makes it: the gradient written out, tables looked up in place of one-hot
products, buffers made once, samples in blocks that stay in the cache, the optimiser one pass over one flat vector.

With z = h^2, h = w1[x1] + w1[p + x2], s = 1/(2p N), logits f = s z W2^T, residual e = f - onehot(y), loss = |e|^2 / (M p):
dW2 = (2s/Mp) e^T z,  dh = (4s/Mp) (e W2) * h,  dW1 = dh summed over the samples that share an operand.
"""
import torch


def _blocks(samples, p, count):
    """Row ranges, with the two table rows of each sample side by side and where each sample's pair begins."""
    size = -(-len(samples) // count)
    for begin in range(0, len(samples), size):
        end = min(begin + size, len(samples))
        pairs = (samples.operands[begin:end] + torch.tensor([0, p])).flatten().contiguous()
        yield begin, end, pairs, torch.arange(0, 2 * (end - begin), 2)


class Tuned:
    BLOCKS = 4  # of samples

    def __init__(self, start, evaluates):
        torch.set_grad_enabled(False)
        p, n = start.modulus, start.network["width"]
        self.evaluates, self.adaptive = evaluates, start.adaptive
        self.scale = 1.0 / (2 * p * n)
        self.train_count, self.test_count, self.p = len(start.train), len(start.test), p
        self.flat = torch.cat([start.weights["w1"].t().flatten(), start.weights["w2"].flatten()])
        self.gradient = torch.zeros_like(self.flat)
        self.w1, self.w2 = self.flat[:2 * p * n].view(2 * p, n), self.flat[2 * p * n:].view(p, n)
        self.d1, self.d2 = self.gradient[:2 * p * n].view(2 * p, n), self.gradient[2 * p * n:].view(p, n)
        self.train_blocks, self.test_blocks = list(_blocks(start.train, p, self.BLOCKS)), list(_blocks(start.test, p, self.BLOCKS))
        largest = max(end - begin for begin, end, _, _ in self.train_blocks + self.test_blocks)
        self.squares = torch.empty(largest, n)
        self.dh = torch.empty(self.train_count, n)
        self.residual, self.test_logits = torch.empty(self.train_count, p), torch.empty(self.test_count, p)
        self.train_label, self.test_label = start.train.label[:, None], start.test.label[:, None]
        self.minus_one = torch.full((self.train_count, 1), -1.0)
        # The scatter of dh as a sum over rows in the order of their operand.
        self.order = torch.cat([torch.sort(x, stable=True)[1] for x in start.train.operands.t()])
        counts = torch.cat([torch.bincount(x, minlength=p) for x in start.train.operands.t()])
        self.groups = counts.cumsum(0) - counts
        self.rate, self.decay = start.optimiser["learningRate"], start.optimiser["weightDecay"]
        if self.adaptive:
            (self.beta1, self.beta2), self.epsilon = start.optimiser["betas"], start.optimiser["epsilon"]
            self.first, self.second, self.root = (torch.zeros_like(self.flat) for _ in range(3))
        self.steps = 0

    def step(self):
        e, output = self.residual, self.w2.t()
        for begin, end, pairs, offsets in self.train_blocks:
            h = torch.embedding_bag(self.w1, pairs, offsets, False, 0)[0]
            z = torch.mul(h, h, out=self.squares[:end - begin])
            block = e[begin:end]
            torch.addmm(block, z, output, beta=0, alpha=self.scale, out=block)
            correct_here = self._correct(block, self.train_label[begin:end]) if self.evaluates else 0
            correct = correct_here if begin == 0 else correct + correct_here
            block.scatter_add_(1, self.train_label[begin:end], self.minus_one[begin:end])
            torch.addmm(self.d2, block.t(), z, beta=0 if begin == 0 else 1, out=self.d2)
            torch.mm(block, self.w2, out=self.dh[begin:end]).mul_(h)
        flat = e.view(-1)
        loss = torch.dot(flat, flat) / flat.numel()
        self.d1.copy_(torch.embedding_bag(self.dh, self.order, self.groups, False, 0)[0])
        self._update(2.0 * self.scale / flat.numel())
        if not self.evaluates:
            return loss.item(),
        test_loss, test_correct = self._test()
        return loss.item(), test_loss.item(), test_correct.item() / self.test_count, correct.item() / self.train_count

    def weights(self):
        return {"w1": self.w1.t(), "w2": self.w2}

    @staticmethod
    def _correct(logits, label):
        return (logits.gather(1, label) >= logits.amax(1, keepdim=True)).sum()

    def _test(self):
        logits = self.test_logits
        for begin, end, pairs, offsets in self.test_blocks:
            h = torch.embedding_bag(self.w1, pairs, offsets, False, 0)[0]
            block = logits[begin:end]
            torch.addmm(block, h.mul_(h), self.w2.t(), beta=0, alpha=self.scale, out=block)
        flat, at_label = logits.view(-1), logits.gather(1, self.test_label)
        # |f - onehot|^2 = |f|^2 - 2 f[label] + 1
        loss = (torch.dot(flat, flat) - 2 * at_label.sum() + self.test_count) / flat.numel()
        return loss, (at_label >= logits.amax(1, keepdim=True)).sum()

    def _update(self, factor):
        """d1 and d2 lack the factors 2*factor and factor."""
        self.steps += 1
        if not self.adaptive:
            if self.decay:
                self.flat.mul_(1 - self.rate * self.decay)
            self.w1.add_(self.d1, alpha=-2 * factor * self.rate)
            self.w2.add_(self.d2, alpha=-factor * self.rate)
            return
        self.d1.mul_(2 * factor)
        self.d2.mul_(factor)
        self.first.lerp_(self.gradient, 1 - self.beta1)
        self.second.mul_(self.beta2).addcmul_(self.gradient, self.gradient, value=1 - self.beta2)
        torch.sqrt(self.second, out=self.root).mul_((1 - self.beta2 ** self.steps) ** -0.5).add_(self.epsilon)
        self.flat.mul_(1 - self.rate * self.decay)
        self.flat.addcdiv_(self.first, self.root, value=-self.rate / (1 - self.beta1 ** self.steps))
