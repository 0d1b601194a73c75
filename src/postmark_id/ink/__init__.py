"""Ink: even out the paper and separate the inks by colour.

Ink darkens paper by a factor, so everything is done in optical density, ``-log(pixel / paper)``: there strikes add
up where they overlap, shadows of the scanner lid vanish, and one ink is one direction in colour space whatever
its strength.
"""

from postmark_id.ink.flatten import Sheet, density, density_around, lay_out, share_on_print
from postmark_id.ink.pieces import pieces
from postmark_id.ink.separate import Ink, layer, main_ink, name_of, on_paper

__all__ = [
    "Ink",
    "Sheet",
    "density",
    "density_around",
    "lay_out",
    "layer",
    "main_ink",
    "name_of",
    "on_paper",
    "pieces",
    "share_on_print",
]
