"""Command line: python -m playground zoo [NAME] | analyse NAME-OR-FILE | code NAME-OR-FILE | guidelines [ID]"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from playground import report
from playground.analysis import analyse
from playground.guidelines import PAGES
from playground.network import MAX_BYTES, DocumentError, Network, load_network
from playground.plan import NotTrainable
from playground.recipe import Recipe
from playground.zoo import ZOO, find, listing


def recipe_of(name: str) -> Recipe | None:
    """That of a network of the zoo; None for a file, which is judged by the default recipe."""
    found = find(name)
    return found.full_recipe if found and not Path(name).is_file() else None


def explain(id: str | None) -> int:
    """Print the pages of the guidelines, or the one about this notice."""
    if id is not None and id not in PAGES:
        print(f"There is no guideline '{id}'. There are: {', '.join(PAGES)}.", file=sys.stderr)
        return 1
    print(report.guidelines(PAGES.values() if id is None else [PAGES[id]]))
    return 0


def read(name: str) -> Network:
    """A network of the zoo by its name, or one from a file ("-" is standard input). Raises DocumentError."""
    found = find(name)
    path = Path(name)
    if found and not path.is_file():
        return found.network
    try:
        if name == "-":
            return load_network(sys.stdin.buffer.read(MAX_BYTES + 1))
        with path.open("rb") as file:
            return load_network(file.read(MAX_BYTES + 1))
    except FileNotFoundError as error:
        names = ", ".join(ZOO)
        raise DocumentError(f"There is neither a file nor a network named '{name}'. The zoo has: {names}.") from error
    except OSError as error:
        raise DocumentError(f"The file '{name}' cannot be read: {error.strerror}.") from error


def main(arguments: list[str] | None = None) -> int:
    """0, or 1 for a network that cannot be read or cannot train."""
    parser = argparse.ArgumentParser(prog="python -m playground", description="Networks on the command line.")
    commands = parser.add_subparsers(dest="command", required=True)
    listed = commands.add_parser("zoo", help="list the networks to start from and to study")
    listed.add_argument("name", nargs="?", help="one of them: its numbers, who states them, what to know of them")
    analysing = commands.add_parser("analyse", help="shapes, cost and notices of a network")
    analysing.add_argument("network", help="a name from the zoo, a file, or - for standard input")
    analysing.add_argument("--json", action="store_true", help="print the answer as JSON")
    analysing.add_argument("--classes", type=int, default=None, help="number of classes that the data has")
    coding = commands.add_parser("code", help="print the network as a PyTorch module")
    coding.add_argument("network", help="a name from the zoo, a file, or - for standard input")
    coding.add_argument("--modules", action="store_true", help="print where each layer's weights go, as JSON")
    explaining = commands.add_parser("guidelines", help="why each notice about the design is given, and when")
    explaining.add_argument("id", nargs="?", default=None, help="of one notice: filters.W001")
    options = parser.parse_args(arguments)
    if options.command == "guidelines":
        return explain(options.id)
    if options.command == "zoo":
        return _zoo(options.name)
    try:
        network = read(options.network)
        if options.command == "code":
            from playground.codegen import write  # only here, for the other commands' start

            written = write(network)
            print(json.dumps(written.modules, indent=2) if options.modules else written.text.removesuffix("\n"))
            return 0
    except (DocumentError, NotTrainable) as error:
        print(error, file=sys.stderr)
        return 1
    analysis = analyse(network, options.classes, recipe=recipe_of(options.network))
    print(analysis.model_dump_json(indent=2) if options.json else report.table(network, analysis))
    return 0 if analysis.trainable else 1


def _zoo(name: str | None) -> int:
    if name is None:
        print(listing.listed(ZOO.values()))
        return 0
    found = find(name)
    if found is None:
        print(f"There is no network named '{name}'. The zoo has: {', '.join(ZOO)}.", file=sys.stderr)
        return 1
    print(listing.told(found))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
