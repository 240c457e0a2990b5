"""A client of the playground's API: everything the page does, from a script or a notebook.

    from playground_client import Playground

    site = Playground("https://play.example.org", token="cnn_…")      # or PLAYGROUND_API_TOKEN in the environment
    lenet = site.exhibit("lenet-5", dataset="digits")
    begun = site.train(lenet.network, lenet.recipe, name="From a notebook")
    run = site.wait(begun.run.id)
    print(run.test_accuracy)
    site.save_weights(run.id, "lenet.safetensors")

Answers are the site's own models (`playground.protocol`, `playground.about`); what the site refuses is raised as
`PlaygroundError`, with its words. Nothing but the standard library and the playground's language is needed. Each file
here is a section of the one class `Playground`; `connection.py` asks.
"""

from __future__ import annotations

from typing import Any

from playground.protocol import WorkerView
from playground_client.connection import TOKEN_VARIABLE, PlaygroundError
from playground_client.experiments import Experiments
from playground_client.history import History
from playground_client.language import ImportedModel, Language
from playground_client.own_data import OwnData
from playground_client.runs import ENDED, Runs
from playground_client.sharing import Sharing
from playground_client.takeaways import Takeaways

__all__ = ["ENDED", "TOKEN_VARIABLE", "History", "ImportedModel", "Playground", "PlaygroundError"]


class Playground(Language, OwnData, Experiments, Runs, Takeaways, Sharing):
    """A site. Without a token it answers what is open to all: the language of networks, and runs whose address you
    have."""

    def workers(self) -> list[WorkerView]:
        """The machines that train."""
        return self._get("/workers", list[WorkerView])

    def health(self) -> dict[str, Any]:
        """Whether the site answers, and how many runs wait and train."""
        return self._get("/health", dict[str, Any])
