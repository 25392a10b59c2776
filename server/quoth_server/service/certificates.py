"""The server's certificate, reloaded when its files change."""

from __future__ import annotations

import logging
import ssl
import threading
from pathlib import Path

import grpc

from quoth_server.service.watch import Watch
from quoth_server.settings import BadSettings

__all__ = ["Certificate"]

_log = logging.getLogger(__name__)
_KEPT = "the new certificate is not used; the old one stays"


class Certificate:
    """The certificate, its key and, for mutual TLS, the authority of the clients, as PEM files.

    gRPC asks for it at every new connection, in its own threads; connections that are open keep
    the one they were made with. Files that do not fit together, as they may not for a moment while
    they are replaced, leave the old ones in force, and are tried again at the next connection.

    Raises:
        BadSettings: if the files do not fit together.
    """

    def __init__(self, chain: Path, key: Path, client_authority: Path | None = None) -> None:
        self._chain = chain
        self._key = key
        self._client_authority = client_authority
        self._lock = threading.Lock()
        self._told = ""
        self._files = (chain, key, client_authority) if client_authority else (chain, key)
        self._watch = Watch(*self._files)
        self._watches = [self._watch]
        self._first = self._read()

    def credentials(self) -> grpc.ServerCredentials:
        """What a port is opened with."""
        return grpc.dynamic_ssl_server_credentials(
            self._first,
            self._changed,  # type: ignore[arg-type]  # None is documented: it has not changed
            require_client_authentication=bool(self._client_authority),
        )

    def context(self) -> ssl.SSLContext:
        """What a port that is not gRPC's is opened with; it too gets new files at new connections.

        If it had matching files, it keeps them while the new ones do not match.
        """
        first = self._context()
        newest = first
        watch = Watch(*self._files)
        self._watches.append(watch)

        def renew(connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
            nonlocal newest
            try:
                with watch.changes() as changed:
                    if changed:
                        newest = self._context()
            except BadSettings as error:
                self._tell(error)
            connection.context = newest

        first.sni_callback = renew
        return first

    def _changed(self) -> grpc.ServerCertificateConfiguration | None:
        """The certificate if it has changed, or None; gRPC takes no exception from here."""
        with self._lock:
            try:
                with self._watch.changes() as changed:
                    if not changed:
                        return None
                    certificate = self._read()
            except BadSettings as error:
                self._tell(error)
                return None
            self._told = ""
            _log.info("the certificate has changed", extra={"file": str(self._chain)})
            return certificate

    def look_again(self) -> None:
        """Has the next connection to each port read the files, also if they seem to be the same."""
        with self._lock:
            for watch in self._watches:
                watch.look_again()

    def _tell(self, error: BadSettings) -> None:
        if str(error) != self._told:  # they are tried again at each connection
            _log.warning(_KEPT, extra={"cause": str(error)})
        self._told = str(error)

    def _read(self) -> grpc.ServerCertificateConfiguration:
        """Reads the files once they are known to fit; gRPC would only fail at handshakes."""
        self._context()
        authority = None
        try:
            pair = (self._key.read_bytes(), self._chain.read_bytes())
            if self._client_authority:
                authority = self._client_authority.read_bytes()
        except OSError as error:
            raise BadSettings(
                f"--tls-cert, --tls-key or --tls-client-ca cannot be read: {error}"
            ) from error
        return grpc.ssl_server_certificate_configuration([pair], root_certificates=authority)

    def _context(self) -> ssl.SSLContext:
        """The files as Python's TLS has them, which says at once whether they fit together."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(self._chain, self._key, password="")
        except (ssl.SSLError, OSError) as error:
            raise BadSettings(
                f"--tls-cert {self._chain} and --tls-key {self._key} do not match: {error}"
            ) from error
        if self._client_authority:
            try:
                context.load_verify_locations(self._client_authority)
                context.verify_mode = ssl.CERT_REQUIRED
            except (ssl.SSLError, OSError) as error:
                raise BadSettings(
                    f"--tls-client-ca {self._client_authority} has no certificate: {error}"
                ) from error
        return context
