"""What every station shares, from the words of the office up to its screens."""
