"""What other programs hold on to: names, numbers, imports."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from dataclasses import fields, is_dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import pytest

import quoth
import quoth.v1
from quoth_server.engine import types
from tests.contract.describe import FILES, describe

FROZEN = Path(__file__).with_name("contract.txt")


def test_names_and_numbers_are_those_released():
    assert describe() == FROZEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_other_languages_get_names_of_their_own(name):
    options = import_module(f"quoth.v1.{name}_pb2").DESCRIPTOR.GetOptions()
    assert options.go_package == "quoth/v1;quothv1"
    assert (options.java_package, options.java_multiple_files) == ("quoth.v1", True)
    assert options.csharp_namespace == "Quoth.V1"


def test_v1_gives_every_message_enum_and_stub():
    expected = {
        "ArchiveServiceServicer",
        "ArchiveServiceStub",
        "add_ArchiveServiceServicer_to_server",
        "AttributionServiceServicer",
        "AttributionServiceStub",
        "add_AttributionServiceServicer_to_server",
    }
    for name in FILES:
        file = import_module(f"quoth.v1.{name}_pb2").DESCRIPTOR
        expected |= {*file.message_types_by_name, *file.enum_types_by_name}
    assert set(quoth.v1.__all__) == expected


@pytest.mark.parametrize("module", [quoth, quoth.v1], ids=lambda module: module.__name__)
def test_all_is_complete_and_sorted(module):
    public = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, type(sys))
    }
    assert set(module.__all__) - {"__version__"} == public
    # Constants, then classes, then functions, as ruff has it.
    assert module.__all__ == sorted(
        module.__all__, key=lambda n: (not n.isupper(), not n[0].isupper(), n)
    )


def test_every_public_name_of_the_client_is_documented():
    undocumented = [name for name in quoth.__all__ if not getattr(quoth, name).__doc__]
    assert undocumented == []


OF_THE_ENGINE_ALONE = {"Article", "Attribution", "Paragraph", "ParagraphKind", "Quotation"}
OTHERWISE_NAMED = {"Reading": "AttributeQuotesResponse", "Span": "TextSpan"}
PUBLIC = [name for name in types.__all__ if name not in OF_THE_ENGINE_ALONE]


@pytest.mark.parametrize("name", [n for n in PUBLIC if issubclass(getattr(types, n), StrEnum)])
def test_the_engine_and_the_contract_have_the_same_values(name):
    enum = getattr(quoth.v1, name)
    prefix = "".join(f"_{c}" if c.isupper() else c.upper() for c in name)[1:] + "_"
    values = [name.removeprefix(prefix) for name in enum.keys()]  # noqa: SIM118 - no mapping
    assert values[0] == "UNSPECIFIED"
    assert [member.name for member in getattr(types, name)] == values[1:]


@pytest.mark.parametrize("name", [n for n in PUBLIC if is_dataclass(getattr(types, n))])
def test_what_the_engine_gives_is_named_as_in_the_contract(name):
    message = getattr(quoth.v1, OTHERWISE_NAMED.get(name, name)).DESCRIPTOR
    named = {field.name for field in fields(getattr(types, name))}
    assert named <= {field.name for field in message.fields}


CLIENT_PACKAGES = {"google", "grpc", "grpc_status", "quoth", "typing_extensions"}
# gRPC itself imports these where they are installed.
SIBLINGS_OF_GRPC = {"grpc_health", "grpc_reflection"}


def _imported_by(statement: str) -> set[str]:
    """The top-level packages that a fresh interpreter has after a statement, and not before."""
    code = (
        "import json, sys; before = set(sys.modules)\n"
        f"{statement}\n"
        "print(json.dumps([[n, getattr(m, '__file__', None)] for n, m in sys.modules.items() "
        "if n not in before]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    names = {name.partition(".")[0] for name, file in json.loads(done.stdout) if file}
    private = {name for name in names if name.startswith("_")}
    return names - sys.stdlib_module_names - private


@pytest.mark.slow
@pytest.mark.parametrize("statement", ["import quoth", "import quoth.v1"])
def test_the_client_imports_nothing_but_grpc_and_protobuf(statement):
    assert _imported_by(statement) <= CLIENT_PACKAGES | SIBLINGS_OF_GRPC


@pytest.mark.slow
def test_the_engine_imports_no_grpc_and_no_protobuf():
    import quoth_server.engine

    modules = [m.name for m in pkgutil.iter_modules(quoth_server.engine.__path__)]
    assert "pipeline" in modules
    imports = "; ".join(f"import quoth_server.engine.{name}" for name in modules)
    loaded = _imported_by(imports)
    assert "spacy" in loaded
    assert not loaded & {"grpc", "google", "quoth"}
