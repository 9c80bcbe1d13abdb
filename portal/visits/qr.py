"""An address as a QR code, inside the page itself: nothing is fetched, nothing is published."""

import segno


def qr_picture(address: str) -> str:
    """An SVG as a data address, dark on white in every theme: some phones do not read it the other way round."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=6, border=4, dark="#15242B", light="#FFFFFF")
