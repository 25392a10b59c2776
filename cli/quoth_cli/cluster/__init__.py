"""A whole archive on a Ray cluster: `quoth bulk --engine ray`.

One process on the driver's machine reads the input, actors on all machines read the articles, and
the driver writes what comes back, with the readers, the ledger and the writers of `quoth bulk`.
"""
