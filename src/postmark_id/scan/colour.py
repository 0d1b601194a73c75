"""From any mode that Pillow decodes to uint8 RGB, band by band.

Pillow's own conversions clip 16-bit grey (99.6 % of a picture goes white) and turn transparent paper black, so
depth is scaled by the range in use and transparency is laid on white. Working in bands of `BAND_PIXELS` keeps
the peak at the decoded picture plus its RGB copy, however many steps a pixel takes: a 1200-dpi A4 scan of
139 million pixels needs 4 + 3 bytes a pixel, just under 1 GB.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from postmark_id.models import Notice, Picture
from postmark_id.settings import ScanSettings

BAND_PIXELS = 4_000_000
DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_SPACES = {"RGB ": "RGB", "CMYK": "CMYK", "Lab ": "LAB"}

Convert = Callable[[Image.Image], Picture]


def to_rgb(image: Image.Image, settings: ScanSettings) -> tuple[Picture, tuple[Notice, ...]]:
    """Convert a decoded picture to RGB.

    Parameters
    ----------
    image : PIL.Image.Image
        Loaded, of any mode.
    settings : ScanSettings

    Returns
    -------
    pixels : ndarray, shape (height, width, 3), uint8
    notices : tuple of Notice
        ``depth-reduced``, ``cmyk``, ``lab``, ``bad-icc``.
    """
    convert, notices = _converter(image, settings)
    width, height = image.size
    pixels = np.empty((height, width, 3), dtype=np.uint8)
    rows = max(1, BAND_PIXELS // width)
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        pixels[top:bottom] = convert(image.crop((0, top, width, bottom)))
    return pixels, notices


def _converter(image: Image.Image, settings: ScanSettings) -> tuple[Convert, tuple[Notice, ...]]:
    if image.mode in DEEP_MODES:
        notice = Notice("depth-reduced", "more than 8 bits a channel; reduced to 8")
        return _deep_converter(image), (notice,)
    space = image.mode if image.mode in ("CMYK", "LAB") else "RGB"
    profile, notices = _profile(image, space, settings)
    if space != "RGB":
        how = "with its colour profile" if profile else "without a colour profile, so inks are approximate"
        notices = (*notices, Notice(space.lower(), f"{space} colours converted {how}"))
    if space == "LAB" and profile is None:
        profile = _transform(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB")
    if profile is None:
        return _flat_rgb, notices
    if space == "RGB":
        return lambda band: _array(_apply(Image.fromarray(_flat_rgb(band)), profile)), notices
    return lambda band: _array(_apply(band, profile)), notices


def _array(band: Image.Image) -> Picture:
    return np.asarray(band, dtype=np.uint8)


def _apply(band: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    changed = ImageCms.applyTransform(band, transform)
    assert changed is not None
    return changed


def _flat_rgb(band: Image.Image) -> Picture:
    """RGB of a band of at most 8 bits a channel, transparency laid on white."""
    if "transparency" in band.info or band.mode in ("RGBA", "RGBa", "LA", "La", "PA"):
        layer = band.convert("LA").convert("RGBA") if band.mode == "La" else band.convert("RGBA")
        band = Image.alpha_composite(Image.new("RGBA", band.size, "white"), layer)
    return _array(band if band.mode == "RGB" else band.convert("RGB"))


def _deep_converter(image: Image.Image) -> Convert:
    black, white = _range(image)
    negative = image.mode != "F" and _white_is_zero(image)

    def convert(band: Image.Image) -> Picture:
        values = np.nan_to_num(np.asarray(band).astype(np.float32), nan=black, posinf=white, neginf=black)
        grey = np.clip((values - black) * (255.0 / (white - black)) + 0.5, 0, 255).astype(np.uint8)
        return np.repeat((255 - grey if negative else grey)[:, :, None], 3, axis=2)

    return convert


def _white_is_zero(image: Image.Image) -> bool:
    """Whether a TIFF counts light from 0; Pillow turns these round for 1 and 8 bits, not for 16."""
    tags = getattr(image, "tag_v2", {})
    return bool(tags.get(262) == 0)


def _range(image: Image.Image) -> tuple[float, float]:
    """Values of black and white: the next full depth where values fit one, else their own range."""
    low, high = np.inf, -np.inf
    width, height = image.size
    rows = max(1, BAND_PIXELS // width)
    for top in range(0, height, rows):
        band: npt.NDArray[np.float64] = np.asarray(image.crop((0, top, width, min(height, top + rows))), np.float64)
        finite = band[np.isfinite(band)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    if not np.isfinite(low):
        return 0.0, 1.0
    depths = (
        (1.0, 255.0, 1023.0, 4095.0, 16383.0, 65535.0)
        if image.mode == "F"
        else (255.0, 1023.0, 4095.0, 16383.0, 65535.0)
    )
    if low >= 0 and high <= depths[-1]:
        return 0.0, next(depth for depth in depths if high <= depth)
    return low, max(high, low + 1.0)


def _profile(
    image: Image.Image, space: str, settings: ScanSettings
) -> tuple[ImageCms.ImageCmsTransform | None, tuple[Notice, ...]]:
    """Transform from the embedded profile to sRGB; None where there is none, or none is needed or usable."""
    data = image.info.get("icc_profile")
    if not data:
        return None, ()
    if len(data) > settings.max_profile_bytes:
        return None, (Notice("bad-icc", f"colour profile of {len(data) / 1e6:.1f} MB ignored"),)
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        if _SPACES.get(profile.profile.xcolor_space) != space or "srgb" in _description(profile):
            return None, ()
        return _transform(profile, space), ()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None, (Notice("bad-icc", "colour profile is broken and was ignored"),)


def _description(profile: ImageCms.ImageCmsProfile) -> str:
    try:
        return ImageCms.getProfileDescription(profile).lower()
    except (ImageCms.PyCMSError, UnicodeError):
        return ""


def _transform(profile: ImageCms.ImageCmsProfile, mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
