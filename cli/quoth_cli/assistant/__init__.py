"""Tools for assistants: what quoth can be asked by the Model Context Protocol. Extra `mcp`."""
