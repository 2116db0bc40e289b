"""The vocabulary every room shares: facts, commands, states and errors. No I/O."""
