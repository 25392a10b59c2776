"""`python -m quoth_cli` is the `quoth` command."""

import sys

from quoth_cli import main

sys.exit(main())
