"""Train for a site, or with `train` as first word train a file here.

python -m worker --site http://host:8000 --token TOKEN
python -m worker train FILE.json
"""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["train"]:
        from worker.train_command import main as train  # torch only where it is needed

        return train(arguments[1:])
    from worker.serve import main as serve

    return serve(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
