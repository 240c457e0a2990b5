"""Running ONNX models and torch networks on the same weights and images."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import nn

from playground.network import Network
from playground.plan import plan
from worker.build import TorchNetwork, build


def trained(network: Network) -> TorchNetwork:
    """The worker's network in evaluation, with statistics of batch norm that are not the first ones."""
    torch.manual_seed(3)
    built = build(plan(network)).eval()
    for module in built.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.normal_(module.running_mean, std=0.2)
            nn.init.uniform_(module.running_var, 0.5, 2)
    return built


def weights_of(built: nn.Module) -> dict[str, NDArray[np.float32]]:
    """By the names of the worker's file of weights."""
    return {name: tensor.numpy() for name, tensor in built.state_dict().items()}


def outputs_of(built: TorchNetwork, images: torch.Tensor) -> NDArray[np.float32]:
    """What the network's last block gives, softmax included."""
    with torch.no_grad():
        last = built.run(images, {len(built.steps) - 1})[1][-1]
    assert last is not None
    return last.numpy()


def run(model: bytes, images: torch.Tensor, *, checked: bool = True, **more: Any) -> NDArray[np.float32]:
    """The first output of a model, whose first input is the image. It must satisfy ONNX's own checker."""
    if checked:
        onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    result: NDArray[np.float32] = session.run(None, {session.get_inputs()[0].name: images.numpy(), **more})[0]
    return result


def without_metadata(model: bytes) -> bytes:
    """As if another program had written it."""
    found = onnx.ModelProto.FromString(model)
    del found.metadata_props[:]
    return bytes(found.SerializeToString())
