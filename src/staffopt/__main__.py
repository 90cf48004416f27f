"""``python -m staffopt`` is the command line."""

from staffopt.cli import main

if __name__ == "__main__":
    main()
