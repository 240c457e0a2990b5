"""load("net.py:LeNet"): the module of that name, made by running the file."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from torch import nn

from worker.importing.refusal import NotImportable

EXAMPLE = "Write FILE.py:NAME with a class, a function that makes the network, or a network."


def load(source: str) -> nn.Module:
    """`source`: FILE.py:NAME or PACKAGE.MODULE:NAME. A class or function is called without arguments.

    Runs the file. Raises NotImportable.
    """
    place, colon, name = source.rpartition(":")
    if not colon or not place or not name:
        raise NotImportable(f"'{source}' names no network. {EXAMPLE}")
    found = _run(place)
    thing = getattr(found, name, None)
    if thing is None:
        raise NotImportable(f"{place} has no '{name}'. {_what_it_has(found)}")
    if isinstance(thing, nn.Module):
        return thing
    if not callable(thing):
        raise NotImportable(f"'{name}' in {place} is a {type(thing).__name__}, no network. {_what_it_has(found)}")
    return _made(thing, name)


def _run(place: str) -> ModuleType:
    path = Path(place)
    try:
        if path.suffix != ".py":
            return importlib.import_module(place)
        if not path.is_file():
            raise NotImportable(f"There is no file '{place}'. {EXAMPLE}")
        sys.path.insert(0, str(path.resolve().parent))
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        return module
    except NotImportable:
        raise
    except (Exception, SystemExit) as error:  # the file is the user's: anything may come of it
        raise NotImportable(f"{place} cannot be run: {told(error, place)} Mend it and import again.") from error


def _made(maker: Any, name: str) -> nn.Module:
    try:
        wanted = [
            each.name
            for each in inspect.signature(maker).parameters.values()
            if each.default is each.empty and each.kind not in {each.VAR_POSITIONAL, each.VAR_KEYWORD}
        ]
    except (TypeError, ValueError):
        wanted = []
    if wanted:
        raise NotImportable(
            f"{name} wants arguments: {', '.join(wanted)}. Write a function without arguments that makes the network"
            f" and import that: def network(): return {name}(…)."
        )
    try:
        made = maker()
    except Exception as error:  # the user's code
        raise NotImportable(f"{name}() fails: {told(error)} Mend it and import again.") from error
    if not isinstance(made, nn.Module):
        raise NotImportable(f"{name}() gives a {type(made).__name__}, no torch.nn.Module.")
    return made


def _what_it_has(found: ModuleType) -> str:
    names = [
        name
        for name, value in vars(found).items()
        if (isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == found.__name__)
        or isinstance(value, nn.Module)
    ]
    return f"It has: {', '.join(names[:20])}." if names else f"It has no networks. {EXAMPLE}"


def told(error: BaseException, file: str = "") -> str:
    """What went wrong, with the line of the user's own code where it did."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in frame.filename
        and Path(frame.filename).parent != Path(__file__).parent
        and not frame.filename.startswith("<")
    ]
    if isinstance(error, SyntaxError) and error.lineno:
        return f"{error.msg} in line {error.lineno}."
    where = f" (line {own[-1].lineno} of {Path(own[-1].filename).name}: {own[-1].line})" if own and own[-1].line else ""
    return f"{first}{where}."
