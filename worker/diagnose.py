"""Which layer is to blame for numbers that are no longer finite."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.plan import PlanStep
from worker.build import TorchNetwork
from worker.failure import Failure


def not_a_number(network: TorchNetwork, images: Tensor, *, step: int, rate: float) -> Failure:
    """The first layer from the input on whose output for this batch is not finite; where all are, the layer nearest to
    the output whose gradient is not, for gradients are made from there."""
    place = _first_output(network, images)
    if place is not None:
        what = f"the output of “{place.label}” is the first with values that are infinite or not a number"
    elif (place := _first_gradient(network)) is not None:
        what = f"the gradient of “{place.label}” is infinite or not a number"
    else:
        what = "loss and gradients are too large for float32 together"
    return Failure(
        "not_a_number",
        f"Training broke down at step {step}: {what}.",
        f"Lower the learning rate (it was {rate:.3g}), add warm-up steps, or put batch normalisation behind the "
        "convolutions.",
        place.id if place else None,
    )


def _first_output(network: TorchNetwork, images: Tensor) -> PlanStep | None:
    with torch.no_grad():
        _, outputs = network.run(images, range(len(network.steps)))
    for step, output in zip(network.steps, outputs, strict=True):
        if output is not None and not output.isfinite().all():
            return step
    return None


def _first_gradient(network: TorchNetwork) -> PlanStep | None:
    for step in reversed(network.steps):
        module = network.module_of(step)
        for parameter in module.parameters() if module is not None else ():
            if parameter.grad is not None and not parameter.grad.isfinite().all():
                return step
    return None
