"""The machinery that every process of the swarm shares: the log, the loop, the clock, settings and the store."""
