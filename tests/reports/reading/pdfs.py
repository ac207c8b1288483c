"""Writes small PDF files by hand: Chinese text at exact places, ruled lines, pictures.

No font is embedded: the encoding alone tells the characters.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842
LEFT, RIGHT = 80, 512
SIZE = 16
PITCH = 28
CHARACTERS = (RIGHT - LEFT) // SIZE  # in a full line


@dataclass
class Page:
    """Drawing operators of one page; y counts down from its upper edge."""

    width: int = WIDTH
    height: int = HEIGHT
    rotate: int = 0
    drawing: list[str] = field(default_factory=list)
    picture: bool = False

    def text(self, x: float, y: float, text: str, size: float = SIZE) -> Page:
        """Put `text` with its baseline at y; every character is `size` wide."""
        code = text.encode("utf-16-be").hex()
        self.drawing.append(f"BT /F {size} Tf 1 0 0 1 {x} {self.height - y} Tm <{code}> Tj ET")
        return self

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> Page:
        self.drawing.append(f"{x0} {self.height - y0} m {x1} {self.height - y1} l S")
        return self

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> Page:
        """Rule a table with these vertical and horizontal lines."""
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        return self

    def paragraph(self, y: float, text: str, *, x: float = LEFT, characters: int = CHARACTERS) -> float:
        """Set a paragraph with its first line indented by two characters; gives the next line's y."""
        lines = textwrap.wrap("　　" + text, characters, drop_whitespace=False)
        self.text(x + 2 * SIZE, y, lines[0][2:])
        for number, line in enumerate(lines[1:], 1):
            self.text(x, y + number * PITCH, line)
        return y + len(lines) * PITCH

    def centred(self, y: float, text: str, size: float = SIZE) -> Page:
        return self.text((LEFT + RIGHT - size * len(text)) / 2, y, text, size)

    def right_aligned(self, y: float, text: str) -> Page:
        return self.text(RIGHT - SIZE * len(text), y, text)


_FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
    "/Subtype/CIDFontType0/BaseFont/Song/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    "/FontDescriptor<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 -120 1000 880]/ItalicAngle 0"
    "/Ascent 880/Descent -120/CapHeight 880/StemV 80>>>>]>>"
)
_PICTURE = (
    "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
)


def pdf(*pages: Page) -> bytes:
    """The bytes of a PDF with these pages."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b"", _FONT.encode()]
    objects.append(_PICTURE.encode() + b"\nstream\n\x00\nendstream")
    kids: list[str] = []
    for page in pages:
        drawing = list(page.drawing)
        if page.picture:
            drawing.append(f"q {page.width} 0 0 {page.height} 0 0 cm /I Do Q")
        stream = "\n".join(drawing).encode()
        objects.append(b"<</Length %d>>\nstream\n%b\nendstream" % (len(stream), stream))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {page.width} {page.height}]/Rotate {page.rotate}"
            f"/Contents {len(objects)} 0 R/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    return _assembled(objects)


def _assembled(objects: Sequence[bytes], trailer: str = "") -> bytes:
    out = b"%PDF-1.7\n"
    places: list[int] = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + end.encode()


def encrypted_pdf() -> bytes:
    """A PDF that asks for a password: the stored check of it fits none."""
    catalogue = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]
    lock = "<</Filter/Standard/V 1/R 2/P -44/O<" + "00" * 32 + ">/U<" + "11" * 32 + ">>>"
    return _assembled(catalogue, f"/ID[<{'22' * 16}><{'22' * 16}>]/Encrypt {lock}")
