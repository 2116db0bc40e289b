"""What is known of a company beyond the row that named it."""
