"""What `make` calls: set everything up, then run, test, check or tidy. Uses the standard library alone.

    python3 scripts/setup.py setup | bundle | run | test | lint | format | clean [arguments]

This file is kept readable to old Pythons, so that they can say that they are too old.
"""

import os
import shutil
import sys

OLDEST = (3, 11)
NEWER = ["python3.{}".format(minor) for minor in (13, 12, 11, 14)]  # noqa: UP032


def hand_over_to_newer_python() -> None:
    """Go on under a newer Python of this machine, or say that there is none."""
    for name in NEWER:
        path = shutil.which(name)
        if path:
            os.execv(path, [path] + sys.argv)  # noqa: RUF005
    sys.exit(
        "Python {}.{} is too old: the playground needs 3.11 or newer. "
        "Install one, or name it: make PYTHON=/path/to/python3.11".format(*sys.version_info[:2])
    )


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        hand_over_to_newer_python()
    from bootstrap.commands import main

    sys.exit(main(sys.argv[1:]))
