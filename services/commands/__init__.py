"""The way of a person's command: gather what the decision needs, decide, commit once. Shared by console and gateway."""
