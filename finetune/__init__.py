"""Finetuning: from worked problems to an adapter that the tutor uses. Knows of the tutor what contract.py says."""
