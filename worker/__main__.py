"""Train for a site, or with `train` as first word train a file here; with `import` read a PyTorch module;
with `fetch` download a data set.

python -m worker --site http://host:8000 --token TOKEN
python -m worker train FILE.json
python -m worker import FILE.py:NAME
python -m worker fetch NAME
"""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["train"]:
        from worker.train_command import main as train  # torch only where it is needed

        return train(arguments[1:])
    if arguments[:1] == ["import"]:
        from worker.importing.command import main as import_module

        return import_module(arguments[1:])
    if arguments[:1] == ["fetch"]:
        from worker.fetching import main as fetch

        return fetch(arguments[1:])
    from worker.serve import main as serve

    return serve(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
