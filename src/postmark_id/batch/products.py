"""What a run leaves beside its results: tables, pages, catalogues and sidecars, made from the results on the disk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from postmark_id.batch.discover import Found, local
from postmark_id.batch.manifest import Manifest
from postmark_id.batch.store import Store
from postmark_id.batch.twins import Twins
from postmark_id.batch.verdicts import read_verdicts
from postmark_id.errors import OverwriteError, UsageError
from postmark_id.outputs.atomic import make_folder
from postmark_id.outputs.catalogue import Run, refuse_foreign, write_catalogue
from postmark_id.outputs.contract import Document
from postmark_id.outputs.jsonl import write_jsonl
from postmark_id.outputs.report import write_report
from postmark_id.outputs.sidecar import write_sidecar
from postmark_id.outputs.table import write_csv

Product = Literal["csv", "jsonl", "html", "overlay", "sqlite", "xmp"]
PRODUCTS: tuple[Product, ...] = ("csv", "jsonl", "html", "overlay")
"""Written where nothing else is asked for."""
FILES: dict[Product, str] = {
    "html": "report.html",
    "csv": "results.csv",
    "jsonl": "results.jsonl",
    "sqlite": "catalogue.sqlite",
}
"""Products that are one file in the folder of the run."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to write.

    Attributes
    ----------
    write : sequence of str
        See `Product`.
    catalogue : Path or None
        A catalogue outside the folder of the run, which may hold other runs.
    beside_scans : bool
        Sidecars go beside the scans rather than into the folder of the run.
    raw_csv : bool
        Leave cells that look like formulas as they are.
    """

    write: Sequence[Product] = PRODUCTS
    catalogue: Path | None = None
    beside_scans: bool = False
    raw_csv: bool = False

    @classmethod
    def asked(cls, options: Mapping[str, Any]) -> Request:
        """What the options of a run ask for, as its manifest keeps them."""
        names = str(options.get("write", ",".join(PRODUCTS))).split(",")
        write = tuple(cast("Product", name) for name in names if name in get_args(Product))
        catalogue = options.get("catalogue")
        return cls(write, Path(catalogue) if catalogue else None, raw_csv=bool(options.get("raw_csv")))

    def refuse_places(self, store: Store) -> None:
        """Raise where a catalogue could not be written: for asking before the work starts.

        Raises
        ------
        OutputError
        """
        for place in self.catalogues(store):
            make_folder(place.parent)
            refuse_foreign(place)

    def catalogues(self, store: Store) -> list[Path]:
        """All catalogues that get the run."""
        own = [store.folder / FILES["sqlite"]] if "sqlite" in self.write else []
        return own + ([self.catalogue] if self.catalogue else [])

    def places(self, store: Store) -> list[Path]:
        """All tables, pages and catalogues that are written."""
        own = [store.folder / name for product, name in FILES.items() if product in self.write]
        return own + ([self.catalogue] if self.catalogue else [])


NO_TWINS = Twins()


def export(
    files: Sequence[Found],
    store: Store,
    request: Request,
    manifest: Manifest,
    *,
    ended: bool = True,
    twins: Twins = NO_TWINS,
) -> list[str]:
    """Make everything from the results on the disk, and from what people said of them.

    Parameters
    ----------
    files : sequence of Found
        Those that have results, in the order of names.
    store : Store
    request : Request
    manifest : Manifest
    ended : bool
        Whether these are all files of the run.
    twins : Twins
        What is to be told of scans that were seen before.

    Returns
    -------
    list of str
        Sidecars that were left as they were, because others stand there.
    """
    verdicts = read_verdicts(store.folder)

    def documents() -> Iterator[Document]:
        for found in files:
            for document in store.read(found.name):
                yield verdicts.tell(twins.tell(document))

    write_products(documents, store, request, manifest, ended=ended)
    return list(_sidecars(files, store, request)) if "xmp" in request.write else []


def write_products(
    documents: Callable[[], Iterable[Document]],
    store: Store,
    request: Request,
    manifest: Manifest,
    *,
    ended: bool = True,
) -> None:
    """Write tables, pages and catalogues.

    Parameters
    ----------
    documents : callable
        Gives all documents, in the order of names, as often as it is asked.
    store : Store
    request : Request
    manifest : Manifest
    ended : bool
        Whether these are all documents of the run.

    Raises
    ------
    OutputError
    """

    def picture(side: Document) -> str | None:
        return store.overlay_name(side["path"], side["frame"]) if "overlay" in request.write else None

    if "jsonl" in request.write:
        write_jsonl(store.folder / FILES["jsonl"], documents(), overwrite=True)
    if "csv" in request.write:
        write_csv(store.folder / FILES["csv"], documents(), overwrite=True, raw=request.raw_csv)
    if "html" in request.write:
        title = store.folder.name or "Covers"
        write_report(store.folder / FILES["html"], documents(), title=title, picture=picture, overwrite=True)
    for place in request.catalogues(store):
        write_catalogue(place, _run(store, manifest, ended=ended), documents())


def results(folder: Path) -> Iterator[tuple[int, Document]]:
    """Documents of a run as ``results.jsonl`` holds them, each with the byte at which it begins.

    Raises
    ------
    UsageError
        The run has written none, or something else stands there.
    """
    path, start = folder / FILES["jsonl"], 0
    try:
        with path.open("rb") as file:
            for line in file:
                document = json.loads(line)
                if not isinstance(document, dict) or not {"scan", "outcome", "marks"} <= document.keys():
                    raise ValueError(f"what stands at byte {start} is no result")
                yield start, document
                start += len(line)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{path}: can't be read: {error}",
            code="no-results",
            hint="run `postmark-id batch` on this folder again, with jsonl among what it writes",
        ) from error


def _run(store: Store, manifest: Manifest, *, ended: bool) -> Run:
    return Run(
        key=manifest.key,
        folder=store.folder.name,
        begun=manifest.begun,
        ended=manifest.ended if ended else "",
        fingerprint=store.fingerprint,
        pairing=str(manifest.pairing.get("rule", "")),
    )


def _sidecars(files: Sequence[Found], store: Store, request: Request) -> Iterator[str]:
    """Write a sidecar for each file of each cover; gives those that were left alone."""
    for found in files:
        documents = store.read(found.name)
        for side in (found, found.back) if found.back else (found,):
            own = [d for d in documents if side.name in (d["scan"]["path"], d.get("back", {}).get("path"))]
            # Others may have written keywords beside a scan; those in our folder are ours.
            place = Path(f"{side.path}.xmp") if request.beside_scans else store.sidecar_path(side.name)
            if not request.beside_scans:
                make_folder(place.parent)
            try:
                said = write_sidecar(place, own, overwrite=not request.beside_scans)
            except OverwriteError:
                yield local(side.name)
                continue
            if not said and not request.beside_scans:
                place.unlink(missing_ok=True)
