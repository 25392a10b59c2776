"""Whether a gRPC target is this machine."""

from __future__ import annotations

import contextlib
import ipaddress
import re

__all__ = ["is_local"]

_LOCAL_SCHEMES = ("unix:", "unix-abstract:")
_ADDRESSES = ("ipv4:", "ipv6:")
_DNS = re.compile(r"dns:(?://[^/]*/)?")


def is_local(target: str) -> bool:
    """Whether nothing sent to the target leaves this machine.

    Only names and addresses that are this machine by definition count. No name server is asked, as
    its next answer may differ.
    """
    if target.startswith(_LOCAL_SCHEMES):
        return True
    if target.startswith(_ADDRESSES):
        return all(_is_loopback(each) for each in target[len("ipv4:") :].split(","))
    return _is_loopback(_DNS.sub("", target, count=1))


def _is_loopback(address: str) -> bool:
    """Whether HOST, HOST:PORT, [HOST] or [HOST]:PORT is this machine."""
    bracketed = re.fullmatch(r"\[([^\]]*)\](?::\d+)?", address)
    host = bracketed[1] if bracketed else re.sub(r":\d+$", "", address)
    if host == "localhost":
        return True
    for each in (address, host):
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(each).is_loopback
    return False
