"""What the network says of the probe image."""

from __future__ import annotations

import torch

from playground.protocol import Command, Prediction, encode
from worker.probes.base import Moment, Probe


class PredictionProbe(Probe):
    """Class probabilities: softmax of the scores, in evaluation mode."""

    hertz = 5.0
    of_weights_alone = True

    def frames(self, moment: Moment) -> list[bytes]:
        scene = self.scene
        scores, given = scene.scores(moment.step), scene.given_image()
        header = Prediction(
            step=moment.step + 1,
            probe=scene.probe,
            truth=scene.probe_label(),
            source="dataset" if given is None else scene.choice.source,
            shape=None if given is None else given.shape[1:],
            target=scene.choice.target,
            probabilities=torch.nan_to_num(scores.float().softmax(0)).tolist(),
        )
        return [encode(header, b"" if given is None else given.numpy().tobytes())]

    def command(self, command: Command) -> bool:
        return command.kind == "probe"
