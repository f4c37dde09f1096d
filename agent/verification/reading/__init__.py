"""How mathematics is written: the whitelist parser, notation, numbers, units. Everything else here stands on it."""
