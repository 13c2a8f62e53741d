"""Sound for one person: samples to an earphone jack."""
