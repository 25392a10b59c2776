"""What all tests share."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

pytest_plugins = ["tests.kinds"]

# No limit on the time of one example: machines differ. CI tries the same examples each time, so
# that it fails on a change and not on luck; everywhere else new ones are tried, and few of them
# by `make test-fast`.
settings.register_profile("here", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.register_profile("fast", settings.get_profile("here"), max_examples=10)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# Whoever runs the tests in the background may have Ctrl-C ignored, which the commands that are
# tested would inherit, and then not end by it; a handler is not inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)
