"""What SymPy answers alone, always in a second way that does not share the first one's calculation."""
