"""The asyncio client. `client/unasync.py` makes the blocking one, `quoth._sync`, from it."""
