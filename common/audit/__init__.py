"""The catalogue of log events and the fields that each may write."""
