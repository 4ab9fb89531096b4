"""Pictures that people upload for a template: checked as every upload is, drawn anew in a size that paper needs, kept small."""

import io
from typing import Any, Final

from academy.base import storage
from academy.base.colours import LEAST_CONTRAST, contrast
from academy.base.errors import Invalid
from academy.base.i18n import _l
from academy.base.imaging import Image
from academy.credentials.rules_of_looks import MUTED, PLACES, Picture

MOST_BYTES = 5_000_000
MOST_KEPT = 3_000_000
# The longer side in pixels: about 300 a printed inch, a background half of that.
LONGEST_SIDE: Final = {"logo": 1100, "seal": 400, "signature_1": 600, "signature_2": 600, "background": 1760}


def prepared(data: bytes, filename: str, place: str) -> Picture:
    """Return an uploaded picture fit for its place. Raises Invalid with the place as its field."""
    if place not in PLACES:
        raise ValueError(place)
    try:
        upload = storage.check(data, filename, most=MOST_BYTES)
    except storage.FileRefused as refused:
        raise Invalid(refused.sentence, field=place, **refused.values) from refused
    if upload.media_type not in ("image/png", "image/jpeg") or not filename.lower().endswith((".png", ".jpg", ".jpeg")):
        raise Invalid(_l("Choose a picture in PNG or JPEG."), field=place)
    with Image.open(io.BytesIO(upload.data)) as picture:
        picture.thumbnail((LONGEST_SIDE[place],) * 2)
        drawn = _flat(picture) if place == "background" else picture.convert("RGBA")
    kept, media_type = _written(drawn)
    if len(kept) > MOST_KEPT:
        raise Invalid(_l("This picture is too detailed. Choose a simpler one."), field=place)
    if place == "background":
        _check_pale(drawn)
    return Picture(media_type, drawn.width, drawn.height, kept)


def _flat(picture: Any) -> Any:
    """A picture on white, without anything to see through."""
    over = picture.convert("RGBA")
    white = Image.new("RGBA", over.size, "white")
    white.alpha_composite(over)
    return white.convert("RGB")


def _written(picture: Any) -> tuple[bytes, str]:
    out = io.BytesIO()
    if picture.mode == "RGB":
        picture.save(out, format="JPEG", quality=88)
        return out.getvalue(), "image/jpeg"
    picture.save(out, format="PNG", optimize=True)
    return out.getvalue(), "image/png"


def _check_pale(picture: Any) -> None:
    """Refuse a background on which the palest text of the sheet could not be read, on the whole of it."""
    red, green, blue = picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    if contrast(f"#{red:02x}{green:02x}{blue:02x}", MUTED) < LEAST_CONTRAST:
        raise Invalid(_l("The text could not be read on this picture. Choose a paler one."), field="background")
