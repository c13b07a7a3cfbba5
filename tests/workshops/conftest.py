from tests.workshops.playing import room

__all__ = ["room"]
