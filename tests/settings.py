"""The application's settings, as tests run it."""

import os

os.environ.setdefault("CRESCENDO_MODE", "test")

from crescendo.settings import *  # noqa: F403
