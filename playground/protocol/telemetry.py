"""What a training run tells: written by the job to its spool, stored by the site, drawn by the page.

Design §7 defines each quantity; docs/protocol.md repeats the definitions beside the columns.
"""

from __future__ import annotations

from typing import Literal

from playground.protocol.wire import Message

__all__ = [
    "MOST_IMAGE_BYTES", "MOST_MISTAKES_BYTES", "TELEMETRY", "Alert", "AlertRemedy", "Column", "EffectiveField",
    "Evaluation", "Event", "Failed", "Finished", "Gradients", "Histogram", "LayerInfo", "Maps", "Mistake", "Mistakes",
    "Prediction", "Progress", "Rows", "Split", "Started", "Stream", "StreamName", "Units", "WeightImages",
]  # fmt: skip

MOST_IMAGE_BYTES = 48 * 1024
"""Of an image given by hand, which travels with every prediction for it: 3 channels of 128×128."""

Quantity = Literal[
    "loss",  # cross-entropy of the batch, natural logarithm
    "accuracy",  # share right, 0 to 1
    "top5_error",  # share whose class is not among the five highest scores
    "learning_rate",
    "gradient_rms",  # root mean square of dL/dW over a layer's weights
    "gradient_l2",
    "gradient_mean",  # mean of |dL/dW|
    "update_ratio",  # L2 of the step's weight change over L2 of the weights
    "weight_l2",
    "zero_fraction",  # share of a rectifier's outputs for the latest batch that are not above zero
    "dead",  # number of units or channels that gave zero for every sample of the last N steps
    "saturated",  # share of outputs above 0.99 of the range (sigmoid, tanh)
    "activation_mean",
    "activation_std",
    "sample",  # 1 where the figure was measured on a part of the validation set
    "epoch",
]

StreamName = Literal["steps", "layers", "validation", "training"]
Split = Literal["train", "validation", "test"]
"""Parts of a data set: learnt from, held out of its training set, and its test set."""

MOST_MISTAKES_BYTES = 256 * 1024
"""Of a Mistakes record, header and images."""


class Column(Message):
    """One series of a stream."""

    quantity: Quantity
    layer: str | None = None
    """Id of the primitive (LayerInfo.id) it belongs to; None for figures of the whole network."""


class Stream(Message):
    """A table with a step axis: "steps" has a row for every step, "layers" is sampled at most 20 times a second.

    "validation" and "training" have a row for each pass over the held-out part and over the training sample.

    Which quantity travels in which stream is the probes' choice: look a column up, do not assume its stream.
    """

    name: StreamName
    columns: list[Column]


class LayerInfo(Message):
    """A primitive of the trained network, in order from the input."""

    id: str
    """Primitive id of the plan: "c1", "r1/conv1"."""
    node: str
    """Block of the document it belongs to."""
    block: str
    label: str
    shape: list[int]
    units: int
    """Channels or units that can die; 0 where the layer has no ReLU."""
    parameters: int
    steepest: float | None = None
    """The largest derivative of an activation; None for other layers."""
    slope_bound: float | None = None
    """Product of the largest derivatives of the activations between this layer's output and the loss, on the way that
    lets the most through."""


class Started(Message):
    """First record of every attempt: what the numbers that follow mean. steps is a count from 0 at the run's start."""

    kind: Literal["started"] = "started"
    attempt: int
    first_step: int
    """Steps done before this attempt: 0, or the checkpoint's. Older attempts' rows from this step on are superseded."""
    steps_per_epoch: int
    total_steps: int
    epochs: int
    batch_size: int
    device: str
    threads: int
    torch: str
    dead_window: int
    streams: list[Stream]
    layers: list[LayerInfo]
    probes: list[int]
    """Test-set positions offered as probe images, in the order of the data-set card's picture."""


class Rows(Message):
    """Rows of one stream. Payload: uint32 step[count], then float32 value[column][count]; NaN = not measured."""

    kind: Literal["rows"] = "rows"
    stream: StreamName
    columns: int
    count: int
    level: int = 0
    """0: every row. 1, 2: one row for 64, 4096 steps; payload then is step[count], minimum[column][count],
    maximum[column][count]."""
    attempt: int = 1


class Maps(Message):
    """Feature maps of one layer for the probe image. Payload: uint8 [channels][height][width].

    value = low + byte·(high − low)/255
    """

    kind: Literal["maps"] = "maps"
    layer: str
    step: int
    probe: int
    """Index into Started.probes; below zero for an image given by hand, see Prediction."""
    channels: int
    total_channels: int
    """More than `channels` where only the first are sent."""
    height: int
    width: int
    low: float
    high: float


class Gradients(Message):
    """∂L/∂output of one layer for the probe image, in evaluation mode. Payload: int8 [channels][height][width].

    L is the cross-entropy of the scores for the class `target`; value = byte·peak/127.
    """

    kind: Literal["gradients"] = "gradients"
    layer: str
    step: int
    probe: int
    """As in Prediction."""
    target: int
    loss: float | None
    """None where it is no number."""
    channels: int
    total_channels: int
    """More than `channels` where only the first are sent."""
    height: int
    width: int
    peak: float
    """The largest magnitude among all channels."""


class WeightImages(Message):
    """A layer's weights as images. Payload: uint8 [units][channels][height][width].

    value = low + byte·(high − low)/255. A unit is a filter of a convolution or a unit of a dense layer; its channels
    are those of the input that it reads. A dense layer behind a flattened image reads that image's channels; any other
    is one image with a row for each unit: 1 unit, 1 channel.
    """

    kind: Literal["weights"] = "weights"
    layer: str
    step: int
    form: Literal["filters", "units", "matrix"]
    units: int
    total_units: int
    channels: int
    total_channels: int
    height: int
    width: int
    total_height: int
    total_width: int
    """Of a matrix: units and inputs, where only the first are sent."""
    colour: bool
    """The layer reads the image itself, in red, green and blue."""
    low: float
    high: float


class EffectiveField(Message):
    """What the centre of a layer's output really sees of the probe image (Luo et al., 2016).

    Payload: uint8 [height][width]; a pixel's influence = byte·peak/255. The influence is |∂s/∂pixel| summed over the
    channels of the normalised image; s is the sum over the layer's channels at `position`, in evaluation mode with the
    weights of the moment.
    """

    kind: Literal["effective_field"] = "effective_field"
    layer: str
    step: int
    probe: int
    """Index into Started.probes; below zero for an image given by hand, see Prediction."""
    height: int
    width: int
    """Of the image."""
    peak: float
    """The largest influence of a pixel; 0 where none has any, as behind a ReLU that gave zero."""
    position: tuple[int, int]
    """Row and column of the output value, from 0: the middle, size // 2."""
    inside: float
    """Share of all influence that lies in the theoretical receptive field: 1 but for rounding; 0 where none is."""
    half: tuple[int, int]
    """Rows and columns of the smallest patch around the field's middle that holds half of the influence. Patches grow
    by a pixel on each side, up to the field's own height and width. (0, 0) where there is no influence."""
    most: tuple[int, int]
    """The same for nine tenths."""


class Units(Message):
    """Which units of a ReLU are dead, since when, and which came back.

    Payload: uint8 [units], 1 = dead, and zeros up to a multiple of four; then, in records of a worker that knows them,
    uint32 since [units], revived [units] and revivals [units]. since: the first step of the first whole window in which
    the unit stayed at zero; revived: the step at which it last fired after it had been dead; 2³² − 1 for none.
    """

    kind: Literal["units"] = "units"
    layer: str
    step: int
    units: int
    window: int


class Histogram(Message):
    """How a layer's values are spread. Payload: uint32 counts [bins].

    Bin i counts the values from (first + i)·width up to, but not including, (first + i + 1)·width. The width is a power
    of two, so that zero is always an edge, edges are exact, and a bin of one moment is made of whole bins of any finer
    one: moments compare without guessing where in a bin the values lay.
    """

    kind: Literal["histogram"] = "histogram"
    layer: str
    of: Literal["activations", "weights", "gradients"]
    step: int
    width: float
    first: int
    bins: int
    below: int
    """Values under the first edge, and above those at or over the last: the bins reach to four deviations at most."""
    above: int
    zeros: int
    """Values that are exactly zero; the bin from zero on counts them too."""
    not_finite: int
    """Infinite or not a number: in no bin, and neither below nor above."""
    count: int
    """All values looked at."""
    mean: float
    deviation: float


class Prediction(Message):
    """Class probabilities (softmax) of the probe image, with its true class.

    Payload: of an image given by hand uint8 [channels][height][width], so that whoever watches sees it; else nothing.
    """

    kind: Literal["prediction"] = "prediction"
    step: int
    probe: int
    """Index into Started.probes; below zero, counting down, for the images given by hand."""
    truth: int | None
    """None where nobody knows it: the image was given by hand."""
    source: Literal["dataset", "drawn", "uploaded"] = "dataset"
    shape: tuple[int, int, int] | None = None
    """Channels, height and width of the payload; None where there is none."""
    target: int | None = None
    """The class that somebody chose to follow the loss of; None: the true class, else the predicted one."""
    probabilities: list[float]


class Progress(Message):
    """Where the run is; over the last 5 seconds."""

    kind: Literal["progress"] = "progress"
    step: int
    epoch: float
    learning_rate: float
    steps_per_second: float
    images_per_second: float
    seconds_left: float | None
    telemetry_share: float
    """Share of the training process's time that telemetry took, 0 to 1."""
    maps_per_second: float = 0.0


class Evaluation(Message):
    """A pass over the held-out part, the test set or the training sample. Payload: int32 confusion [true][said]."""

    kind: Literal["evaluation"] = "evaluation"
    step: int
    split: Split
    images: int
    part: int = 0
    """Images of the whole part: more than `images` where a fixed sample stands for it; 0 from older workers."""
    classes: int
    loss: float | None
    """None where it is no number: JSON has none for it."""
    accuracy: float
    top5_error: float
    seconds: float = 0.0
    """What the pass took, pauses left out."""
    time_share: float = 0.0
    """Share of the attempt's training time that all passes over this part have taken, 0 to 1."""


class Mistake(Message):
    """An image that the network got wrong."""

    position: int
    """In the data set's training set (parts train and validation) or test set, from 0, in the worker's order."""
    truth: int
    said: int
    truth_probability: float | None
    said_probability: float | None
    """Softmax of the scores; None where it is no number."""
    loss: float | None
    """Of this image, natural logarithm; None where it is no number or infinite."""


class Mistakes(Message):
    """The worst mistakes of an evaluation, with their images.

    Payload: uint8 [mistakes][channels][height][width], as in the data set. First the `worst` ones with the highest
    loss, falling; then, in turns, the next worst of every pair of classes, the most frequent pairs first, as far as
    there is room.
    """

    kind: Literal["mistakes"] = "mistakes"
    step: int
    split: Split
    wrong: int
    """All mistakes of the pass."""
    worst: int
    channels: int
    height: int
    width: int
    original: tuple[int, int]
    """Height and width in the data set: more than `height` and `width` where the images were scaled down."""
    mistakes: list[Mistake]


class Event(Message):
    """A moment worth a flag in every chart."""

    kind: Literal["event"] = "event"
    step: int
    name: Literal[
        "epoch", "checkpoint", "paused", "resumed", "restarted", "continued", "learning_rate", "watch", "warning",
        "rule", "alert",
    ]  # fmt: skip
    """No worker sends "alert": the page makes that flag of an Alert, at the step it is since."""
    message: str
    value: float | None = None
    time: float = 0.0
    """Unix seconds on the worker."""


class AlertRemedy(Message):
    """A way out that an alert offers as one press."""

    id: str
    """Name in playground.doctor.REMEDIES."""
    label: str
    """What the press does: "Use leaky ReLU"."""
    twin: str
    """Behind the name of the twin that is trained with it: "leaky ReLU". Empty for a command."""
    rate: float | None = None
    """Not a twin but a command for the run as it trains: this learning rate."""


class Alert(Message):
    """Something is wrong with the training, and what to do; or, with `ended`, is so no longer.

    Two records of one `id` speak of one alert; the later one counts.
    """

    kind: Literal["alert"] = "alert"
    id: str
    """Rule and step: the same however often the run goes on from a checkpoint."""
    rule: str
    """Name in playground.doctor.RULES: "doctor.vanishing"."""
    level: Literal["warning", "error"]
    step: int
    """When this was told."""
    since: int
    """When it began."""
    ended: int | None = None
    """Step from which on it is over."""
    layer: str | None
    """LayerInfo.id of the one to look at first."""
    layers: list[str]
    """All that show it."""
    title: str
    evidence: str
    """Sentences with the numbers in them."""
    fine: str
    """What is still fine; may be empty."""
    why: str
    """What happens there, for one who has not heard of it."""
    value: float | None
    """The number that the remedies measure themselves by."""
    remedies: list[AlertRemedy]
    """The best first."""


class Finished(Message):
    """Last record of a run that ended as wished."""

    kind: Literal["finished"] = "finished"
    step: int
    reason: Literal["completed", "stopped", "early_stop", "target", "time"]
    """All epochs; by the user; or by a rule of the recipe, which `words` tells."""
    words: str = ""
    seconds: float
    """Training time over all attempts, pauses left out."""
    test_loss: float | None = None
    test_accuracy: float | None = None
    test_top5_error: float | None = None
    validation_accuracy: float | None = None
    """With the weights that the run ends with."""
    best_step: int | None = None
    """Updates done at the best evaluation of the held-out part: by accuracy where the recipe's early stop watches it,
    else by loss."""
    best_epoch: int | None = None
    restored: bool = False
    """The run ends with the weights of the best evaluation; its checkpoint has the last ones too, to go on from."""


class Failed(Message):
    """Last record of a run that could not go on. `message` says what, `hint` the way out."""

    kind: Literal["failed"] = "failed"
    step: int
    code: Literal["not_a_number", "out_of_memory", "data_missing", "device_missing", "not_trainable", "crashed"]
    message: str
    hint: str
    layer: str | None = None


TELEMETRY: dict[str, type[Message]] = {
    model.model_fields["kind"].default: model
    for model in (
        Started, Rows, Maps, Gradients, WeightImages, EffectiveField, Units, Histogram, Prediction, Progress,
        Evaluation, Mistakes, Event, Alert, Finished, Failed,
    )
}  # fmt: skip
