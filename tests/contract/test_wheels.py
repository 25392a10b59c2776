"""What the two distributions hold: nothing else misses a file that the build leaves out."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

import quoth
import quoth_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> dict[str, zipfile.ZipFile]:
    """The wheels of both distributions, built from this tree."""
    built = {}
    for name in ("client", "server"):
        out = tmp_path_factory.mktemp(name)
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
            cwd=ROOT / name,
            check=True,
            capture_output=True,
        )
        (path,) = out.glob("*.whl")
        built[name] = zipfile.ZipFile(path)
    return built


def _files(package: Path, *suffixes: str) -> set[str]:
    return {
        path.relative_to(package.parent).as_posix()
        for path in package.rglob("*")
        if path.suffix in suffixes or path.name == "py.typed"
    }


def test_the_client_holds_its_code_stubs_and_types(wheels):
    names = set(wheels["client"].namelist())
    assert "quoth/v1/attribution_service_pb2_grpc.pyi" in names
    assert _files(ROOT / "client" / "quoth", ".py", ".pyi", ".js", ".css") <= names
    assert not any(name.startswith("quoth_server") for name in names)


def test_the_server_holds_its_code_models_and_lists(wheels):
    names = set(wheels["server"].namelist())
    suffixes = (".py", ".txt", ".json", ".onnx", ".html", ".css", ".js", ".svg")
    assert _files(ROOT / "server" / "quoth_server", *suffixes) <= names
    assert any(name.endswith(".onnx") for name in names)
    assert not any("training" in name for name in names)


def _metadata(wheel: zipfile.ZipFile) -> dict[str, list[str]]:
    (path,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    message = message_from_bytes(wheel.read(path))
    return {key: message.get_all(key, []) for key in ("Version", "Requires-Dist", "License-File")}


def test_the_client_needs_grpc_and_protobuf_and_nothing_else(wheels):
    metadata = _metadata(wheels["client"])
    needed = {
        re.split("[<>=]", line)[0] for line in metadata["Requires-Dist"] if "extra ==" not in line
    }
    assert needed == {"googleapis-common-protos", "grpcio", "grpcio-status", "protobuf"}
    assert metadata["Version"] == [quoth.__version__]
    assert metadata["License-File"] == ["LICENSE"]


def test_the_server_has_the_version_of_the_client(wheels):
    assert _metadata(wheels["server"])["Version"] == [quoth_server.__version__]
    assert quoth_server.__version__ == quoth.__version__
