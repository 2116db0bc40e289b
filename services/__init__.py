"""The swarm's agents, the rooms of pure decisions they share, and the machinery that runs them."""
