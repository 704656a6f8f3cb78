"""The feeds, over HTTP."""
