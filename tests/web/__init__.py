"""The public's pages in a real browser: what is seen, pressed, typed and heard there."""
