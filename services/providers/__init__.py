"""What the swarm needs from outside, a folder for each need: the port, a fake, and who gives it."""
