"""Code scanners: on a serial line, as a keyboard, or a camera that reads codes."""
