"""The demo's server on the database of a test, in a process of its own.

    python -m tests.workshops.serve LOOK_SECONDS=0.5 MOST_IN_ROOM=8

Each NAME=NUMBER is a limit of `workshops.live` for this process: tests wait less than people do.
"""

import os
import sys


def main(limits: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from tools import demo
    from workshops import live

    for limit in limits:
        name, _, number = limit.partition("=")
        was = getattr(live, name)
        setattr(live, name, type(was)(number))
    listener = demo.take_port(0)
    port = listener.getsockname()[1]
    print(port, flush=True)
    demo.serve(listener, port)


if __name__ == "__main__":
    main(sys.argv[1:])
