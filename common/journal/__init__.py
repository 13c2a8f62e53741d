"""The station's encrypted local book: what must survive a power cut."""
