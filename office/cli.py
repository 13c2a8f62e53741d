"""The smartics command."""

def main() -> None:
    """Run."""
