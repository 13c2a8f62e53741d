"""Speech: a screen is said through earphones, and a few keys do what fingers do on it."""
