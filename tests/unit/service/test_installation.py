from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from quoth_server.engine.errors import ModelError
from quoth_server.service import installation


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installed package, `a-model`, with code and data."""
    folder = tmp_path / "a_model"
    (folder / "data").mkdir(parents=True)
    script = tmp_path / "bin"
    files = {
        folder / "__init__.py": b"",
        folder / "data" / "weights": b"\x00\x01\x02" * 1000,
        script: b"#!/bin/sh",
    }
    # Repackagers write another name into INSTALLER.
    lines = ["a_model-1.dist-info/INSTALLER,sha256=AAAA,4", "a_model-1.dist-info/RECORD,,"]
    for path, content in files.items():
        path.write_bytes(content)
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        name = "../bin" if path == script else path.relative_to(tmp_path).as_posix()
        lines.append(f"{name},sha256={digest},{len(content)}")
    about = tmp_path / "a_model-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: a-model\nVersion: 1\n")
    (about / "INSTALLER").write_text("apt\n")
    (about / "RECORD").write_text("\n".join(lines) + "\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


@pytest.mark.parametrize("name", ["a-model", "a_model", "no_such_package", "/a/path", ""])
def test_installed_files_pass_and_so_does_a_missing_package(package: Path, name: str) -> None:
    installation.check(name)


def test_code_may_be_another(package: Path) -> None:
    (package / "__init__.py").write_text("changed = True\n")
    installation.check("a_model")


def test_a_flipped_bit_is_reported(package: Path) -> None:
    weights = package / "data" / "weights"
    content = bytearray(weights.read_bytes())
    content[1500] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        installation.check("a_model")
    assert str(caught.value).startswith(
        f"{weights}: sha256 {hashlib.sha256(content).hexdigest()} differs from that"
    )
    assert str(caught.value).endswith("reinstall a_model")


def test_a_missing_file_is_reported(package: Path) -> None:
    (package / "data" / "weights").unlink()
    with pytest.raises(ModelError, match=r"weights: cannot be read \(No such file"):
        installation.check("a_model")
