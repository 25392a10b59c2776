"""An article with everything said in it, to look at: a page of HTML that needs nothing else.

`script` and `style` are the view itself, for other pages to use: the server's live page does.
"""

from quoth.view.page import Attributed, page, script, style

__all__ = ["Attributed", "page", "script", "style"]
