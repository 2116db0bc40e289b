"""The guard: what a text must pass before a person is asked about it. Pure; used wherever a text is made or changed."""
