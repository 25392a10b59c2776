"""Whether the files of an installed package are those that were installed.

A damaged weight is a number like any other: the model loads, and its answers are wrong. What was
installed is known from the checksums that every installer notes beside a package.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import metadata
from pathlib import Path

from quoth_server.engine.errors import ModelError

__all__ = ["check"]

_CODE = frozenset({".py", ".pyc", ".pyi"})  # not worth the time: what is broken there does not run


def check(package: str) -> None:
    """Compares the data files of a package with the checksums that its installer noted.

    A name that no package is installed by, such as the path of a model, passes: there is nothing
    to compare with. So do the files of a package that is installed to be edited where they lie.

    Raises:
        ModelError: a file is missing, cannot be read, or is another.
    """
    try:
        files = metadata.distribution(package).files or ()
    except (metadata.PackageNotFoundError, ValueError):
        return
    for file in files:
        outside = ".." in file.parts or file.parts[0].endswith(".dist-info")
        if outside or file.suffix in _CODE or file.hash is None:
            continue
        path = Path(file.locate())
        try:
            found = hashlib.new(file.hash.mode, path.read_bytes())
        except OSError as error:
            raise ModelError(
                f"{path}: cannot be read ({error.strerror}); reinstall {package}"
            ) from error
        if base64.urlsafe_b64encode(found.digest()).rstrip(b"=") != file.hash.value.encode():
            raise ModelError(
                f"{path}: {file.hash.mode} {found.hexdigest()} differs from that of the file"
                f" installed; it is damaged or changed: reinstall {package}"
            )
