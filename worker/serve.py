"""The worker's main program: one agent and one executor, from the first connection to the last."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import TypeVar

from playground.protocol import Command
from worker.agent import Agent
from worker.config import EXIT_REFUSED, Config, ConfigError, read_config
from worker.control import ControlWriter
from worker.executors.local import LocalExecutor
from worker.folders import WorkerFolder
from worker.link import RefusedError
from worker.machine import MachineError, ask, remembered
from worker.tail import Tail

Result = TypeVar("Result")

ASK_AGAIN_AFTER = 20.0
"""Seconds before a remembered machine is looked at afresh: not while the spares import torch."""
CHECKPOINT_SECONDS = 4.0
"""Time that jobs get to write a checkpoint when the worker is told to end; killed jobs resume from it."""
DELIVERY_SECONDS = 2.0


def main(arguments: list[str]) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker: %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("websockets").setLevel(logging.ERROR)
    try:
        return asyncio.run(_until_told(read_config(arguments)))
    except (ConfigError, RefusedError, MachineError) as error:
        print(error, file=sys.stderr)
        return EXIT_REFUSED


async def _until_told(config: Config) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    told = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    await serve(config, told)
    return 0


async def serve(config: Config, told: asyncio.Event) -> None:
    """One agent until `told` is set. Raises RefusedError or MachineError."""
    folder = WorkerFolder(config.folder)
    try:
        folder.lock()
    except BlockingIOError:
        raise ConfigError(
            f"Another worker uses the folder {config.folder}. End it, or name another folder with --folder."
        ) from None
    known = remembered(folder)
    machine = known or await _unless(told, ask(folder))
    if machine is None:
        return
    executor = LocalExecutor(slots=config.slots, spares=config.slots + 1)
    agent = Agent(config, folder, machine, executor)
    background = [asyncio.create_task(part) for part in (executor.run(), agent.tidy())]
    if known:
        background.append(asyncio.create_task(_look_again(agent)))
    link = asyncio.create_task(agent.run())
    try:
        await _unless(told, _failure_of(link, *background))
        executor.close()
        await leave(agent)
    finally:
        for task in (link, *background):
            task.cancel()
        await asyncio.gather(link, *background, return_exceptions=True)
        agent.looks.close()
        executor.close()


async def leave(agent: Agent) -> None:
    """End all jobs after a checkpoint, and tell the site so that others may go on from its queue."""
    await agent.take_no_more()
    living = [tail for tail in agent.tails.values() if tail.alive]
    await asyncio.gather(*(_checkpoint(agent, tail) for tail in living))
    end = time.monotonic() + DELIVERY_SECONDS
    while agent.connected.is_set() and time.monotonic() < end and not all(_settled(tail) for tail in living):
        await asyncio.sleep(0.02)


def _settled(tail: Tail) -> bool:
    return tail.delivered and (tail.concluded or tail.reported)


async def _checkpoint(agent: Agent, tail: Tail) -> None:
    """Ask for a checkpoint, wait for it a little, kill."""
    before = tail.folder.checkpointed()
    writer = ControlWriter(tail.folder.path)
    writer.send(Command(kind="checkpoint"))
    writer.close()
    end = time.monotonic() + CHECKPOINT_SECONDS
    while tail.alive and tail.folder.checkpointed() == before and time.monotonic() < end:
        await asyncio.sleep(0.02)
    tail.reason = "The worker was ended."
    agent.executor.kill(tail.folder)
    while agent.executor.ended(tail.folder) is None:
        await asyncio.sleep(0.01)
    tail.folder.exit_file.write_text(tail.reason)  # should the site hear of it only from the next agent
    tail.alive = False


async def _look_again(agent: Agent) -> None:
    await asyncio.sleep(ASK_AGAIN_AFTER)
    before = agent.machine
    with suppress(MachineError):
        machine = await ask(agent.folder)
        if machine != before:
            await agent.renew(machine)


async def _unless(told: asyncio.Event, work: Coroutine[object, object, Result]) -> Result | None:
    """What the work gives; None if `told` is set before it is done, and the work is cancelled."""
    task, waiting = asyncio.create_task(work), asyncio.create_task(told.wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()
        waiting.cancel()
        await asyncio.gather(task, waiting, return_exceptions=True)


async def _failure_of(*tasks: asyncio.Task[None]) -> None:
    """Wait until one of them fails, and fail with it."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()
