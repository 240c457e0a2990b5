"""The recipe: everything about a training run that is not the network."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from playground.datasets import DATASETS, is_own
from playground.faults import close_to, refusal
from playground.fields import Choice, choice, describe, real, switch, whole

OPTIMISERS = (
    Choice(value="sgd", label="SGD", help="Gradient descent on batches, with momentum."),
    Choice(value="rmsprop", label="RMSprop", help="Divides by a running root mean square of the gradient (GoogLeNet)."),
    Choice(value="adam", label="Adam", help="Momentum and RMSprop together, bias-corrected (Kingma and Ba 2015)."),
    Choice(value="adamw", label="AdamW", help="Adam with decoupled weight decay (Loshchilov and Hutter 2019)."),
)
SCHEDULES = (
    Choice(value="constant", label="Constant", help="The rate stays as it is."),
    Choice(value="cosine", label="Cosine", help="Falls to zero along half a cosine over the run."),
    Choice(value="step", label="Steps", help="Divided by 10 after half and after three quarters of the run (ResNet)."),
    Choice(value="linear", label="Linear", help="Falls to zero along a line over the run."),
)
INITIALISATIONS = (
    Choice(value="torch", label="As torch does", help="Uniform, bound 1/√fan-in; torch's own default."),
    Choice(value="he_normal", label="He normal", help="Normal, variance 2/fan-in; made for ReLU (He et al. 2015)."),
    Choice(value="he_uniform", label="He uniform", help="Uniform of variance 2/fan-in."),
    Choice(value="glorot_normal", label="Glorot normal", help="Normal, variance 2/(fan-in + fan-out); made for tanh."),
    Choice(value="glorot_uniform", label="Glorot uniform", help="Uniform of variance 2/(fan-in + fan-out)."),
    Choice(value="lecun_normal", label="LeCun normal", help="Normal, variance 1/fan-in (LeCun et al. 1998)."),
    Choice(value="small_normal", label="Normal 0.01", help="Normal, standard deviation 0.01 (AlexNet)."),
)
DEVICES = (
    Choice(value="auto", label="Best there is", help="A GPU where the worker has one, else the processor."),
    Choice(value="cpu", label="Processor", help="Repeats to the last bit."),
    Choice(value="cuda", label="GPU", help="Waits for a worker with a CUDA device."),
)
EARLY_STOPS = (
    Choice(value="off", label="Off", help="All epochs are trained."),
    Choice(value="loss", label="Held-out loss", help="Ends the run when the held-out loss no longer falls."),
    Choice(value="accuracy", label="Held-out accuracy", help="Ends the run when no more held-out images are right."),
)
PRECISIONS = (
    Choice(value="float32", label="float32", help="Full single precision."),
    Choice(
        value="tf32",
        label="TF32",
        help="A GPU multiplies with 10 bits after the point and adds in float32: faster there. The processor has no "
        "such numbers and takes float32.",
    ),
    Choice(value="bfloat16", label="bfloat16", help="Multiplies in 16 bits: often faster, not bit-equal to float32."),
)
AUGMENTS = (
    Choice(value="none", label="As they are", help="Every epoch shows the same images."),
    Choice(value="shift", label="Shifted", help="By up to an eighth of the side, black comes in at the border."),
    Choice(value="flip", label="Mirrored", help="Half of them, left to right. Not for digits and letters."),
    Choice(value="shift_flip", label="Both", help="Shifted and mirrored, as for CIFAR-10 in the ResNet paper."),
)
Augment = Literal["none", "shift", "flip", "shift_flip"]


class Recipe(BaseModel):
    """How a network is trained. Out-of-range values are refused with the field's name and limits."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    dataset: str = choice(
        "mnist",
        label="Data",
        help="The images to learn from.",
        choices=[Choice(value=d.name, label=d.title, help=d.summary) for d in DATASETS.values()],
    )
    augment: Augment = choice(
        "none",
        label="Augment",
        help="Changes the training images at random, anew in each epoch, so that they are harder to learn by heart.",
        choices=AUGMENTS,
    )
    epochs: int = whole(
        3, low=1, high=500, label="Epochs", help="Times every training image is seen.", common=[1, 3, 10]
    )
    batch_size: int = whole(
        64, low=1, high=4096, label="Batch", unit="images", help="Images in one step.", common=[32, 64, 128]
    )
    optimiser: Literal["sgd", "rmsprop", "adam", "adamw"] = choice(
        "sgd", choices=OPTIMISERS, label="Optimiser", help="How a gradient becomes a change of the weights."
    )
    learning_rate: float = real(
        0.05,
        low=0.0,
        high=100.0,
        label="Rate",
        help="Learning rate: size of a step along the gradient.",
        common=[0.001, 0.01, 0.1],
    )
    momentum: float = real(
        0.9,
        low=0.0,
        high=0.999,
        label="Momentum",
        help="Share of the last step that is kept.",
        when={"optimiser": ["sgd", "rmsprop"]},
    )
    nesterov: bool = switch(
        False,
        label="Nesterov",
        help="Looks ahead along the momentum before taking the gradient.",
        when={"optimiser": ["sgd"]},
    )
    weight_decay: float = real(
        0.0,
        low=0.0,
        high=1.0,
        label="Weight decay",
        help="L2 penalty: pulls weights towards zero.",
        common=[0, 0.0001, 0.0005],
    )
    schedule: Literal["constant", "cosine", "step", "linear"] = choice(
        "constant", choices=SCHEDULES, label="Schedule", help="How the rate changes over the run."
    )
    warmup_steps: int = whole(
        0, low=0, high=100_000, label="Warm-up", unit="steps", help="Steps over which the rate rises from zero."
    )
    initialisation: Literal[
        "torch", "he_normal", "he_uniform", "glorot_normal", "glorot_uniform", "lecun_normal", "small_normal"
    ] = choice(
        "he_normal", choices=INITIALISATIONS, label="Start weights", help="The distribution weights are drawn from."
    )
    early_stop: Literal["off", "loss", "accuracy"] = choice(
        "off",
        choices=EARLY_STOPS,
        label="Early stop",
        help="Ends the run when a figure of the held-out images, measured after each epoch, gets no better.",
    )
    patience: int = whole(
        3,
        low=1,
        high=100,
        label="Patience",
        unit="epochs",
        help="Epochs in a row that may pass without a gain.",
        common=[1, 3, 5, 10],
        when={"early_stop": ["loss", "accuracy"]},
    )
    least_gain: float = real(
        0.0,
        low=0.0,
        high=1.0,
        label="Least gain",
        help="What counts as a gain: the loss falls, or the share that is right (0 to 1) rises, by at least this; "
        "0 takes any.",
        common=[0, 0.001, 0.01],
        when={"early_stop": ["loss", "accuracy"]},
    )
    restore_best: bool = switch(
        True,
        label="Restore best",
        help="The run ends with the weights of its best epoch; the test images are measured with them. A run that "
        "you stop, or that reaches its target, keeps its own.",
        when={"early_stop": ["loss", "accuracy"]},
    )
    target_accuracy: float = real(
        0.0,
        low=0.0,
        high=100.0,
        label="Stop at",
        unit="%",
        help="Ends the run after the first epoch with so many of the held-out images right; 0: no target.",
        common=[0, 95, 98, 99],
    )
    time_limit: float = real(
        0.0,
        low=0.0,
        high=10_000.0,
        label="Stop after",
        unit="min",
        help="Ends the run after so many minutes of training, pauses left out; 0: no limit. Where it ends then depends "
        "on the machine's speed.",
        common=[0, 5, 30, 60],
    )
    seed: int = whole(
        1, low=0, high=2**31 - 1, label="Seed", help="Same seed: same weights, same order of images, same dropout."
    )
    device: Literal["auto", "cpu", "cuda"] = choice("auto", choices=DEVICES, label="Device", help="Where it trains.")
    precision: Literal["float32", "tf32", "bfloat16"] = choice(
        "float32", choices=PRECISIONS, label="Precision", help="Number format of the multiplications."
    )
    dead_window: int = whole(
        100,
        low=1,
        high=10_000,
        label="Dead after",
        unit="steps",
        help="A unit is dead when it gave zero for every training image of this many steps.",
    )

    @field_validator("dataset")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in DATASETS and not is_own(name):
            raise ValueError(f"There is no data set named '{name[:60]}'. Choose one of: {', '.join(DATASETS)}.")
        return name


class RecipeError(ValueError):
    """The recipe cannot be read. `path` is where: learning_rate."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path


def read_recipe(data: object) -> Recipe:
    """The recipe in parsed JSON, defaults for what is not given. Raises RecipeError, which names setting and range."""
    if not isinstance(data, dict):
        raise RecipeError('A recipe is an object of settings, {"epochs": 3}.')
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise RecipeError(_worded(name, data.get(name), first["type"], first["msg"]), name) from error


def _worded(name: str, value: Any, fault: str, told: str) -> str:
    specs = {spec.name: spec for spec in describe(Recipe)}
    if name not in specs:
        hint = close_to(name[:64], specs) or f"It has: {', '.join(specs)}."
        return f"A recipe has no setting '{name[:64]}'. {hint}"
    if fault == "value_error":  # in our own words
        return told.removeprefix("Value error, ")
    return refusal(specs[name], value) or f"{specs[name].label}: {told}."
