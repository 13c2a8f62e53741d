"""Lets `python -m office` be the smartics command."""

from office.cli import main

if __name__ == "__main__":
    main()
