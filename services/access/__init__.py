"""Who may do what: people, their roles, and the tokens they come with."""
