"""The worker's socket, /ws/worker/. Control messages are JSON text; telemetry and cards are binary records.

The worker dials in with `Authorization: Bearer TOKEN`, says Hello, and is given leases as it has room. Every message
about a run carries the lease number; the site answers an old number with Revoked and the agent ends that job.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from playground.datasets import Dataset
from playground.protocol.telemetry import MOST_IMAGE_BYTES
from playground.protocol.wire import Message

__all__ = [
    "CLOSE_NONSENSE",
    "CLOSE_REPLACED",
    "CLOSE_TOKEN",
    "CLOSE_VERSION",
    "FROM_SITE",
    "FROM_WORKER",
    "PIECE_BYTES",
    "UPLOAD_WINDOW",
    "Ack",
    "Command",
    "Continuation",
    "DataFile",
    "DatasetCard",
    "Exited",
    "Fetch",
    "Fetched",
    "Forget",
    "Heartbeat",
    "HeldRun",
    "Hello",
    "Job",
    "Kept",
    "KeptRun",
    "Lease",
    "Leaving",
    "Looked",
    "Obeyed",
    "Order",
    "Piece",
    "Remembered",
    "Resume",
    "Revoked",
    "Upload",
    "Weights",
    "Welcome",
]  # fmt: skip

UPLOAD_WINDOW = 256
"""Records of one run that may be on their way without an Ack."""

PIECE_BYTES = 384 * 1024
"""Of a file of weights in one message."""

CLOSE_NONSENSE = 4400
"""The other side does not keep to the protocol; the reason says how."""
CLOSE_TOKEN = 4401
"""The token is not, or no longer, known. Trying again is pointless."""
CLOSE_REPLACED = 4409
"""The same worker has dialled in again; this older connection is over."""
CLOSE_VERSION = 4426
"""The two sides speak different versions. Trying again is pointless."""


class Command(Message):
    """A wish of the user's for a live run; takes effect within a step."""

    kind: Literal["stop", "pause", "resume", "step", "learning_rate", "watch", "probe", "checkpoint"]
    value: float | None = None
    """learning_rate: the new rate. probe: index into Started.probes."""
    image: str | None = Field(None, max_length=4 * -(-MOST_IMAGE_BYTES // 3))
    """probe: in place of `value` an image given by hand: uint8 [channels][height][width] of the network's input, in
    base64. With neither the image stays."""
    source: Literal["drawn", "uploaded"] = "drawn"
    """probe: where `image` comes from."""
    target: int | None = None
    """probe: the class whose loss is followed back; None: the image's true class, or the one that is predicted where
    nobody knows it."""
    layers: tuple[str, ...] = ()
    """watch: ids of the primitives whose feature maps are wanted; replaces the last list."""


class Continuation(Message):
    """A wish to go on with a run that had ended. The recipe stays frozen: with these it says all that was trained."""

    step: int
    """Updates that were done when it was asked for. Up to here the schedule spans the length before, from here on the
    new one; a rate set by hand stays."""
    epochs: int
    """Of the whole run from now on, those that are done among them."""


class DataFile(Message):
    """The file of a data set that is somebody's own: the worker fetches it from the site, and keeps it by its hash."""

    digest: str
    """SHA-256, hexadecimal."""
    bytes: int


class Job(Message):
    """All that a training process needs to know. The worker checks the document again before building anything."""

    run: str
    attempt: int
    network: dict[str, Any]
    recipe: dict[str, Any]
    continued: tuple[Continuation, ...] = ()
    """In the order in which they were asked for."""
    threads: int | None = None
    """As many as another run had; None: as many as a step is worth."""
    dataset: Dataset | None = None
    """The record, where the recipe names a data set that is not among those that everybody knows."""
    file: DataFile | None = None
    """Its images."""


class HeldRun(Message):
    """A run whose spool the worker still has."""

    run: str
    lease: int
    alive: bool


class KeptRun(Message):
    """A run that has ended and whose checkpoint the worker still has: it can be gone on with."""

    run: str
    lease: int
    attempt: int
    step: int
    """Updates done at the checkpoint."""


class Hello(Message):
    """First message after connecting."""

    kind: Literal["hello"] = "hello"
    version: int
    name: str
    device: str
    """ "cpu" or the GPU's name, for people."""
    cuda: bool
    cores: int
    memory_bytes: int
    slots: int
    """Runs it trains at the same time."""
    torch: str
    datasets: list[str]
    """Whose files are there."""
    downloads: tuple[str, ...] = ()
    """That it would download when a run needs them."""
    fetches: bool = False
    """It can fetch the file of somebody's own data set from the site."""
    held: tuple[HeldRun, ...] = ()


class Heartbeat(Message):
    """Every 10 s; any message renews the leases."""

    kind: Literal["heartbeat"] = "heartbeat"


class Kept(Message):
    """All runs that this worker could go on with: after Welcome, and whenever they change."""

    kind: Literal["kept"] = "kept"
    runs: tuple[KeptRun, ...]


class Exited(Message):
    """A job's process ended without a last record: killed, or out of memory.

    The site queues the run again or fails it.
    """

    kind: Literal["exited"] = "exited"
    run: str
    lease: int
    reason: str


class Obeyed(Message):
    """The job has been handed every command up to this number."""

    kind: Literal["obeyed"] = "obeyed"
    run: str
    lease: int
    number: int


class Remembered(Message):
    """The runs whose network the worker has kept after their end: it answers Orders of kind "probe" and "watch" for
    them. Sent after Welcome, and whenever it changes."""

    kind: Literal["remembered"] = "remembered"
    runs: tuple[str, ...]


class Looked(Message):
    """Binary. Payload: a container of records, what a network that has ended makes of the image it was asked about.

    Unlike those of an Upload they have no numbers: they are shown to whoever watches, and not stored.
    """

    kind: Literal["looked"] = "looked"
    run: str
    lease: int
    count: int


class Weights(Message):
    """Answer to the first Fetch of a run: the weights it ended with, as a file that is named by what is in it.

    A site that has a file of this hash asks for nothing more.
    """

    kind: Literal["weights"] = "weights"
    run: str
    lease: int
    step: int = 0
    """Updates done."""
    bytes: int = 0
    """Of the file: safetensors, by the names of playground.tensors. 0: the network is not kept here any more."""
    sha256: str = ""


class Piece(Message):
    """Binary, answer to a Fetch with a hash. Payload: `bytes` bytes of the file from `offset` on."""

    kind: Literal["piece"] = "piece"
    run: str
    lease: int
    sha256: str
    offset: int
    bytes: int


class Fetched(Message):
    """How far the data is that a leased run needs and that was not on this machine. Several a second at most."""

    kind: Literal["fetched"] = "fetched"
    run: str
    lease: int
    bytes: int
    total: int
    stage: Literal["fetching", "preparing"] = "fetching"


class Leaving(Message):
    """The worker is ending: no more leases. Its jobs write a checkpoint and are reported as Exited."""

    kind: Literal["leaving"] = "leaving"


class Upload(Message):
    """Binary. Payload: a container of spool records numbered first, first + 1, …"""

    kind: Literal["upload"] = "upload"
    run: str
    lease: int
    first: int
    count: int


class DatasetCard(Message):
    """Binary, once for each data set the worker has. Payload: a PNG of tiles, `columns` wide, a row for each class."""

    kind: Literal["dataset_card"] = "dataset_card"
    name: str
    columns: int
    tile_height: int
    tile_width: int
    positions: list[int]
    """Test-set position of each tile, row by row; these are the probe images."""
    train_counts: list[int]
    validation_counts: list[int]
    test_counts: list[int]
    mean: list[float]
    """Per channel over the training part, of values scaled to 0–1; subtracted from every image."""
    std: list[float]
    bytes: int
    """Length of the PNG (the payload is padded)."""


class Welcome(Message):
    """The site's answer to Hello."""

    kind: Literal["welcome"] = "welcome"
    worker: str
    heartbeat_seconds: float
    lease_seconds: float


class Lease(Message):
    """Train this. The number grows with every lease of the run: the fence against a second copy."""

    kind: Literal["lease"] = "lease"
    run: str
    lease: int
    job: Job


class Resume(Message):
    """Send from this spool number on; 1 is the first record of the lease."""

    kind: Literal["resume"] = "resume"
    run: str
    lease: int
    seq: int


class Ack(Message):
    """Everything up to seq is stored for ever."""

    kind: Literal["ack"] = "ack"
    run: str
    lease: int
    seq: int


class Order(Message):
    """A command on its way to the job. The site sends it again after a reconnection until it is Obeyed."""

    kind: Literal["order"] = "order"
    run: str
    lease: int
    number: int
    """Grows with each command of the run; the agent hands each to the job once."""
    command: Command


class Fetch(Message):
    """Send the weights that this run ended with. Without a hash: say with Weights which they are; with one: a Piece of
    that file from `offset` on. One is asked for after the other, so that telemetry finds its way between them."""

    kind: Literal["fetch"] = "fetch"
    run: str
    lease: int
    sha256: str = ""
    offset: int = 0


class Revoked(Message):
    """The lease is no longer yours: end the job. Nothing of it is kept, but for the checkpoint where `keep` says so."""

    kind: Literal["revoked"] = "revoked"
    run: str
    lease: int
    reason: str
    keep: bool = False
    """The run has ended and may be gone on with."""


class Forget(Message):
    """These runs were deleted: nothing that the worker keeps of them is asked for again, neither checkpoint nor network
    nor spool. Sent when they are, and to a worker that was away then once it says what it keeps."""

    kind: Literal["forget"] = "forget"
    runs: tuple[str, ...]


FROM_WORKER: dict[str, type[Message]] = {
    model.model_fields["kind"].default: model
    for model in (
        Hello, Heartbeat, Kept, Exited, Obeyed, Remembered, Fetched, Leaving, Upload, Looked, DatasetCard, Weights,
        Piece,
    )
}  # fmt: skip
FROM_SITE: dict[str, type[Message]] = {
    model.model_fields["kind"].default: model for model in (Welcome, Lease, Resume, Ack, Order, Revoked, Fetch, Forget)
}
