"""`python -m facewire`: the same as the command `facewire`."""

from facewire.cli import main

if __name__ == "__main__":
    main()
