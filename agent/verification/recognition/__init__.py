"""The wordings in which a problem is nothing but a symbolic task. Without SymPy: the router asks it."""
