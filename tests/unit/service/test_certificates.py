"""Certificates that are replaced while the ports that show them are open."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme

from quoth_server.service.certificates import Certificate
from quoth_server.service.watch import Watch


def test_a_hangup_has_both_ports_read_files_that_seem_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Watch, "_states", lambda watch: ())
    own = trustme.CA().issue_cert("localhost")
    chain, key = tmp_path / "chain", tmp_path / "key"
    own.cert_chain_pems[0].write_to_path(chain)
    own.private_key_pem.write_to_path(key)
    certificate = Certificate(chain, key)
    context = certificate.context()

    def shown() -> Any:
        connection: Any = SimpleNamespace(context=context)
        assert context.sni_callback
        context.sni_callback(connection, None, context)
        return connection.context

    assert shown() is context
    assert certificate._changed() is None
    certificate.look_again()
    assert shown() is not context
    assert certificate._changed() is not None
    assert shown() is shown()
