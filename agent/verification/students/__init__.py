"""What a student writes: answers, and the steps of their own work."""
