"""`python -m jiulong` is `jiulong`."""

from jiulong.cli import main

main()
