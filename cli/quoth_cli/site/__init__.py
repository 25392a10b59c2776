"""An archive to look at: pages of articles under an index, and hits that lead into them."""
