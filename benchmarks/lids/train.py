"""Train the lid network on drawn eyes: ``python train.py SHARDS OUT.npz [--steps N]``.

The network gives, for each of 16 columns of the crop, how likely each row is the edge of the upper
and of the lower lid; the mean row is the position, so that it follows a lid in proportion, and the
spread says how well it was seen. A hidden eye has no row: there the network learns to say that
every row is alike.

Weights are stored as whole numbers of 8 bits with a scale for each channel; batch normalisation is
folded in. `facewire.landmarks.detectors.lids` builds the same network from them.

Needs PyTorch, which nothing else here does. The weights in the package were made with torch 2.14.1,
numpy 2.4.6 and OpenCV 5.0.0 on one thread: 80 shards, 14,000 steps, 40 minutes.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from drawn import usual_rows
from torch import nn
from torch.nn import functional as fn

SEED = 7
BATCH = 64
PEAK_RATE = 3e-3
EDGE_SD_PX = 0.8
AVERAGED = 0.9995
LEVELS = 127
SHARDS, FIRST_SHARDS, STEPS_A_SHARD = 80, 16, 100


class Layer(nn.Module):
    """3 x 3 convolution, normalised."""

    def __init__(self, inward: int, outward: int, stride: tuple[int, int] = (1, 1)) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inward, outward, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(outward)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return fn.relu(self.norm(self.conv(x)))


class LidNet(nn.Module):
    """Rows of both lids' edges from a crop, shape (n, 3, 64, 64), to logits (n, 2, 64, 16)."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(
            [
                Layer(3, 8, (1, 2)),
                Layer(8, 16, (2, 2)),
                Layer(16, 24, (2, 2)),
                Layer(24, 24),
                Layer(24, 32, (2, 2)),
                Layer(32, 32),
            ]
        )
        self.up = nn.ModuleList([Layer(56, 24), Layer(40, 16), Layer(24, 12)])
        self.last = nn.Conv2d(12, 2, (5, 3), 1, (2, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        fine = self.down[0](x)
        half = self.down[1](fine)
        quarter = self.down[3](self.down[2](half))
        x = self.down[5](self.down[4](quarter))
        x = self.up[0](torch.cat([fn.interpolate(x, scale_factor=2), quarter], 1))
        x = self.up[1](torch.cat([fn.interpolate(x, scale_factor=2), half], 1))
        x = fn.interpolate(x, scale_factor=(2.0, 1.0))
        x = self.up[2](torch.cat([x, fn.avg_pool2d(fine, (1, 2))], 1))
        return self.last(x)


ROWS_PX = torch.arange(64, dtype=torch.float32) + 0.5


def level(rgb: torch.Tensor) -> torch.Tensor:
    """Bring crops (n, 64, 64, 3), 0 to 255, to one mean and spread."""
    x = rgb.permute(0, 3, 1, 2).float()
    inner = x[:, :, 8:56, 4:60]
    mean = inner.mean(dim=(1, 2, 3), keepdim=True)
    spread = inner.std(dim=(1, 2, 3), keepdim=True, correction=0)
    return (x - mean) / (spread + 4.0)


def loss_of(logits: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """Return the loss; ``rows`` has shape (n, 2, 16), NaN where no edge is."""
    told = torch.isfinite(rows)
    hidden = ~told.any(dim=2).any(dim=1)
    log = fn.log_softmax(logits, dim=2)
    position = (log.exp() * ROWS_PX[:, None]).sum(2)
    wanted = torch.nan_to_num(rows)
    target = fn.softmax(-((ROWS_PX[:, None] - wanted[:, :, None]) ** 2) / (2 * EDGE_SD_PX**2), 2)
    edges = -(target * log).sum(2)[told].mean()
    off = (position - wanted)[told].abs().mean()
    both = told.all(dim=1)
    height = (position[:, 1] - position[:, 0] - wanted[:, 1] + wanted[:, 0])[both].abs().mean()
    loss = edges + 0.5 * off + 0.5 * height
    if hidden.any():
        loss = loss + 0.3 * hidden.float().mean() * -log[hidden].mean()
    return loss


@torch.no_grad()
def follow(smooth: LidNet, net: LidNet, kept: float) -> None:
    """Move the running mean of the weights towards the weights."""
    state = net.state_dict()
    for name, value in smooth.state_dict().items():
        if value.dtype.is_floating_point:
            value.lerp_(state[name], 1 - kept)


class Eyes:
    """The drawn eyes; one more shard is taken up every `STEPS_A_SHARD` steps.

    Waits for a shard that is not drawn yet, so that drawing and training can run side by side and
    still give the same network.
    """

    def __init__(self, folder: Path, count: int) -> None:
        self._folder, self._count = folder, count
        self._rgb: list[np.ndarray] = []
        self._rows: list[np.ndarray] = []
        self._rng = np.random.default_rng(SEED)

    def batch(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Return eyes drawn by lot from the shards taken up so far."""
        while len(self._rgb) < min(self._count, FIRST_SHARDS + step // STEPS_A_SHARD):
            path = self._folder / f"{len(self._rgb):04d}.npz"
            while not path.exists():
                time.sleep(1)
            with np.load(path) as part:
                self._rgb.append(part["rgb"])
                self._rows.append(part["rows"])
        shard = self._rng.integers(len(self._rgb), size=BATCH)
        place = self._rng.integers(len(self._rgb[0]), size=BATCH)
        rgb = np.stack([self._rgb[s][p] for s, p in zip(shard, place, strict=True)])
        return rgb, np.stack([self._rows[s][p] for s, p in zip(shard, place, strict=True)])


def folded(net: LidNet) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return weight and bias of each convolution, the normalisation in them."""
    found = []
    for layer in [*net.down, *net.up]:
        gain = layer.norm.weight / torch.sqrt(layer.norm.running_var + layer.norm.eps)
        weight = layer.conv.weight * gain[:, None, None, None]
        bias = layer.norm.bias - layer.norm.running_mean * gain
        found.append((weight.detach().numpy(), bias.detach().numpy()))
    found.append((net.last.weight.detach().numpy(), net.last.bias.detach().numpy()))
    return found


def save(net: LidNet, path: Path) -> None:
    """Store the weights in 8 bits, one scale a channel, in the order they are used.

    And how usual each row is in the eyes that they were trained on.
    """
    weights, scales, biases = [], [], []
    for weight, bias in folded(net):
        scale = np.abs(weight).max(axis=(1, 2, 3)) / LEVELS
        whole = np.round(weight / scale[:, None, None, None]).astype(np.int8)
        weights.append(whole.ravel())
        scales.append(scale)
        biases.append(bias)
    np.savez_compressed(
        path,
        weights=np.concatenate(weights),
        scales=np.concatenate(scales).astype(np.float32),
        biases=np.concatenate(biases).astype(np.float32),
        usual=usual_rows(),
    )


def main() -> None:
    """Train and store."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shards", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=14_000)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(asked.threads)
    eyes = Eyes(asked.shards, SHARDS)
    net = LidNet().to(memory_format=torch.channels_last)
    smooth = LidNet()
    how = torch.optim.AdamW(net.parameters(), lr=PEAK_RATE, weight_decay=1e-4)
    plan = torch.optim.lr_scheduler.OneCycleLR(how, PEAK_RATE, asked.steps, pct_start=0.05)
    began, shown = time.monotonic(), 0.0
    for step in range(1, asked.steps + 1):
        rgb, rows = eyes.batch(step)
        x = level(torch.from_numpy(rgb)).to(memory_format=torch.channels_last)
        x = x * (1 + 0.1 * torch.randn(BATCH, 1, 1, 1)) + 0.1 * torch.randn(BATCH, 3, 1, 1)
        loss = loss_of(net(x), torch.from_numpy(rows))
        how.zero_grad()
        loss.backward()
        how.step()
        plan.step()
        follow(smooth, net, min(AVERAGED, step / (step + 10)))
        shown += float(loss.detach())
        if step % 500 == 0 or step == asked.steps:
            print(f"{step} {shown / 500:.4f} {time.monotonic() - began:.0f} s", flush=True)
            shown = 0.0
            save(smooth, asked.out)


if __name__ == "__main__":
    main()
