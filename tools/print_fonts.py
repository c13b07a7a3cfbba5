"""Makes the fonts of the PDF, blueprints/print/fonts/, from those of the pages, once.

The pages' fonts are variable woff2 files; what makes the PDF takes neither. Needed again only when
the pages get newer fonts, and in an environment of its own, since the project itself needs neither
package:

    bin/uv run --no-project --with fonttools --with brotli python tools/print_fonts.py

Both families are under the SIL Open Font License with no reserved font name, so that what is made
of them may bear theirs.
"""

from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FROM = Path(__file__).parent.parent / "static/fonts"
TO = Path(__file__).parent.parent / "blueprints/print/fonts"
# The file that each is made from, the family, the weight, and its place among a family's styles.
WANTED = (
    ("atkinson-next", "Atkinson Hyperlegible Next", 400, "Regular"),
    ("atkinson-next", "Atkinson Hyperlegible Next", 700, "Bold"),
    ("bricolage", "Bricolage Grotesque", 700, "Bold"),
)


def make() -> None:
    TO.mkdir(parents=True, exist_ok=True)
    for source, family, weight, style in WANTED:
        font = instantiateVariableFont(TTFont(FROM / f"{source}.woff2"), {"wght": weight})
        plain = family.replace(" ", "")
        names = {1: family, 2: style, 4: f"{family} {style}", 6: f"{plain}-{style}"}
        # By these a font would be known before its family and style.
        for name_id in (16, 17, 21, 22, 25):
            font["name"].removeNames(nameID=name_id)
        for name_id, words in names.items():
            font["name"].removeNames(nameID=name_id)
            font["name"].setName(words, name_id, 3, 1, 0x409)
        font["OS/2"].usWeightClass = weight
        # Bits of "bold" and of "regular", here and in the head: without italics.
        is_bold = style == "Bold"
        font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (0x20 if is_bold else 0x40)
        font["head"].macStyle = int(is_bold)
        # So that the same sources make the same bytes.
        font.recalcTimestamp = False
        font.flavor = None
        font.save(TO / f"{plain}-{style}.ttf")


if __name__ == "__main__":
    make()
