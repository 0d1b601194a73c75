"""Cut the fonts of `postmark_id.synth.fonts` down to the letters that covers need, and rename them.

Design note: the Open Font License forbids a changed font to go by a reserved name, so every subset gets a name of
our own ("Cover Serif"), whatever its licence. The original copyright line stays in the font's name table and in the
licence text beside it. Run: ``python training/subset_fonts.py FOLDER``. It reads /usr/share/fonts (Debian packages
named below), and FOLDER, in which the npm packages ``@fontsource/NAME`` lie unpacked as ``fontsource-NAME``; those
come in one file an alphabet, which are joined first.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

ROOT = Path("/usr/share/fonts/truetype")
TARGET = Path(__file__).parent.parent / "src/postmark_id/synth/fonts"
SOURCES = {
    "cover-condensed": ("roboto/unhinted/RobotoCondensed-Bold.ttf", "fonts-roboto-unhinted"),
    "cover-sans": ("open-sans/OpenSans-Semibold.ttf", "fonts-open-sans"),
    "cover-grotesque": ("croscore/Arimo-Bold.ttf", "fonts-croscore"),
    "cover-serif": ("croscore/Tinos-Bold.ttf", "fonts-croscore"),
    "cover-mono": ("croscore/Cousine-Regular.ttf", "fonts-croscore"),
    "cover-rounded": ("comfortaa/Comfortaa-Bold.ttf", "fonts-comfortaa"),
    "cover-square": ("play/Play-Bold.ttf", "fonts-play"),
    "cover-book": ("noto/NotoSerif-Regular.ttf", "fonts-noto-core"),
}
WEB = {
    "cover-heavy": ("russo-one", 400),
    "cover-narrow": ("oswald", 500),
    "hand-quick": ("caveat", 400),
    "hand-round": ("neucha", 400),
    "hand-script": ("marck-script", 400),
    "hand-thin": ("bad-script", 400),
}
LETTERS = (
    [chr(c) for c in range(0x20, 0x7F)]
    + [chr(c) for c in range(0x410, 0x450)]
    + list("ЁёÄÖÜäöüßÉÈéèêÀàÇçÔôÛû№°©·–—«»„“”’×•")
)


def cut(name: str, source: Path) -> None:
    """Write one subset with its new name."""
    font = TTFont(source)
    options = subset.Options(layout_features=["kern"], hinting=False, name_IDs=[0, 13, 14], notdef_outline=True)
    options.glyph_names = False
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(LETTERS))
    cutter.subset(font)
    family = name.replace("-", " ").title()
    for name_id, text in (
        (1, family),
        (2, "Regular"),
        (3, f"{family} subset"),
        (4, family),
        (6, family.replace(" ", "")),
    ):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font.save(TARGET / f"{name}.ttf")


def join(parts: list[Path], target: Path) -> None:
    """One font out of the files of its alphabets."""
    with tempfile.TemporaryDirectory() as folder:
        plain = []
        for part in parts:
            font = TTFont(part)
            font.flavor = None
            for table in ("GSUB", "GPOS", "GDEF", "STAT", "fvar"):
                if table in font:
                    del font[table]
            plain.append(str(Path(folder) / f"{part.stem}.ttf"))
            font.save(plain[-1])
        merge.Merger().merge(plain).save(target)


def main(web: Path) -> None:
    """Cut all."""
    for name, (source, _) in SOURCES.items():
        cut(name, ROOT / source)
    for name, (package, weight) in WEB.items():
        files = web / f"fontsource-{package}" / "files"
        with tempfile.TemporaryDirectory() as folder:
            whole = Path(folder) / "whole.ttf"
            join([files / f"{package}-{script}-{weight}-normal.woff" for script in ("latin", "cyrillic")], whole)
            cut(name, whole)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
