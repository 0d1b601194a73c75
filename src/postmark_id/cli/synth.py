"""`postmark-id synth`: render covers with known truth."""

from __future__ import annotations

from pathlib import Path

import click

from postmark_id.synth.plan import SCENARIOS


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--count", "-n", type=click.IntRange(1), default=10, show_default=True, help="How many covers.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the first cover.")
@click.option(
    "--difficulty",
    "-d",
    "difficulties",
    type=click.FloatRange(0, 1),
    multiple=True,
    default=(0.45,),
    show_default=True,
    help="0 is clean, 1 can hardly be read; repeat to take turns.",
)
@click.option("--dpi", type=click.IntRange(72, 600), help="Resolution; drawn at random where it is not given.")
@click.option("--scenario", type=click.Choice(list(SCENARIOS)), help="Render only covers of this kind.")
@click.option("--samples", is_flag=True, help="Render the fixed covers of samples/ and their README instead.")
@click.option("--overwrite", is_flag=True, help="Replace covers that stand in OUT already.")
def command(
    *,
    out: Path,
    count: int,
    seed: int,
    difficulties: tuple[float, ...],
    dpi: int | None,
    scenario: str | None,
    samples: bool,
    overwrite: bool,
) -> None:
    """Render covers with known truth into the folder OUT.

    Writes cover-SEED.jpg and its label cover-SEED.json. The covers are drawn by a program: no mark on them is a
    copy of a real one.
    """
    from postmark_id.synth.covers import render_cover  # noqa: PLC0415
    from postmark_id.synth.files import refuse_overwrite, write_cover  # noqa: PLC0415
    from postmark_id.synth.samples import SAMPLES, write_samples  # noqa: PLC0415

    names = [s.name for s in SAMPLES] if samples else [f"cover-{s}" for s in range(seed, seed + count)]
    if not overwrite:
        refuse_overwrite(out, names)
    if samples:
        for path in write_samples(out):
            click.echo(str(path))
        return
    for index, name in enumerate(names):
        difficulty = difficulties[index % len(difficulties)]
        cover = render_cover(seed + index, difficulty, dpi=dpi, jpeg=False, scenario=scenario)
        click.echo(str(write_cover(cover, out, name)))
