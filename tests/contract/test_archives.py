"""What the archives of each distribution hold: a build may leave a file out unnoticed."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import NamedTuple

import pytest

import quoth

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PACKAGES = {"client": "quoth", "cli": "quoth_cli", "server": "quoth_server"}
LICENSES = ("LICENSE", "NOTICE")
SUFFIXES = {".css", ".html", ".js", ".json", ".onnx", ".py", ".pyi", ".svg", ".txt", ".typed"}


class Archives(NamedTuple):
    """A distribution as it is published."""

    sdist: tarfile.TarFile
    wheel: zipfile.ZipFile

    def metadata(self, key: str) -> list[str]:
        """The values of a field of the wheel's metadata."""
        (path,) = (n for n in self.wheel.namelist() if n.endswith(".dist-info/METADATA"))
        return message_from_bytes(self.wheel.read(path)).get_all(key, [])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Archives]]:
    """The archives of all distributions, built from this tree, by folder."""
    archives = {}
    with contextlib.ExitStack() as files:
        for folder in PACKAGES:
            out = tmp_path_factory.mktemp(folder)
            command = [sys.executable, "-m", "hatchling", "build", "--directory", str(out)]
            subprocess.run(command, cwd=ROOT / folder, check=True, capture_output=True)
            (sdist,) = out.glob("*.tar.gz")
            (wheel,) = out.glob("*.whl")
            archives[folder] = Archives(
                files.enter_context(tarfile.open(sdist)),
                files.enter_context(zipfile.ZipFile(wheel)),
            )
        yield archives


def tracked(folder: str) -> set[str]:
    """The files of a package in the repository, with those of the folders it links to."""
    package = ROOT / folder / PACKAGES[folder]
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.suffix in SUFFIXES
    }
    for link in filter(Path.is_symlink, package.rglob("*")):
        inside = link.relative_to(package).as_posix()
        found |= {f"{inside}/{path.name}" for path in link.iterdir() if path.suffix in SUFFIXES}
    return {f"{PACKAGES[folder]}/{path}" for path in found}


@pytest.mark.parametrize("folder", PACKAGES)
def test_archives_hold_the_whole_package_and_no_other(
    built: dict[str, Archives], folder: str
) -> None:
    names = built[folder].wheel.namelist()
    assert tracked(folder) <= set(names)
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {PACKAGES[folder]}
    top = f"{PACKAGES[folder]}-{quoth.__version__}/"
    assert {top + name for name in tracked(folder)} <= set(built[folder].sdist.getnames())


@pytest.mark.parametrize("folder", ["cli", "server"])
def test_archives_that_show_articles_hold_the_view(built: dict[str, Archives], folder: str) -> None:
    names = built[folder].wheel.namelist()
    for file in (ROOT / "web").glob("*.*s"):
        assert any(name.endswith(f"/web/{file.name}") for name in names)


@pytest.mark.parametrize("folder", PACKAGES)
def test_archives_hold_license_and_notice(built: dict[str, Archives], folder: str) -> None:
    """A link out of the archive is refused by pip."""
    sdist, wheel = built[folder].sdist, built[folder].wheel
    assert [member.name for member in sdist if not (member.isfile() or member.isdir())] == []
    assert built[folder].metadata("License-File") == list(LICENSES)
    for name in LICENSES:
        text = (ROOT / name).read_bytes()
        assert (ROOT / folder / name).read_bytes() == text, f"run: cp {name} {folder}/"
        (member,) = (each for each in sdist if each.name.endswith(f"/{name}"))
        file = sdist.extractfile(member)
        assert file is not None
        assert file.read() == text
        (path,) = (each for each in wheel.namelist() if each.endswith(f"/licenses/{name}"))
        assert wheel.read(path) == text


@pytest.mark.parametrize(
    ("folder", "needed"),
    [
        ("client", {"googleapis-common-protos", "grpcio", "grpcio-status", "protobuf"}),
        ("cli", {"msgspec", "quoth", "rich", "typer", "xlsxwriter"}),
    ],
)
def test_client_and_command_need_little(
    built: dict[str, Archives], folder: str, needed: set[str]
) -> None:
    assert plain_needs(built[folder]) == needed


def test_server_needs_the_client_but_not_the_command(built: dict[str, Archives]) -> None:
    assert "quoth" in plain_needs(built["server"])
    lines = built["server"].metadata("Requires-Dist")
    assert not any(line.startswith("quoth-cli") for line in lines)


def plain_needs(archives: Archives) -> set[str]:
    return {
        re.split("[<>=;]", line)[0].strip()
        for line in archives.metadata("Requires-Dist")
        if "extra ==" not in line
    }


def test_all_distributions_have_one_version(built: dict[str, Archives]) -> None:
    versions = [archives.metadata("Version") for archives in built.values()]
    assert versions == [[quoth.__version__]] * len(PACKAGES)
