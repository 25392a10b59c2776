"""The blocking client, generated from `quoth._async`: change that, then run `make generate`."""
