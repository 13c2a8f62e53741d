"""The console on one screen of a terminal; 80 by 24 signs of ASCII are enough for it."""
