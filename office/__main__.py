"""Lets `python -m office` be the smartics command."""

from office.start import main

if __name__ == "__main__":
    main()
