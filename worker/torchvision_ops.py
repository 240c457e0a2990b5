"""import worker.torchvision_ops before torchvision, where torch has no CUDA.

torchvision registers shapes for two of its own C++ operators on import. Beside a torch without CUDA its library cannot
load, so that the operators are unknown and the import fails. Their schemas are enough for it; nothing here calls them.
"""

from __future__ import annotations

import torch

_LIBRARY = torch.library.Library("torchvision", "FRAGMENT")
for _name in ("nms", "qnms"):
    if not hasattr(torch.ops.torchvision, _name):
        _LIBRARY.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
