"""An article with everything said in it, to look at: a page of HTML that needs nothing else.

`view.js` and `view.css` are the view itself. They are also served by the server's live page.
"""

from quoth.view.page import Attributed, page

__all__ = ["Attributed", "page"]
