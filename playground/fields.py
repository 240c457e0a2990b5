"""Fields that describe themselves: range, unit and help stand beside the default, and forms are made from them.

Blocks and the recipe declare their settings with the helpers below. The inspector, the recipe panel, the
documentation page and the validation all read the same declaration.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Whole = Annotated[int, Field(strict=True)]
Pair = Whole | tuple[Whole, Whole]
"""A whole number for both directions, or (vertical, horizontal)."""
Padding = Whole | tuple[Whole, Whole] | Literal["same"]


class Choice(BaseModel):
    """One value of a choice field."""

    model_config = ConfigDict(frozen=True)
    value: str
    label: str
    help: str = ""


class FieldSpec(BaseModel):
    """What a form needs to know about one field."""

    model_config = ConfigDict(frozen=True)
    name: str
    label: str
    kind: Literal["whole", "real", "switch", "choice", "pair", "padding", "text", "network"]
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    unit: str = ""
    help: str = ""
    choices: list[Choice] = []
    common: list[int | float | str] = []
    """Values worth one press in the form, such as kernel sizes 1, 3, 5 and 7."""
    when: dict[str, list[str]] = {}
    """The field matters only while each named field holds one of the listed values."""


def _field(default: Any, kind: str, label: str, help: str, **extra: Any) -> Any:
    ranged = kind in {"whole", "real"}
    description: Any = {"form": {"kind": kind, "label": label, "help": help, **extra}}
    return Field(
        default,
        description=help,
        json_schema_extra=description,
        ge=extra.get("minimum") if ranged else None,
        le=extra.get("maximum") if ranged else None,
    )


def whole(default: int, *, low: int, high: int, label: str, help: str, unit: str = "", **extra: Any) -> Any:
    """A whole number between low and high, both included."""
    return _field(default, "whole", label, help, minimum=low, maximum=high, step=1, unit=unit, **extra)


def real(default: float, *, low: float, high: float, label: str, help: str, unit: str = "", **extra: Any) -> Any:
    """A finite real number between low and high, both included."""
    return _field(default, "real", label, help, minimum=low, maximum=high, unit=unit, **extra)


def switch(default: bool, *, label: str, help: str, **extra: Any) -> Any:
    """On or off."""
    return _field(default, "switch", label, help, **extra)


def choice(default: str, *, choices: Sequence[Choice], label: str, help: str, **extra: Any) -> Any:
    """One of a few named values; the annotation is a Literal of the same values."""
    return _field(default, "choice", label, help, choices=[c.model_dump() for c in choices], **extra)


def pair(default: int, *, low: int, high: int, label: str, help: str, unit: str = "px", **extra: Any) -> Any:
    """A whole number or [vertical, horizontal]; Block checks both against the range."""
    return _field(default, "pair", label, help, minimum=low, maximum=high, step=1, unit=unit, **extra)


def padding(default: int | str, *, high: int, label: str = "Padding", help: str, **extra: Any) -> Any:
    """A whole number, [vertical, horizontal], or "same" (output as large as the input at stride 1)."""
    return _field(default, "padding", label, help, minimum=0, maximum=high, step=1, unit="px", **extra)


def describe(model: type[BaseModel]) -> list[FieldSpec]:
    """The form of a model: its declared fields in order."""
    specs = []
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra
        if isinstance(extra, dict) and "form" in extra:
            form: Any = extra["form"]
            specs.append(FieldSpec(name=name, default=info.get_default(call_default_factory=True), **form))
    return specs
