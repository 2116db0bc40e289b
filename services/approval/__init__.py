"""The answer of a person to a draft, and the clock's; pure, used by the gateway, the command line and QUEEN."""
