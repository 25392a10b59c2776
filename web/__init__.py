"""The view of an attributed article, in JavaScript and CSS: the report and the live page show it.

The command and the server each pack this folder, as `quoth_cli.web` and `quoth_server.http.web`.
"""

from __future__ import annotations

import functools
from importlib import resources

__all__ = ["script", "site_script", "style"]

_SCRIPTS = (
    "words.js",
    "text.js",
    "model.js",
    "elements.js",
    "article.js",
    "details.js",
    "panel.js",
    "endnotes.js",
    "view.js",
)


def script() -> str:
    """The script of the view, which defines `quothView.render`; see `view.js` for its use."""
    return "\n".join(map(_resource, _SCRIPTS))


def site_script() -> str:
    """The script of the index of a site, behind `script()`; it defines `quothSite.index`."""
    return _resource("site.js")


def style() -> str:
    """The style of the view, in CSS."""
    return _resource("view.css")


@functools.cache
def _resource(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
