"""The station's way to the backend: commands, facts, retries."""
