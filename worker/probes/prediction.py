"""What the network says of the probe image."""

from __future__ import annotations

import torch

from playground.protocol import Command, Prediction, encode
from worker.probes.base import Moment, Probe


class PredictionProbe(Probe):
    """Class probabilities: softmax of the scores, in evaluation mode."""

    hertz = 5.0

    def frames(self, moment: Moment) -> list[bytes]:
        scores = self.scene.scores(moment.step)
        header = Prediction(
            step=moment.step + 1,
            probe=self.scene.probe,
            truth=self.scene.probe_label(),
            probabilities=torch.nan_to_num(scores.float().softmax(0)).tolist(),
        )
        return [encode(header)]

    def command(self, command: Command) -> bool:
        return command.kind == "probe"
