"""How large the weights are that a run starts from. worker/initialise.py draws them."""

from __future__ import annotations


def variance(initialisation: str, fan_in: int, fan_out: int) -> float:
    """Of one weight. `fan_in`: values that one output is summed from; `fan_out`: channels out times kernel area."""
    if initialisation.startswith("he_"):
        return 2 / fan_in
    if initialisation.startswith("glorot_"):
        return 2 / (fan_in + fan_out)
    if initialisation == "lecun_normal":
        return 1 / fan_in
    if initialisation == "small_normal":
        return 0.01**2
    if initialisation == "torch":
        return 1 / (3 * fan_in)  # uniform within ±1/√fan-in
    raise ValueError(f"There are no start weights named '{initialisation}'.")
