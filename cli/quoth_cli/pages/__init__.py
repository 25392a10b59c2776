"""Articles from HTML pages: the text, and what the page says about it. Needs the extra `html`."""
