"""OSIA v7.1, the interfaces by which identity systems of different makers work together."""
