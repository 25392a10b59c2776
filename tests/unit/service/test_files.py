"""Who gets how many of the open files."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from quoth_server.service import files


@pytest.mark.parametrize("limit", [256, 512, 1024, 20_000, 1_048_576])
@pytest.mark.parametrize("workers", [1, 4, 16])
def test_some_are_kept_for_the_workers(limit: int, workers: int) -> None:
    shares = files.shares(limit, workers)
    assert 4 <= shares.http <= 512
    assert shares.grpc >= shares.http or shares.http == 512
    assert limit - shares.grpc - shares.http >= 32 + 6 * workers


@pytest.mark.slow
def test_more_are_asked_for() -> None:
    """In its own process: what is given is not taken back."""
    program = (
        "import resource; from quoth_server.service import files;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, 300)); print(files.available());"
        "print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] >= 300
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split() == [b"300", b"300", b"300"]
