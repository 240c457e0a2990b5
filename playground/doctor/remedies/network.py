"""Changes of the network."""

from __future__ import annotations

from playground import fixes
from playground.doctor.remedies.registry import Change, Patient, remedy
from playground.fixes import Document
from playground.guidelines.plain_depth import with_shortcuts
from playground.swaps import with_activation
from playground.walk import Walked

CONVOLUTIONS = {"conv2d", "depthwise_conv2d"}
DROPPED = 0.5
"""Share that dropout takes away, as AlexNet's does."""


@remedy("relu")
def relu(patient: Patient) -> Change | None:
    """ReLU wherever a sigmoid or tanh squeezes."""
    network = with_activation(patient.walked, {"sigmoid", "tanh"}, "relu")
    return Change("Use ReLU", "ReLU", network) if network else None


@remedy("smooth_step")
def smooth_step(patient: Patient) -> Change | None:
    """ReLU in place of the step, which has no slope."""
    network = with_activation(patient.walked, {"step"}, "relu")
    return Change("Use ReLU, not a step", "ReLU", network) if network else None


@remedy("leaky_relu")
def leaky_relu(patient: Patient) -> Change | None:
    """A ReLU that cannot die, for each that can."""
    network = with_activation(patient.walked, {"relu"}, "leaky_relu")
    return Change("Use leaky ReLU", "leaky ReLU", network) if network else None


@remedy("batch_norm")
def batch_norm(patient: Patient) -> Change | None:
    """Batch norm wherever `behind_layers` puts it."""
    network = behind_layers(patient.walked)
    return Change("Add batch norm", "batch norm", network) if network else None


@remedy("normalise_input")
def normalise_input(patient: Patient) -> Change | None:
    """Batch norm before the first layer with weights."""
    walked = patient.walked
    first = next((node for node in walked.run_order if walked.measures[node].parameters), None)
    if first is None or walked.nodes[first].block == "batch_norm":
        return None
    network = fixes.insert_before(walked.document, first, "batch_norm", {})
    return Change("Normalise what comes in", "normalised input", network)


@remedy("shortcuts")
def shortcuts(patient: Patient) -> Change | None:
    """Shortcuts past every second layer, as the guideline on deep plain networks puts them in."""
    network = with_shortcuts(patient.walked)
    return Change("Make it residual", "residual", network) if network else None


@remedy("dropout")
def dropout(patient: Patient) -> Change | None:
    """Dropout before the last dense layer."""
    network = before_scores(patient.walked)
    return Change(f"Add dropout of {DROPPED:.0%}", "dropout", network) if network else None


def behind_layers(walked: Walked) -> Document | None:
    """Batch norm behind every convolution that has none, those inside of composite blocks too; without convolutions,
    behind every dense layer but the last. A bias before it goes, for it would be subtracted again. None where there
    is nothing to put it behind."""
    network = _behind(walked, [node for node in walked.measures if walked.nodes[node].block in CONVOLUTIONS])
    for node, found in walked.measures.items():
        if getattr(found.block, "normalise", True) is False:
            network = fixes.set_params(network, node, {"normalise": True})
    if network is walked.document:
        network = _behind(walked, [node for node in walked.of_kind("dense") if not _last(walked, node)])
    return network if network is not walked.document else None


def before_scores(walked: Walked) -> Document | None:
    """Dropout before the last dense layer; None where there is dropout already, or no such layer."""
    last = [node for node in walked.of_kind("dense") if _last(walked, node)]
    if walked.of_kind("dropout") or not last:
        return None
    return fixes.insert_before(walked.document, last[0], "dropout", {"p": DROPPED})


def _behind(walked: Walked, nodes: list[str]) -> Document:
    network = walked.document
    for node in nodes:
        after = walked.wiring.outputs[node]
        if len(after) == 1 and walked.nodes[after[0]].block == "batch_norm":
            continue
        network = fixes.insert_after(network, node, "batch_norm", {})
        if getattr(walked.measures[node].block, "bias", False):
            network = fixes.set_params(network, node, {"bias": False})
    return network


def _last(walked: Walked, node: str) -> bool:
    """Its values are the scores."""
    return all(
        walked.nodes[after].block in {"output", "auxiliary_output", "softmax"} for after in walked.wiring.outputs[node]
    )
