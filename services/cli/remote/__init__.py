"""The command line over a gateway: the same questions and commands, asked by HTTP."""
