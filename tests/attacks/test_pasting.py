"""What somebody pastes into a field, whole or by mistake."""

from programmes.forms.people import LONGEST_PASTE, Line, read_lines


def test_a_line_that_nobody_would_write_is_not_searched():
    """Searching this one took 18 seconds, in which nobody else got a page."""
    for line in ("<>" * (LONGEST_PASTE // 2 - 1) + "a", f"{'Sam ' * 125}<sam@own.example>"):
        assert read_lines(line) == [Line(line, "")]


def test_a_long_name_is_no_long_line():
    line = f"{'Sam ' * 60}<{'s' * 60}@{'o' * 60}.example>"
    assert read_lines(line) == [Line(line, f"{'s' * 60}@{'o' * 60}.example")]
