"""The backend killed, cut off, and failed over, under load."""
