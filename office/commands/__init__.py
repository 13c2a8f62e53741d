"""The smartics command's groups: one module each, heavy libraries only where they are used."""
