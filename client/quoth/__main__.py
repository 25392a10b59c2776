"""`python -m quoth` is the `quoth` command."""

import sys

from quoth.cli import main

sys.exit(main())
