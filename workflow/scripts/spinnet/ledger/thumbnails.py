"""Small pictures of figures, out of their PDF files."""

import base64
import io

import pypdfium2

WIDTH = 360  # pixels
COLOURS = 48  # enough for lines and markers; keeps a picture of this width near 10 KB


def thumbnail(path, width=WIDTH):
    """The first page of a PDF as a PNG in a data URI, `width` pixels wide, and its (width, height) in pixels."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
    buffer = io.BytesIO()
    image.quantize(COLOURS).save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode(), image.size
