"""Command line: python -m playground zoo | analyse NAME-OR-FILE [--json] | code NAME-OR-FILE [--modules]"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from playground import report
from playground.analysis import analyse
from playground.codegen import write
from playground.network import MAX_BYTES, DocumentError, Network, load_network
from playground.plan import NotTrainable
from playground.zoo import ZOO, find


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
    commands.add_parser("zoo", help="list the networks to start from and to study")
    analysing = commands.add_parser("analyse", help="shapes, cost and notices of a network")
    analysing.add_argument("network", help="a name from the zoo, a file, or - for standard input")
    analysing.add_argument("--json", action="store_true", help="print the answer as JSON")
    analysing.add_argument("--classes", type=int, default=None, help="number of classes that the data has")
    coding = commands.add_parser("code", help="print the network as a PyTorch module")
    coding.add_argument("network", help="a name from the zoo, a file, or - for standard input")
    coding.add_argument("--modules", action="store_true", help="print where each layer's weights go, as JSON")
    options = parser.parse_args(arguments)
    if options.command == "zoo":
        print(report.zoo(ZOO.values()))
        return 0
    try:
        network = read(options.network)
        if options.command == "code":
            written = write(network)
            print(json.dumps(written.modules, indent=2) if options.modules else written.text.removesuffix("\n"))
            return 0
    except (DocumentError, NotTrainable) as error:
        print(error, file=sys.stderr)
        return 1
    analysis = analyse(network, options.classes)
    print(analysis.model_dump_json(indent=2) if options.json else report.table(network, analysis))
    return 0 if analysis.trainable else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
