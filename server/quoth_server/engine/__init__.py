"""Text in, frozen data out: finds who said what, in which role, on which day."""

import os

# ONNX Runtime reports its use to its maker, from release 1.29 on and unasked, and keeps a number
# for the machine. It looks at this when it is first imported, which only this package does.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
