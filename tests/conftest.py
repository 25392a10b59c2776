"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# No limit on the time of one example: machines differ. What fails once is told so that it can be
# run again.
settings.register_profile("quoth", deadline=None, print_blob=True)
settings.load_profile("quoth")
