"""Files of a run, written to the disk while they come."""

from __future__ import annotations

from pathlib import Path

from playground.protocol import StreamName, Takeaway
from playground_client.connection import Connection, Place


class Takeaways(Connection):
    """Of a run by its id. `to` is a file's name, or a folder, where the file gets the name that the site gives it;
    each method gives where it is. What is not there yet is refused (409) with the reason."""

    def takeaways(self, run: str) -> list[Takeaway]:
        """What can be taken, with sizes, and why something is not there yet."""
        return self._get(f"/runs/{run}/takeaways", list[Takeaway])

    def save_weights(self, run: str, to: Place = ".") -> Path:
        """The weights that it ended with, as safetensors, named as in the exported PyTorch class."""
        return self._save(f"/runs/{run}/weights", to)

    def save_code(self, run: str, to: Place = ".", *, weights: bool = True) -> Path:
        """A zip of the network as PyTorch code, its weights, and what loads and evaluates them; else the code alone."""
        return self._save(f"/runs/{run}/code", to, part="all" if weights else "program")

    def save_onnx(self, run: str, to: Place = ".") -> Path:
        """The network with its weights as an ONNX file."""
        return self._save(f"/runs/{run}/onnx", to)

    def save_experiment(self, run: str, to: Place = ".") -> Path:
        """experiment.json: `python -m worker train` trains the same curve again."""
        return self._save(f"/runs/{run}/experiment.json", to)

    def save_table(self, run: str, stream: StreamName = "steps", to: Place = ".") -> Path:
        """Every row of a stream as CSV."""
        return self._save(f"/runs/{run}/metrics.csv", to, stream=stream)

    def save_metrics(self, run: str, to: Place = ".") -> Path:
        """Every row of every stream as JSON."""
        return self._save(f"/runs/{run}/metrics.json", to)

    def save_tensorboard(self, run: str, to: Place = ".") -> Path:
        """The streams as event files for TensorBoard, in a zip."""
        return self._save(f"/runs/{run}/tensorboard.zip", to)

    def save_report(self, run: str, to: Place = ".") -> Path:
        """The run on one HTML page that stands alone."""
        return self._save(f"/runs/{run}/report.html", to)
