"""How alike two fingers or two faces are, and how good a picture of them is."""
