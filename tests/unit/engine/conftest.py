"""What tests of the engine share: the parser is loaded once."""

from __future__ import annotations

import pytest

from quoth_server.engine.parse import Parser


@pytest.fixture(scope="session")
def parser() -> Parser:
    return Parser()
