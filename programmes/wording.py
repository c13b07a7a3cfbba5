"""Numbers as sentences have them."""

_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def in_words(value: int) -> str:
    """Numbers up to twelve as words ("no" for none), larger ones as digits."""
    return _WORDS[value] if 0 <= value < len(_WORDS) else str(value)
