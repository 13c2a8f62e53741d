"""One flow for each duty of an officer; each is pure and read from top to bottom."""
