"""Run the command line: `python -m ocrchat`."""

from ocrchat.cli import main

if __name__ == "__main__":
    main()
