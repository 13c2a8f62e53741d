"""Named inputs such as doors and tamper contacts, and lamps."""
