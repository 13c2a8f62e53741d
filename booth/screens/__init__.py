"""What an officer works with."""
