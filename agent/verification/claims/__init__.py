"""What a step claims, and whether that is so."""
