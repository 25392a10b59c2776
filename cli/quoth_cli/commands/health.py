"""`quoth health`: whether a server takes calls."""

from __future__ import annotations

import sys

from quoth import HealthStatus
from quoth_cli import options
from quoth_cli.attributor import Connection, connect
from quoth_cli.exits import Exit
from quoth_cli.outcome import ending

__all__ = ["health"]


@ending
def health(
    server: options.Server = "",
    timeout: options.Timeout = 5,
    wait: options.Wait = 0,
    tls: options.Tls = False,
    tls_ca: options.TlsCa = None,
    tls_cert: options.TlsCert = None,
    tls_key: options.TlsKey = None,
    tls_server_name: options.TlsServerName = "",
    token_file: options.TokenFile = None,
    insecure: options.Insecure = False,
) -> Exit:
    """Ask a server whether it takes calls; the exit code says so too (0 or 5)."""
    connection = Connection(
        server=server,
        tls=tls,
        tls_ca=tls_ca,
        tls_cert=tls_cert,
        tls_key=tls_key,
        tls_server_name=tls_server_name,
        token_file=token_file,
        insecure=insecure,
        timeout=timeout,
        wait=wait,
    )
    with connect(connection) as client:
        status = client.health()
    sys.stdout.write(f"{status.name}\n")
    return Exit.OK if status is HealthStatus.SERVING else Exit.UNAVAILABLE
