"""What `make` calls: set everything up, then run, test, check or tidy. Uses the standard library alone.

    python3 scripts/setup.py setup | bundle | run | test | lint | format | clean [arguments]

This file is kept readable to old Pythons, so that they can say that they are too old.
"""

import os
import subprocess
import sys

if sys.version_info < (3, 11):
    for minor in (13, 12, 11, 14):
        newer = "python3.{}".format(minor)
        try:
            with open(os.devnull, "w") as nowhere:
                found = subprocess.call([newer, "-c", ""], stderr=nowhere) == 0
        except OSError:
            found = False
        if found:
            os.execvp(newer, [newer] + sys.argv)
    sys.exit(
        "Python {}.{} is too old: the playground needs 3.11 or newer. "
        "Install one, or name it: make PYTHON=/path/to/python3.11".format(*sys.version_info[:2])
    )

if __name__ == "__main__":
    from bootstrap.commands import main

    sys.exit(main(sys.argv[1:]))
