"""A number is none any more: the run has ended."""

from __future__ import annotations

from playground.doctor.base import Finding, Rule
from playground.doctor.registry import rule
from playground.protocol.telemetry import Failed


@rule
class NotANumber(Rule):
    """The loss or a gradient was infinite or not a number; the run stops and keeps everything."""

    id = "doctor.not_a_number"
    title = "Numbers that are none"
    why = (
        "float32 ends at 3.4×10³⁸. Beyond it a value is infinite, the next subtraction makes it “not a number”, and one"
        " of those spoils everything it meets. The weights are kept as they were before that step."
    )
    source = "IEEE 754; the layer is found by worker/diagnose.py"
    level = "error"
    remedies = ("slower", "batch_norm", "he_weights", "warm_up")

    failed: Failed | None = None
    """The run's last record. No stream tells of this, for its last row is the one that was none."""

    def since(self) -> int:
        return self.failed.step if self.failed else 0

    def finding(self) -> Finding:
        assert self.failed is not None
        return Finding(
            title=f"The run ended at step {self.failed.step:,}: not a number",
            evidence=f"{self.failed.message} {self.failed.hint}",
            fine="All that was measured up to there is kept.",
            layer=self.failed.layer,
        )
