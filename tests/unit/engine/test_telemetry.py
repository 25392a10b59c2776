from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# ONNX Runtime keeps quiet by itself where it takes itself to be tested.
_QUIET = ("CI", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME")


@pytest.mark.model
def test_no_library_of_the_engine_reports_to_its_maker(tmp_path: Path) -> None:
    """The number of the machine, which a report needs, would be below the home folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _QUIET and not name.startswith("GITHUB_")
    }
    code = (
        "from quoth_server.engine.attributions.model import AttributionModel; "
        "AttributionModel.load()"
    )
    subprocess.run(
        [sys.executable, "-B", "-c", code],
        env=kept | {"HOME": str(tmp_path)},
        check=True,
        timeout=50,
    )
    assert list(tmp_path.rglob("*")) == []
