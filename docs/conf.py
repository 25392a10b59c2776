"""How Sphinx makes the documentation site; `make docs` runs it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

_VERSION = re.search(r'__version__ = "(.+?)"', (ROOT / "client/quoth/__init__.py").read_text())
assert _VERSION

project = "quoth"
author = "the quoth authors"
version = release = _VERSION[1]
html_title = f"quoth {release}"
html_show_copyright = False

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "docs.generate"]
root_doc = "index"
smartquotes_action = "D"  # the pages have the quotation marks that they mean
exclude_patterns = ["generate"]
nitpicky = True
# Types of other packages; there is no network at build time to look up where they are documented.
nitpick_ignore_regex = [
    ("py:.*", r"(collections|datetime|grpc|numpy|os|pathlib|spacy|types|typing)\..*"),
    ("py:.*", r"(abc|quoth|quoth_server)\..*\.?_.*"),
    ("py:.*", r"pd\.DataFrame|Published"),  # of `Attributor.frame`, as it is written there
]

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4
suppress_warnings = [
    "myst.header",  # a page that includes another begins at its level
    "ref.python",  # InvalidArticle is the name of an error of the client and of one of the engine
]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_include_init_with_doc = False
# Docstrings are written with Markdown's `code`, which is reStructuredText's default role.
default_role = "code"

html_theme = "furo"
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"footer_icons": []}
