"""Other people's training loops and watchers on a job of ours, one step at a time. None of them need be installed."""

from __future__ import annotations

import importlib.util
import logging
import os
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset

import worker.torchvision_ops  # noqa: F401  (lightning imports torchvision)
from playground.plan import Plan, PlanStep
from playground.protocol import Job
from playground.recipe import Recipe
from worker.data import Data
from worker.prepare import Prepared, prepare

EVERY = 10
"""Steps between two histograms of everything."""
MOST_STEPS = 10**9

Loop = Iterator[None]


def missing(package: str) -> bool:
    """It is not installed here."""
    return importlib.util.find_spec(package) is None


def in_memory(data: Data) -> TensorDataset:
    """Normalised images as floats, as a tutorial would lay them out, and labels."""
    images = torch.cat([data.normalise(part) for part in data.train.images.split(5000)]).contiguous()
    return TensorDataset(images, data.train.labels)


def plain_optimiser(parameters: Iterator[nn.Parameter], recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's, with torch's defaults for how it is calculated."""
    if recipe.optimiser == "sgd":
        momentum, decay = recipe.momentum, recipe.weight_decay
        return torch.optim.SGD(parameters, recipe.learning_rate, momentum=momentum, weight_decay=decay)
    return torch.optim.Adam(parameters, recipe.learning_rate)


def as_built(job: Job) -> Prepared:
    """The same network with its weights as torch lays them out when nobody says otherwise."""
    run = prepare(job)
    run.network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    run.network.train()
    return run


def default(job: Job, watch: Callable[[nn.Module, int, Tensor], None] = lambda network, step, loss: None) -> Loop:
    """Plain torch on tensors in memory: no channels last, no fused optimiser. `watch` sees each step's gradients."""
    run = as_built(job)
    images, labels = in_memory(run.data).tensors
    optimiser = plain_optimiser(run.network.parameters(), run.recipe)
    size, step = run.recipe.batch_size, 0
    while True:
        for chosen in torch.randperm(len(labels)).split(size):
            loss = functional.cross_entropy(run.network(images.index_select(0, chosen)), labels.index_select(0, chosen))
            optimiser.zero_grad()
            loss.backward()
            watch(run.network, step, loss)
            optimiser.step()
            step += 1
            yield


def with_tensorboard(job: Job) -> Loop:
    """The same with the loss of every step, and histograms of weights and gradients every ten steps."""
    from torch.utils.tensorboard import SummaryWriter

    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:  # type: ignore[no-untyped-call]

        def watch(network: nn.Module, step: int, loss: Tensor) -> None:
            writer.add_scalar("loss", loss.item(), step)  # type: ignore[no-untyped-call]
            if step % EVERY == 0:
                for name, weight in network.named_parameters():
                    writer.add_histogram(name, weight, step)  # type: ignore[no-untyped-call]
                    writer.add_histogram(f"{name}.grad", weight.grad, step)  # type: ignore[no-untyped-call]

        yield from default(job, watch)


def with_wandb(job: Job) -> Loop:
    """The same with wandb.watch(log="all", log_freq=10), offline, and the loss of every step."""
    import wandb

    with tempfile.TemporaryDirectory() as folder:
        run = wandb.init(mode="offline", dir=folder, project="overhead", settings=wandb.Settings(silent=True))
        seen = False

        def watch(network: nn.Module, step: int, loss: Tensor) -> None:
            nonlocal seen
            if not seen:
                run.watch(network, log="all", log_freq=EVERY)
                seen = True
            run.log({"loss": loss.item()})

        try:
            yield from default(job, watch)
        finally:
            run.finish()


def lightning_loop(job: Job) -> Loop:
    """Lightning's Trainer with its defaults."""
    import lightning

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    run = as_built(job)

    class Module(lightning.LightningModule):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = run.network

        def training_step(self, batch: tuple[Tensor, Tensor], index: int) -> Tensor:
            loss = functional.cross_entropy(self.network(batch[0]), batch[1])
            self.log("loss", loss)
            return loss

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return plain_optimiser(self.parameters(), run.recipe)

    def fit(tick: Callable[[], None]) -> None:
        class Clock(lightning.Callback):  # type: ignore[misc]
            def on_train_batch_end(self, *anything: object) -> None:
                tick()

        with tempfile.TemporaryDirectory() as folder:
            quiet = {"enable_progress_bar": False, "enable_model_summary": False}
            trainer = lightning.Trainer(
                max_steps=MOST_STEPS, accelerator="cpu", callbacks=[Clock()], default_root_dir=folder, **quiet
            )
            trainer.fit(Module(), DataLoader(in_memory(run.data), run.recipe.batch_size, shuffle=True))

    return stepwise(fit)


def keras_loop(job: Job) -> Loop:
    """The same network in Keras on its torch backend, fit()."""
    import keras

    run = prepare(job)
    recipe = run.recipe
    model = keras_model(run.network.plan)
    if recipe.optimiser == "sgd":
        optimiser = keras.optimizers.SGD(recipe.learning_rate, recipe.momentum, weight_decay=recipe.weight_decay)
    else:
        optimiser = keras.optimizers.Adam(recipe.learning_rate)
    model.compile(optimiser, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    images, labels = in_memory(run.data).tensors

    def fit(tick: Callable[[], None]) -> None:
        class Clock(keras.callbacks.Callback):  # type: ignore[misc]
            def on_train_batch_end(self, batch: int, logs: object = None) -> None:
                tick()

        pixels = images.permute(0, 2, 3, 1).contiguous().numpy()
        model.fit(pixels, labels.numpy(), recipe.batch_size, epochs=MOST_STEPS, verbose=0, callbacks=[Clock()])

    return stepwise(fit)


def keras_model(plan: Plan) -> Any:
    """The plan as a Keras model, for the blocks that the networks measured here have."""
    import keras

    first = plan.steps[0]
    channels, height, width = first.shape
    values = {first.id: keras.Input((height, width, channels))}
    for step in plan.steps[1:]:
        values[step.id] = _keras_layer(keras, step)(*(values[name] for name in step.inputs))
    return keras.Model(values[first.id], values[plan.steps[-1].id])


def _keras_layer(keras: Any, step: PlanStep) -> Callable[..., Any]:
    layers, settings = keras.layers, step.layer.arguments if step.layer is not None else {}
    match step.block:
        case "conv2d":
            kernel, stride, bias = settings["kernel_size"], settings["stride"], settings["bias"]
            made = layers.Conv2D(settings["out_channels"], kernel, stride, use_bias=bias)
            return _padded(keras, made, settings["padding"])
        case "max_pool":
            made = layers.MaxPooling2D(settings["kernel_size"], settings["stride"])
            return _padded(keras, made, settings["padding"])
        case "batch_norm":
            return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)  # type: ignore[no-any-return]
        case "relu":
            return layers.ReLU()  # type: ignore[no-any-return]
        case "global_avg_pool":
            return layers.GlobalAveragePooling2D(keepdims=True)  # type: ignore[no-any-return]
        case "flatten":
            return layers.Flatten()  # type: ignore[no-any-return]
        case "dense":
            return layers.Dense(settings["out_features"])  # type: ignore[no-any-return]
        case "add":
            return lambda *parts: layers.Add()(parts)
        case "concat":
            return lambda *parts: layers.Concatenate()(parts)
        case "pad_shortcut":
            stride, more = settings["stride"], settings["channels"] - step.input_shapes[0][0]
            pad = [(0, 0), (0, 0), (0, 0), (0, more)]
            return layers.Lambda(lambda x: keras.ops.pad(x[:, ::stride, ::stride, :], pad))  # type: ignore[no-any-return]
        case "output":
            return lambda x: x
    raise ValueError(f"There is no Keras layer for '{step.block}' here.")


def _padded(keras: Any, layer: Any, padding: tuple[int, int]) -> Callable[..., Any]:
    """Behind ReLU zeros are as good as the nothing that torch's max pool sees at the rim."""
    return (lambda x: layer(keras.layers.ZeroPadding2D(padding)(x))) if any(padding) else layer


def stepwise(fit: Callable[[Callable[[], None]], None]) -> Loop:
    """A loop that somebody else runs, as steps that we ask for: in a thread that waits between two of them.

    fit: is given what to call after each step. The thread ends with the process.
    """
    asked, done = threading.Semaphore(0), threading.Semaphore(0)
    failed: list[BaseException] = []

    def tick() -> None:
        done.release()
        asked.acquire()

    def work() -> None:
        asked.acquire()
        torch.set_num_threads(1)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fit(tick)
        except BaseException as error:
            failed.append(error)
        failed.append(RuntimeError("The loop has ended."))
        done.release()

    threading.Thread(target=work, daemon=True).start()
    while True:
        asked.release()
        done.acquire()
        if failed:
            raise failed[0]
        yield
