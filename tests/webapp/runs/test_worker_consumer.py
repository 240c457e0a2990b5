import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from safetensors.numpy import save

from playground.protocol import (
    CLOSE_NONSENSE,
    CLOSE_REPLACED,
    CLOSE_TOKEN,
    CLOSE_VERSION,
    FROM_SITE,
    Command,
    DatasetCard,
    Exited,
    Fetch,
    Finished,
    Kept,
    KeptRun,
    Leaving,
    Message,
    Obeyed,
    Piece,
    Remembered,
    Upload,
    Weights,
    encode,
    pack,
)
from tests.webapp.runs.queue import held, hello, make_run
from tests.webapp.telemetry.conftest import event_record, started_record
from webapp.artifacts.models import RunArtifact
from webapp.experiments.models import Experiment
from webapp.experiments.services import experiment_delete
from webapp.runs import connections
from webapp.runs.commands import command_send
from webapp.runs.continuing import run_continue
from webapp.runs.leases import queue_changed, waiting_for
from webapp.runs.models import DatasetCardRow, Run, RunOrder, RunState, Worker
from webapp.runs.services import run_delete
from webapp.runs.tokens import worker_token_issue
from webapp.runs.worker_consumer import WorkerConsumer

pytestmark = pytest.mark.django_db(transaction=True)

PICTURE = b"\x89PNG\r\n\x1a\n and so on"


class Agent(WebsocketCommunicator):
    """A worker's end of the socket."""

    def __init__(self, token: str) -> None:
        super().__init__(WorkerConsumer.as_asgi(), "/ws/worker/", [(b"authorization", f"Bearer {token}".encode())])

    async def say(self, message: Message) -> None:
        await self.send_to(text_data=message.model_dump_json())

    async def hear(self) -> Any:
        content = json.loads(await self.receive_from(timeout=10))
        return FROM_SITE[content["kind"]].model_validate(content)

    async def hear_of(self, kind: str) -> Any:
        """The next message of this kind. The site may ask before it for the weights of a run that ended, and takes back
        the lease of one whose end it has not seen."""
        while (message := await self.hear()).kind != kind:
            assert message.kind in {"fetch", "revoked"}
        return message

    async def closed(self) -> tuple[int, str]:
        message = await self.receive_output(timeout=10)
        assert message["type"] == "websocket.close", message
        return message["code"], message.get("reason", "")

    async def upload(self, run: Run, first: int, *records: bytes, lease: int = 1) -> Any:
        header = Upload(run=run.pk, lease=lease, first=first, count=len(records))
        await self.send_to(bytes_data=encode(header, pack(records)))
        return await self.hear()


@pytest.fixture
async def agent() -> AsyncIterator[Agent]:
    """Connected, not yet greeted."""
    agent = Agent(await sync_to_async(worker_token_issue)(name="one"))
    assert (await agent.connect(timeout=10))[0]
    yield agent
    await agent.disconnect()


@pytest.fixture
async def greeted(agent: Agent) -> Agent:
    await agent.say(hello())
    assert (await agent.hear()).kind == "welcome"
    return agent


async def new_run() -> Run:
    """A queued run, as enqueueing leaves it."""
    run = await sync_to_async(make_run)()
    await sync_to_async(queue_changed)()
    return run


async def state(run: Run) -> str:
    await run.arefresh_from_db()
    return run.state


@pytest.mark.parametrize("token", ["", "wrong", "wrong wrong"])
async def test_a_wrong_token_is_not_let_in(token: str) -> None:
    stranger = Agent(token)
    await stranger.connect(timeout=10)
    await stranger.say(hello())
    assert await stranger.closed() == (CLOSE_TOKEN, "This token is not known.")
    assert await stranger.receive_nothing(timeout=0.1)


async def test_a_token_that_is_replaced_ends_the_connection_that_used_it(greeted: Agent) -> None:
    await sync_to_async(worker_token_issue)(name="one")
    connections.wake()
    assert await greeted.closed() == (CLOSE_TOKEN, "This token no longer counts.")


async def test_an_enqueued_run_is_pushed_at_once(greeted: Agent) -> None:
    run = await new_run()
    lease = await greeted.hear()
    assert (lease.kind, lease.run, lease.lease) == ("lease", run.pk, 1)
    assert await state(run) == RunState.LEASED


async def test_uploads_are_stored_then_acknowledged_and_a_gap_asks_again(greeted: Agent) -> None:
    run = await new_run()
    await greeted.hear()
    assert (await greeted.upload(run, 1, started_record(), event_record(1))).seq == 2
    assert (await greeted.upload(run, 2, event_record(1), event_record(2))).seq == 3
    resume = await greeted.upload(run, 7, event_record(9))
    assert (resume.kind, resume.seq) == ("resume", 4)
    assert await state(run) == RunState.RUNNING
    assert run.cursor == 3


async def test_an_upload_for_a_foreign_run_or_an_old_lease_is_revoked(greeted: Agent) -> None:
    foreign = await sync_to_async(make_run)(state="running", lease=1, attempt=1)
    assert (await greeted.upload(foreign, 1, started_record())).kind == "revoked"
    run = await new_run()
    await greeted.hear()
    await Run.objects.filter(pk=run.pk).aupdate(lease=2)
    assert (await greeted.upload(run, 1, started_record())).kind == "revoked"


async def test_a_command_reaches_the_job_and_is_forgotten_once_obeyed(greeted: Agent) -> None:
    run = await new_run()
    await greeted.hear()
    await greeted.upload(run, 1, started_record())
    await sync_to_async(command_send)(run=run, command=Command(kind="pause"))
    order = await greeted.hear()
    assert (order.kind, order.run, order.lease, order.command.kind) == ("order", run.pk, 1, "pause")
    await greeted.say(Obeyed(run=run.pk, lease=1, number=order.number))
    await greeted.upload(run, 2, event_record(1))
    assert not await RunOrder.objects.aexists()


async def test_a_returning_worker_goes_on_and_gets_the_commands_it_missed(agent: Agent) -> None:
    run = await new_run()
    await agent.say(hello())
    await agent.hear()
    await agent.hear()
    await agent.upload(run, 1, started_record(), event_record(1))
    await agent.disconnect()
    await sync_to_async(command_send)(run=run, command=Command(kind="stop"))
    token = await sync_to_async(worker_token_issue)(name="one")
    again = Agent(token)
    await again.connect(timeout=10)
    await run.arefresh_from_db()
    await again.say(hello(held=[held(run)]))
    assert [message.kind for message in (await again.hear(), await again.hear(), await again.hear())] == [
        "welcome",
        "resume",
        "order",
    ]
    await again.disconnect()


async def test_a_job_that_died_is_leased_again(greeted: Agent) -> None:
    run = await new_run()
    await greeted.hear()
    await greeted.say(Exited(run=run.pk, lease=1, reason="It was killed."))
    lease = await greeted.hear()
    assert (lease.run, lease.lease, lease.job.attempt) == (run.pk, 2, 2)


async def test_a_worker_that_leaves_is_given_nothing_more(greeted: Agent) -> None:
    run = await new_run()
    await greeted.hear()
    await greeted.say(Leaving())
    await greeted.say(Exited(run=run.pk, lease=1, reason="The worker was ended."))
    assert (await greeted.upload(run, 1, started_record())).kind == "revoked"
    assert await state(run) == RunState.QUEUED
    assert await sync_to_async(waiting_for)(run) is not None
    assert await greeted.receive_nothing(timeout=0.3)


async def test_a_lease_that_the_worker_does_not_have_is_taken_back_and_given_again(greeted: Agent) -> None:
    worker = await Worker.objects.aget(name="one")
    run = await sync_to_async(make_run)(state="leased", lease=3, attempt=3, worker=worker)
    connections.wake()
    lease = await greeted.hear()
    assert (lease.run, lease.lease) == (run.pk, 4)


async def test_a_deleted_runs_job_is_told_to_end(greeted: Agent) -> None:
    run = await new_run()
    await greeted.hear()
    await Run.objects.filter(pk=run.pk).adelete()
    connections.wake()
    revoked = await greeted.hear()
    assert (revoked.kind, revoked.reason) == ("revoked", "The run was deleted.")


async def test_a_second_connection_of_the_same_worker_replaces_the_first() -> None:
    token = await sync_to_async(worker_token_issue)(name="one")
    first, second = Agent(token), Agent(token)
    for agent in (first, second):
        await agent.connect(timeout=10)
        await agent.say(hello())
        await agent.hear()
    assert (await first.closed())[0] == CLOSE_REPLACED
    await second.disconnect()


async def test_a_card_is_kept(greeted: Agent) -> None:
    card = DatasetCard(
        name="digits",
        columns=1,
        tile_height=8,
        tile_width=8,
        positions=[0],
        train_counts=[1],
        validation_counts=[1],
        test_counts=[1],
        mean=[0.5],
        std=[0.5],
        bytes=len(PICTURE),
    )
    await greeted.send_to(bytes_data=encode(card, PICTURE))
    run = await new_run()
    await greeted.hear()
    await greeted.upload(run, 1, started_record())  # messages are taken one after the other
    assert bytes((await DatasetCardRow.objects.aget(name="digits")).png) == PICTURE


# Nonsense

NONSENSE: list[str | bytes] = [
    " ",
    "{",
    "[]",
    "null",
    '"hello"',
    '{"kind": 7}',
    '{"kind": ["hello"]}',
    '{"kind": "exited", "run": 3}',
    '{"kind": "exited"}',
    "[" * 100_000,
    b"a",
    b"abc",
    b"\xff" * 100,
    b"\x00\x00\x00\x00",
    encode(Exited(run="x", lease=1, reason=""))[:-9],
    encode(Upload(run="x", lease=1, first=1, count=2), pack([b"one"])),
    encode(Upload(run="x", lease=1, first=1, count=1), b"\xff\xff\xff\xff"),
    b"\x00" * (600 * 1024),
]


@pytest.mark.parametrize("number", range(len(NONSENSE)))
async def test_nonsense_is_closed_with_a_reason(greeted: Agent, number: int) -> None:
    content = NONSENSE[number]
    if isinstance(content, str):
        await greeted.send_to(text_data=content)
    else:
        await greeted.send_to(bytes_data=content)
    code, reason = await greeted.closed()
    assert code == CLOSE_NONSENSE and reason


@pytest.mark.parametrize("text", ['{"kind": "from_the_future", "x": 1}', '{"kind": "heartbeat", "more": 1}'])
async def test_what_a_newer_worker_says_is_passed_over(greeted: Agent, text: str) -> None:
    await greeted.send_to(text_data=text)
    run = await new_run()
    assert (await greeted.hear()).run == run.pk


async def test_huge_numbers_and_odd_ids_do_no_harm(greeted: Agent) -> None:
    for run, lease, first in (("x" * 10_000, 1, 1), ("../../etc", -1, -5), ("\x00", 2**70, 2**70)):
        header = Upload(run=run, lease=lease, first=first, count=1)
        await greeted.send_to(bytes_data=encode(header, pack([b"1234"])))
        assert (await greeted.hear()).kind == "revoked"
        await greeted.say(Exited(run=run, lease=lease, reason="x" * 10_000))
        await greeted.say(Obeyed(run=run, lease=lease, number=2**70))
    run = await new_run()
    assert (await greeted.hear()).run == run.pk


async def test_before_hello_nothing_else_is_heard(agent: Agent) -> None:
    await agent.say(Exited(run="x", lease=1, reason=""))
    assert await agent.closed() == (CLOSE_NONSENSE, "The first message must be Hello.")


async def test_another_version_is_told_which() -> None:
    token = await sync_to_async(worker_token_issue)(name="one")
    agent = Agent(token)
    await agent.connect(timeout=10)
    await agent.say(hello(version=99))
    code, reason = await agent.closed()
    assert code == CLOSE_VERSION and reason.startswith("The site speaks version 1, this worker version 99.")


async def test_a_run_that_goes_on_is_not_taken_from_the_worker_that_kept_its_checkpoint(greeted: Agent) -> None:
    run = await new_run()
    await greeted.hear()
    finished = encode(Finished(step=2, reason="completed", seconds=1.0))
    assert (await greeted.upload(run, 1, started_record(), event_record(1), finished)).kind == "ack"
    kept = Kept(runs=(KeptRun(run=run.pk, lease=1, attempt=1, step=2),))
    await greeted.say(kept)
    while not connections.keeper_of(run.pk, 1):
        await asyncio.sleep(0.01)
    await run.arefresh_from_db()
    await sync_to_async(run_continue)(run=run, epochs=1)
    lease = await greeted.hear()
    assert (lease.kind, lease.lease, lease.job.continued[0].step) == ("lease", 2, 2)
    await greeted.say(kept)  # said before it had heard of the lease
    assert (await greeted.upload(run, 1, started_record(attempt=2, first_step=2), lease=2)).kind == "ack"
    assert await state(run) == RunState.RUNNING


async def test_the_weights_of_a_run_that_ended_are_asked_for_at_once(
    greeted: Agent, settings: Any, tmp_path: Path
) -> None:
    settings.ARTIFACTS = tmp_path
    run = await new_run()
    await greeted.hear()
    await greeted.say(Remembered(runs=(run.pk,)))  # kept before its end is told
    finished = encode(Finished(step=2, reason="completed", seconds=1.0))
    assert (await greeted.upload(run, 1, started_record(), finished)).kind == "ack"
    assert await greeted.hear() == Fetch(run=run.pk, lease=1)
    content = save({"c1.weight": np.ones(3, np.float32)})
    sha256 = hashlib.sha256(content).hexdigest()
    facts: dict[str, Any] = {"run": run.pk, "lease": 1, "sha256": sha256, "bytes": len(content)}
    await greeted.say(Weights(step=2, **facts))
    assert await greeted.hear() == Fetch(run=run.pk, lease=1, sha256=sha256)
    await greeted.send_to(bytes_data=encode(Piece(offset=0, **facts), content))
    while not await RunArtifact.objects.filter(run=run, artifact=sha256, step=2).aexists():
        await asyncio.sleep(0.01)
    assert await greeted.receive_nothing(timeout=0.2)


async def test_weights_that_cannot_be_had_are_asked_for_once(greeted: Agent) -> None:
    run = await new_run()
    await greeted.hear()
    await greeted.say(Remembered(runs=(run.pk,)))
    finished = encode(Finished(step=2, reason="stopped", seconds=1.0))
    await greeted.upload(run, 1, started_record(), finished)
    assert (await greeted.hear()).kind == "fetch"
    await greeted.say(Weights(run=run.pk, lease=1))
    await greeted.say(Weights(run=run.pk, lease=1, bytes=10, sha256="f" * 64))  # nobody asked
    connections.wake()
    assert await greeted.receive_nothing(timeout=0.3)


async def test_what_a_worker_kept_of_runs_that_were_deleted_while_it_was_away_is_told_to_go(greeted: Agent) -> None:
    run = await new_run()
    await greeted.hear()
    await Run.objects.filter(pk=run.pk).aupdate(state=RunState.FINISHED)
    await greeted.say(Kept(runs=(KeptRun(run="gone", lease=3, attempt=1, step=2),)))
    forget = await greeted.hear()
    assert (forget.kind, forget.runs) == ("forget", ("gone",))
    await greeted.say(Remembered(runs=("old", run.pk, "older")))
    said = {message.kind: message for message in (await greeted.hear(), await greeted.hear())}
    assert said["forget"].runs == ("old", "older")  # the run that is still there can go on being asked about images
    assert said["fetch"].run == run.pk  # and its weights are taken


@pytest.mark.parametrize("told", [True, False])
async def test_a_run_that_is_deleted_after_its_end_is_forgotten_by_its_worker(greeted: Agent, told: bool) -> None:
    run = await new_run()
    await greeted.hear()
    await Run.objects.filter(pk=run.pk).aupdate(state=RunState.FINISHED)
    connections.wake()
    if told:
        await greeted.say(Remembered(runs=(run.pk,)))
    (consumer,) = connections._connected.values()
    assert isinstance(consumer, WorkerConsumer)
    async with asyncio.timeout(10):
        while consumer.rested != {run.pk} or consumer.remembered != ({run.pk} if told else frozenset()):
            await asyncio.sleep(0.01)
    await sync_to_async(run_delete)(run=run)
    assert (await greeted.hear_of("forget")).runs == (run.pk,)


async def test_the_runs_of_a_deleted_experiment_are_forgotten(greeted: Agent) -> None:
    run = await new_run()
    await greeted.hear()
    await Run.objects.filter(pk=run.pk).aupdate(state=RunState.FINISHED)
    await greeted.say(Remembered(runs=(run.pk,)))
    experiment = await Experiment.objects.aget(pk=run.experiment_id)
    await sync_to_async(experiment_delete)(experiment=experiment)
    assert (await greeted.hear_of("forget")).runs == (run.pk,)
