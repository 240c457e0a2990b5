from pathlib import Path

import pytest

from bootstrap.errors import CommandError, explain


@pytest.mark.parametrize(
    ("output", "beginning"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("npm error nospc ENOSPC: no space left on device, write", "The disk is full"),
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] ...",
            "The package registry's certificate",
        ),
        (
            "urllib3.connection.HTTPSConnection object>: Failed: NewConnectionError",
            "The package registry did not answer",
        ),
        ("npm error request to https://registry failed, reason: getaddrinfo ENOTFOUND", "The package registry did not"),
        ("error: command '/usr/bin/gcc' failed with exit code 1", "A package has no ready-made wheel"),
        (
            "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory",
            "A package has no ready-made wheel",
        ),
        ("ERROR: No matching distribution found for torch==2.13.0", "The package registry gave no torch==2.13.0:"),
        ("npm error Error: EACCES: permission denied", "A file may not be written"),
    ],
)
def test_known_causes_have_a_sentence(output: str, beginning: str) -> None:
    sentence = explain(output)
    assert sentence is not None
    assert sentence.startswith(beginning)


def test_a_dead_network_is_named_before_the_package_that_it_did_not_give() -> None:
    sentence = explain("Retrying: NewConnectionError\nERROR: No matching distribution found for numpy==2.4.6")
    assert sentence is not None
    assert sentence.startswith("The package registry did not answer")


def test_an_unknown_cause_shows_the_last_lines_of_the_output() -> None:
    error = CommandError("Page bundle", Path("build.log"), "\n".join(f"line {n}" for n in range(100)))
    assert error.tail.splitlines()[-1] == "line 99"
    assert len(error.tail.splitlines()) == 20
    assert str(error).startswith("Page bundle failed. A command ended with an error; its last lines are above.")
