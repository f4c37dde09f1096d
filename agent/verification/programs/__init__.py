"""Programs, read by parso and followed step by step by an interpreter of our own. No Python is run."""
