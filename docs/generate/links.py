"""Leads the links of the repository's texts to where their targets are on the site."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from docs.generate.markdown import INCLUDE

__all__ = ["Links"]

_FENCE = re.compile(r"(^```.*?^```$)", re.M | re.S)
_LINK = re.compile(
    r"\[(?P<text>[^\]]*)\]\((?!https?:|mailto:)(?P<path>[^)#\s]*)(?P<slug>#[^)]*)?\)"
)


@dataclass(frozen=True)
class Links:
    """What is where.

    Attributes:
        root: The repository.
        pages: The page that includes a file, or the part `file#anchor` of it; paths in the
            repository.
        warn: Called with each link that leads nowhere.
    """

    root: Path
    pages: Mapping[str, str]
    warn: Callable[[str], None]

    @classmethod
    def of(cls, root: Path, folder: str, warn: Callable[[str], None]) -> Links:
        """Reads off the pages in the folder what they include."""
        pages = {}
        for page in sorted((root / folder).glob("*.md")):
            for included in INCLUDE.findall(page.read_text(encoding="utf-8")):
                pages[included] = f"{folder}/{page.name}"
        return cls(root, pages, warn)

    def lead(self, text: str, source: str, page: str) -> str:
        """The text with its links led from the page, where they were written for the source."""

        def led(match: re.Match[str]) -> str:
            return self._led(match, source, page)

        parts = _FENCE.split(text)
        return "".join(part if part.startswith("```") else _LINK.sub(led, part) for part in parts)

    def _led(self, match: re.Match[str], source: str, page: str) -> str:
        label, slug = match["text"], match["slug"] or ""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), match["path"]))
        if not match["path"]:
            path = source
        if not (self.root / path).exists():
            self.warn(f"{source}: the link to {match['path']} leads nowhere")
            return label
        if (self.root / path).is_dir():
            return label  # a site has no listing of the repository's folders
        if path + slug in self.pages:
            path, slug = self.pages[path + slug], ""
        elif path in self.pages:
            path = self.pages[path]
        if path == page:
            return f"[{label}]({slug})" if slug else label
        return f"[{label}]({os.path.relpath(path, posixpath.dirname(page))}{slug})"
