"""Final answers, however they are written: whether two are the same, and what a question lets one expect."""
