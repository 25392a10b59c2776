"""The second door: a live page, and Connect and gRPC-Web for browsers and curl. Extra `http`.

Calls that come here go through the same interceptors, servicer and limits as those of gRPC.
"""
