"""The errors a set-up can end with, and what to say for each."""

import re
from pathlib import Path

COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class SetupError(Exception):
    """One sentence for the person at the keyboard: what is wrong, then the way out."""


class Terminated(KeyboardInterrupt):
    """The set-up was asked to end, by a signal other than Ctrl-C."""


class CommandError(SetupError):
    """A command that ended badly; its output is in the log."""

    def __init__(self, step: str, log: Path, output: str) -> None:
        self.log = log
        self.known = explain(output)
        lines = [line for line in COLOURS.sub("", output).splitlines() if line.strip()]
        self.tail = "" if self.known else "\n".join(lines[-20:])
        reason = self.known or "A command ended with an error; its last lines are above."
        super().__init__(f"{step} failed. {reason}\nAll of its output: {log}. To go on from here, run make again.")


# The first pattern found in the output gives the sentence; causes stand before their consequences.
SENTENCES = [
    (r"No space left on device|ENOSPC", "The disk is full: free some gigabytes, or set TMPDIR to a larger disk."),
    (
        r"CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_VERIFY_LEAF",
        "The package registry's certificate was not accepted: behind a proxy, set PIP_CERT and NODE_EXTRA_CA_CERTS "
        "to its certificate file.",
    ),
    (
        r"NewConnectionError|Temporary failure in name resolution|Network is unreachable|Connection(?: was)? refused|"
        r"ReadTimeoutError|ConnectTimeoutError|Connection aborted|ProxyError|"
        r"ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EAI_FAIL|Temporary failure resolving",
        "The package registry did not answer: look at the network or the proxy.",
    ),
    (
        r"command '[^']*(?:gcc|cc|clang|g\+\+|c\+\+)[^']*' failed|Unable to find a compiler|"
        r"Failed (?:to build|building wheel)|metadata-generation-failed|can't find Rust compiler",
        "A package has no ready-made wheel for this Python and could not be compiled: use Python 3.11 to 3.13, "
        "or install a C compiler (Debian: apt-get install build-essential python3-dev).",
    ),
    (
        r"No matching distribution found for (?P<what>\S+)",
        "The package registry gave no {what}: it did not answer, or has none for this Python and system "
        "(try Python 3.11 to 3.13 on Linux or macOS).",
    ),
    (r"Permission denied|EACCES", "A file may not be written: see whether all of this folder belongs to you."),
]


def explain(output: str) -> str | None:
    """The sentence for the first known cause in a command's output."""
    for pattern, sentence in SENTENCES:
        if found := re.search(pattern, output):
            return sentence.format(**found.groupdict())
    return None
