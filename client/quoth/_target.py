"""What a target of gRPC says of the way to it."""

from __future__ import annotations

import ipaddress
import re

__all__ = ["is_local"]

_LOCAL_SCHEMES = ("unix:", "unix-abstract:")
_ADDRESSES = ("ipv4:", "ipv6:")
_DNS = re.compile(r"dns:(?://[^/]*/)?")


def is_local(target: str) -> bool:
    """Whether nothing that is sent to the target leaves this machine.

    Only names and addresses that are the machine itself by definition count; what a name server
    says is not asked, as it may say another thing the next time.
    """
    if target.startswith(_LOCAL_SCHEMES):
        return True
    if target.startswith(_ADDRESSES):
        return all(_is_loopback(each) for each in target[len("ipv4:") :].split(","))
    return _is_loopback(_DNS.sub("", target, count=1))


def _is_loopback(address: str) -> bool:
    """Of HOST, HOST:PORT, [HOST] and [HOST]:PORT."""
    bracketed = re.fullmatch(r"\[([^\]]*)\](?::\d+)?", address)
    host = bracketed[1] if bracketed else re.sub(r":\d+$", "", address)
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        pass
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
