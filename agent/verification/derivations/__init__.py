"""Independent derivations: what they come to, and whether two of them agree as functions."""
