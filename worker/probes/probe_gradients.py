"""How the loss of the probe image flows back: its gradient with respect to what the watched layers give."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from playground.protocol import Command, Gradients, encode
from worker.probes.base import Moment, Probe
from worker.probes.feature_maps import shown_part


class ProbeGradientProbe(Probe):
    """A pass of its own, forward and back, of one image in evaluation mode with the weights of the moment."""

    hertz = 2.0
    share = 0.005
    of_weights_alone = True

    def frames(self, moment: Moment) -> list[bytes]:
        network = self.scene.network
        watched = [network.index[layer] for layer in self.scene.watched]
        if not watched:
            return []
        target, loss, gradients = self._flow_back(watched)
        records = []
        for position, gradient in zip(watched, gradients, strict=True):
            if gradient is not None:
                records.append(self._record(network.steps[position].id, moment.step + 1, target, loss, gradient[0]))
        return records

    def command(self, command: Command) -> bool:
        return command.kind in {"watch", "probe"}

    def _flow_back(self, positions: list[int]) -> tuple[int, float, list[Tensor | None]]:
        """Class, loss, and the gradient of each step's output, None where the loss does not depend on it.

        The gradients are asked for by name, so that none reaches the weights' own.
        """
        network = self.scene.network
        image = self.scene.probe_image().requires_grad_()
        network.eval()
        try:
            with torch.enable_grad():
                scores, outputs = network.run(image, set(positions))
                target = self._target(scores[0])
                loss = functional.cross_entropy(scores.float(), torch.tensor([target], device=scores.device))
                wanted = [outputs[position] for position in positions]
                gradients = torch.autograd.grad(loss, wanted, allow_unused=True)  # type: ignore[arg-type]
        finally:
            network.train()
        return target, float(loss.detach()), list(gradients)

    def _target(self, scores: Tensor) -> int:
        chosen, truth = self.scene.choice.target, self.scene.probe_label()
        if chosen is not None:
            return chosen
        return truth if truth is not None else int(scores.detach().argmax())

    def _record(self, layer: str, step: int, target: int, loss: float, gradient: Tensor) -> bytes:
        shown, total = shown_part(gradient.float().cpu())
        shown = torch.nan_to_num(shown)
        peak = float(shown.abs().max())
        scaled = shown * (127 / peak) if peak else shown
        header = Gradients(
            layer=layer,
            step=step,
            probe=self.scene.probe,
            target=target,
            loss=loss if math.isfinite(loss) else None,
            channels=shown.shape[0],
            total_channels=total,
            height=shown.shape[1],
            width=shown.shape[2],
            peak=peak,
        )
        return encode(header, scaled.round().to(torch.int8).contiguous().numpy().tobytes())
