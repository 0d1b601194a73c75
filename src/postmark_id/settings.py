"""Every threshold and limit, typed and documented, in one place; a class for each room.

Code takes these objects as arguments and holds no number of its own that a person might want to change.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """Limits of the loader."""

    max_mpixels: float = 200.0
    """Largest picture decoded, millions of pixels."""
    max_bytes: int = 1_000_000_000
    """Largest file read."""
    max_frames: int = 20
    """Frames taken from a multi-page file."""
    first_frame: bool = False
    """Take only the first frame of every file."""
    min_side: int = 32
    """Smallest side of a picture worth looking at, pixels."""
    allow_truncated: bool = False
    """Decode what is there of a truncated file, with a warning."""
    max_side: int = 32_000
    """Longest side decoded, pixels; OpenCV's warps stop at 32,767."""
    min_dpi: float = 72.0
    """A resolution must be above this to be believed: 72 itself is what programs write that know none."""
    max_dpi: float = 4800.0
    """Highest resolution believed."""
    max_extent_mm: float = 1000.0
    """A picture that its resolution would make longer than this has a wrong resolution."""
    max_jpeg_passes: int = 500
    """Passes of a progressive JPEG; honest ones have about ten, hostile ones thousands."""
    max_metadata_bytes: int = 64_000
    """Larger text and EXIF chunks of a PNG are left out before decoding."""
    max_profile_bytes: int = 4_000_000
    """Larger colour profiles are ignored."""


@dataclass(frozen=True, slots=True)
class InkSettings:
    """The working copy, its paper and its inks."""

    working_side: int = 1600
    """Long side of the working copy on which marks are fitted, pixels."""
    paper_side: int = 240
    """Long side of the map of the paper's colour, pixels."""
    paper_reach: int = 6
    """Reach of the search for bare paper, pixels of that map (about 5 mm of a cover)."""
    other_paper: float = 22.0
    """Grey levels by which the ground differs from the cover's paper where it is a stamp or other print."""
    faintest_density: float = 0.12
    """Sum of the densities of red, green and blue from which a pixel counts as inked."""
    neutral_spread: float = 0.16
    """Ink whose three densities differ by less is called black."""
    pink_strength: float = 0.45
    """Red ink weaker than this is called pink."""
    hues: tuple[tuple[float, str], ...] = (
        (22.0, "red"), (60.0, "brown"), (175.0, "green"), (243.0, "blue"), (305.0, "violet"), (345.0, "pink"),
    )  # fmt: skip
    """Upper limit of the hue in degrees, and its name; beyond the last is red."""


@dataclass(frozen=True, slots=True)
class LibrarySettings:
    """Limits of the reference library; marks may come from strangers."""

    max_toml_bytes: int = 64_000
    """Largest mark.toml read."""
    max_text: int = 4_000
    """Longest text of one field, characters."""
    max_items: int = 64
    """Longest list in a mark.toml."""
    max_pictures: int = 200
    """Pictures of one mark."""
    max_picture_bytes: int = 20_000_000
    """Largest picture of a mark."""
    max_picture_mpixels: float = 40.0
    """Largest picture of a mark that `marks validate` decodes, millions of pixels."""
    max_marks: int = 5_000
    """Marks read from one folder; the rest is reported and left."""
    max_archive_bytes: int = 500_000_000
    """Unpacked size of an archive that `marks import` takes."""
    max_archive_files: int = 20_000
    """Files in an archive that `marks import` takes."""


@dataclass(frozen=True, slots=True)
class RecognitionSettings:
    """When a found mark counts as one that was learned. Measured in docs/decisions/0004-recognising-marks.md."""

    candidates: int = 5
    """Learned marks that are compared closely, the best of a rough comparison with all."""
    least_agreement: float = 0.5
    """Agreement needed with a learned mark."""
    sure_margin: float = 0.08
    """Agreement beyond what is needed, from which the match names the station."""
    twin_reach: float = 0.25
    """Marks that fall behind the best by less may be its near twins, and are compared where they differ."""
    whole_weight: float = 0.3
    """Weight of the whole picture against the place where twins differ."""
    twin_lead: float = 0.02
    """Lead over a near twin that is needed."""
    twin_least: float = 0.0
    """Correlation needed with one of two near twins where they differ; else neither is named."""
    enough: float = 0.5
    """Agreement from which no other turn of a learned mark is tried."""
    same_mark: float = 0.62
    """Agreement of two learned marks from which `marks validate` asks whether they are one."""
    same_strike: float = 0.3
    """Agreement with what was learned of a mark, below which a further strike is taken for another mark's."""
    least_ink: float = 0.04
    """Share of ink below which `marks learn` calls a strike faint."""


@dataclass(frozen=True, slots=True)
class LetteringSettings:
    """When a wording counts as read."""

    accept: float = 0.5
    """Weight of evidence, 0..1, from which a station or a place is named."""
    lead: float = 0.15
    """Lead over the second station that is needed to name the first."""
    accept_souvenir: float = 0.4
    """Weight of evidence from which a mark is called a souvenir seal."""
    overlap: float = 0.3
    """Share of a wording that may lie on the place of another one that explains more; else it counts as the same."""


@dataclass(frozen=True, slots=True)
class EvaluateSettings:
    """What counts when results are measured against labels."""

    min_iou: float = 0.5
    """Intersection over union from which a reported outline is that of a true mark."""
    min_visible: float = 0.3
    """A true mark of which less is visible is neither a hit nor a miss."""
    upright_within: float = 20.0
    """Degrees to which a reading direction must be known to let the lettering be read."""
    max_difficulties: int = 6
    """Most different difficulties shown one by one; more are shown in bands."""
    difficulty_edges: tuple[float, ...] = (0.3, 0.6)
    """Borders of these bands within 0..1."""
    score_edges: tuple[float, ...] = (0.5, 0.7, 0.8, 0.9, 0.95)
    """Borders of the bins in which scores of dates are compared with the share that is right."""


@dataclass(frozen=True, slots=True)
class DateSettings:
    """Cutting strips, reading them, and weighing what they may mean."""

    strip_height: int = 48
    """Height of a strip, pixels; engines scale it to what they need."""
    strip_pad: float = 0.2
    """Margin cut around a line, as a share of its height: a box is never quite where the figures are."""
    further_pads: tuple[float, ...] = (0.38, 0.05)
    """Margins with which an unsure line is cut again: a box may be too narrow, or take in a neighbouring line."""
    further_looks: int = 12
    """Unsure lines of a scan that are cut again at most, the most promising first."""
    batch: int = 16
    """Strips that a network reads in one go."""
    tesseract_program: str = "tesseract"
    """Name or path of the program."""
    tesseract_seconds: float = 20.0
    """Time limit of one call; every strip adds a tenth of it."""
    beam_width: int = 16
    """Spellings kept while a lattice is searched."""
    beam_floor: float = 2e-3
    """Symbols less probable than this at a step are not followed."""
    name_patience: float = 3.0
    """Log odds against a month's name, all letters together, that make it e times less likely."""
    name_doubt: float = 0.03
    """Weight of letters among figures that are no month's name."""
    name_least: float = 0.4
    """Share of the likeliest name from which letters are taken for it, whatever they spell."""
    spellings: int = 16
    """Most probable spellings that the grammar looks at."""
    least_score: float = 0.005
    """Date candidates below this are dropped."""
    least_weight: float = 0.3
    """Scores of all candidates of a mark together, below which its line is no date or not readable."""
    most_candidates: int = 31
    """Candidates kept of one line."""
    two_digit_pivot: int = 77
    """Two-digit years from this on are 19yy, smaller ones 20yy, where the window leaves the choice."""
    other_century: float = 0.1
    """Weight of the century that the pivot does not choose."""
    not_preferred: float = 0.4
    """Weight of a date inside the window but outside its preferred spans."""
    outside_window: float = 0.02
    """Weight of a date outside the window; it is kept, so that a reason can be given."""
    agreement: float = 0.15
    """How far another cut of the same line that reads the same date takes away doubt, times its score."""
    sure: float = 0.9
    """A line read with this score is not read upside down as well."""
    enough: float = 0.5
    """A mark without a date of this score has its straight rows of lettering read as dates, too."""
    doubtful: float = 0.96
    """A line read below this goes to the second engine, too; at 0.75 more wrong dates looked sure."""
    second_opinions: int = 6
    """Lines of a scan that go to the second engine at most, the most promising first; each costs 30 ms."""
    upside_down: float = 0.85
    """Weight of a reading against the direction that the detector gave."""
    calibration: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 1.0))
    """Monotone map from raw to reported scores; why it is the identity: docs/decisions/0003-date-engine.md."""


@dataclass(frozen=True, slots=True)
class PrintSettings:
    """Finding and reading print outside the marks; lengths in pixels of the working copy or in heights of a letter."""

    read: bool = False
    """Whether the print is read at all: it costs about a tenth of a second and tells nothing of marks and dates."""
    stroke: int = 15
    """Strokes are thinner than this, pixels."""
    contrast: int = 35
    """Grey levels by which a stroke is darker than what is around it, in its darkest channel."""
    letter_heights: tuple[int, int] = (6, 64)
    """Smallest and largest letter, pixels."""
    most_blobs: int = 2500
    """Blobs looked at, the tallest first: memory grows with their square."""
    gap: float = 1.6
    """Widest gap to the next letter or word."""
    shortest_line: float = 2.2
    margin: float = 0.8
    """How much farther than its blobs a line is cut at both ends: a last figure may be no blob of its own."""
    most_lines: int = 60
    """Lines read, the longest first; each costs 3 ms."""
    second_readings: int = 5
    """Lines with letters and figures that the second engine reads as well; each costs 30 ms."""
    strip_height: int = 48
    strip_pad: float = 0.1
    """Margin cut around a line, as a share of its height."""


@dataclass(frozen=True, slots=True)
class StraightenSettings:
    """Finding the slope of a date line."""

    step: float = 3.0
    """Degrees from one slope tried to the next."""
    most: int = 3
    """Slopes tried besides the proposed one."""
    shifts: tuple[float, ...] = (-0.45, 0.0, 0.45)
    """Places tried across the line, in heights of it."""
    widen: float = 1.35
    """The figures may reach farther than proposed, times this."""
    heighten: float = 1.2


@dataclass(frozen=True, slots=True)
class SpottingSettings:
    """When a known word counts as spotted in what an engine held possible."""

    highest_cost: float = 1.3
    """Mean log odds per letter against the best spelling, at most."""
    highest_cost_short: float = 0.4
    """The same for short words."""
    least_lead: float = 0.9
    """Lead over decoys of the same length, at least."""
    lead_for_cost: float = 0.4
    """Further lead asked for each unit of cost."""
    highest_addition: float = 0.8
    """Mean log odds per letter of a word by which a phrase is longer than another known one, at most."""
    share_of_best: float = 0.75
    """Words with less than this share of the best word's lead are echoes of it."""
    least_line_score: float = 0.5
    """Lines of lettering that the engine is less sure of are not reported."""


@dataclass(frozen=True, slots=True)
class FoundWeights:
    """Weights of the log odds that a fitted outline is a mark; fitted by ``training/detector/calibrate.py``."""

    constant: float = -2.15
    noticed: float = 1.09
    """Log odds of any mark by the proposing network, and below the logarithm of this shape's share in them."""
    proposed: float = 2.84
    present: float = 0.52
    seen: float = 1.41
    """The same two by the close look."""
    lead: float = 2.6
    """Lead of the shape over its rivals on the ink, within 0.5."""
    behind: float = 7.0
    """The same, where a rival leads: a hexagon is no pentagon, whatever the networks see."""
    pentagon: float = 1.61
    octagon: float = 0.72


@dataclass(frozen=True, slots=True)
class AboardWeights:
    """Weights of the log odds that a mark was struck aboard."""

    polygon: float = 2.0
    """A pentagon or octagon: hardly any post office on the ground uses one."""
    lettering: float = 5.0
    """Lettering, times the score of its verdict."""
    surroundings: float = 0.5
    """What the proposing network makes of the surroundings."""
    station: float = 3.5
    """A station's name without a word for aboard, times the score of the verdict."""
    on_print: float = 1.0
    """A round mark across a postage stamp or other print."""
    on_print_polygon: float = 0.5
    """A polygon across it: seals are struck across stamps, too."""
    off_print: float = 0.4
    """A round mark on bare paper: cancels cancel stamps."""
    eventful: float = 0.5
    """Dated on a day on which a ship docked or undocked."""
    hour: float = 0.8
    """A round mark dated with the hour before board postmarks of the ISS were."""
    red_pentagon: float = 1.4
    """A red pentagon without a station's name."""
    recognised: float = 5.0
    """A learned mark that was recognised for sure; half of it where the match is just good enough."""


@dataclass(frozen=True, slots=True)
class LetteringStrips:
    """How lettering is looked for in a mark; lengths in radii of the mark."""

    height: int = 40
    """Height of a strip, pixels."""
    margin: float = 0.22
    """Margin above and below a row, as a share of its height."""
    innermost: float = 0.3
    """Lettering around the centre is looked for down to here."""
    ring_heights: tuple[float, float] = (0.07, 0.30)
    """Least and greatest height of lettering around the centre."""
    line_heights: tuple[float, float] = (0.08, 0.50)
    """Least and greatest height of straight lettering."""
    line_reach: float = 0.75
    """Straight lettering is looked for up to this distance above and below the middle."""
    line_width: float = 0.8
    """Half the width of a straight line through the middle."""
    slopes: int = 5
    """Slopes tried on either side of the expected one."""
    slope_step: float = 4.0
    """Degrees from one slope to the next."""
    gap: float = 1.0
    """Bare stretches longer than this many heights part a row."""
    bare: float = 0.08
    """Share of ink up to which a column counts as bare."""
    turns: float = 1.15
    """Turns that a strip around the centre is long."""
    most_rings: int = 3
    """Rows around the centre that are read."""
    most_lines: int = 4
    """Straight rows that are read."""
    least_share: float = 0.25
    """Rows that stand out less than this share of the plainest are left."""


@dataclass(frozen=True, slots=True)
class MarkSettings:
    """Proposing, fitting and accepting marks."""

    proposing_side: int = 896
    """Long side of the picture that the proposing network sees, pixels."""
    lowest_proposal: float = 0.10
    """Lowest peak of the network that is worth a fit."""
    lowest_date_line: float = 0.08
    """Lowest peak of the network that is read as a date."""
    lowest_date_inside: float = 0.1
    """Lowest peak of the close look that is read as a date."""
    most_dates_inside: int = 3
    """Peaks of the close look that are read at most; the first is mostly right, the others serve dateless marks."""
    sure_date_inside: float = 0.4
    """Peak of the close look from which its line is taken as it is."""
    closeup_batch: int = 8
    """Marks that the close look takes in one go."""
    most_proposals: int = 24
    """Marks fitted on one scan at most."""
    stroke_floor: float = 0.35
    """Strength of a stroke, relative to a fair one, from which a point of an outline counts as inked."""
    least_found: float = 0.5
    """Marks less sure than this are dropped, and the trace says so."""
    trust_in_proposal: float = 0.066
    """Favour of a fit for the shapes that the network proposed, per unit of log height."""
    trust_in_look: float = 0.041
    """Favour of a fit for the shapes that the close look saw, per unit of log probability."""
    beside_reach: float = 2.6
    """A date line counts as standing beside a seal up to this distance of the centres, in radii of the seal."""
    lettering: LetteringStrips = field(default_factory=LetteringStrips)
    least_company: float = 0.7
    """Only marks at least this sure speak for the marks beside them."""
    found_weights: FoundWeights = field(default_factory=FoundWeights)
    aboard_weights: AboardWeights = field(default_factory=AboardWeights)
    hours_aboard_from: int = 2021
    """Year from which board postmarks are known to show the hour; ground cancels always did."""
    aboard_odds: float = 0.8
    """Log odds from which a mark counts as struck aboard (or, negative, on the ground)."""
    on_print_share: float = 0.12
    """Share on a postage stamp or other print from which a mark counts as struck across it."""


@dataclass(frozen=True, slots=True)
class FlightSettings:
    """How dates are matched with flights. Scores order suggestions; they are no probabilities."""

    max_table_bytes: int = 20_000_000
    """Largest flight table read."""
    movement: float = 0.95
    """Weight of a docking, undocking, berthing or release on the day."""
    relocation: float = 0.80
    """Weight of a change of port; near enough to `movement` that another ship's makes a day ambiguous."""
    hatch_closing: float = 0.70
    """Weight of the closing of the hatches before a departure, where the user's table knows it."""
    launch_or_landing: float = 0.60
    """Weight of a launch or landing, which nobody aboard the station took part in."""
    accident: float = 0.55
    """Weight of an accident; one that ends a launch speaks for that launch."""
    other_event: float = 0.50
    """Weight of a spacewalk or an experiment."""
    minor_event: float = 0.45
    """Weight of a crew handover or a reentry."""
    day_off: float = 0.45
    """Weight of an arrival or departure one day from the mark's date."""
    year_off: float = 0.20
    """Weight of an arrival or departure on the same day of the year before or after."""
    one_zone: float = 0.95
    """Factor where the day fits in only one of UTC and Moscow time."""
    foreign_zone: float = 0.85
    """Factor where the day fits only by Moscow time and the station kept UTC (the ISS)."""
    hint: float = 0.40
    """Weight of what undated marks and ground cancels point to."""
    rival: float = 0.80
    """A second flight or date with this share of the first one's score leaves the answer open."""
    weak_rival: float = 0.50
    """A second date with this share leaves it open, too, unless only the first one fits an arrival or departure."""
    event_rival: float = 0.30
    """A second date with this share leaves it open where it falls on an arrival or departure, too."""
    longest_aboard: int = 1000
    """Days between the first and the last date of a cover from which a warning asks to look again at the years."""
    readable_date: float = 0.15
    """Score below which a date counts as unread; of such readings one in four is right."""
    sure_date: float = 0.85
    """Score from which a date may decide by itself. Misread dates fall on quiet days, so those ask for more."""
    sure_date_on_event: float = 0.65
    """Score from which a date decides that falls exactly on an arrival or departure of its station."""
    support: float = 0.60
    """Share of another mark's score that it lends to the same date."""
    empty_station: float = 0.50
    """Factor for a date on which nobody was aboard, beside one on which somebody was."""
    most_flights: int = 20
    """Suggestions listed at most; a date read with several doubtful figures fits many days."""
    years_beyond_table: int = 5
    """So many years after the table's last event a date can still be a date of a station that flies on."""


@dataclass(frozen=True, slots=True)
class OverlaySettings:
    """The annotated picture."""

    max_side: int = 1600
    """Longest side of the annotated picture, pixels."""
    min_side: int = 1000
    """A smaller scan is enlarged to this (at most twice), so that captions don't cover it."""
    jpeg_quality: int = 84
    """Quality of annotated pictures written as JPEG."""


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """Workers of a batch."""

    seconds_per_file: float = 180.0
    """A file that takes longer is given up; the largest legal scan needs about 20."""
    seconds_to_start: float = 300.0
    """A worker that has not loaded its models by then is given up."""
    starts: int = 3
    """Workers that may die in a row while they start, before the run is given up."""
    least_memory: int = 6_000_000_000
    """A worker may always use so many bytes of address space; beyond that up to the memory of the machine."""
    seconds_without_worker: float = 60.0
    """A run on a cluster that has had no worker for so long is given up."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a run."""

    scan: ScanSettings = field(default_factory=ScanSettings)
    ink: InkSettings = field(default_factory=InkSettings)
    marks: MarkSettings = field(default_factory=MarkSettings)
    straighten: StraightenSettings = field(default_factory=StraightenSettings)
    spotting: SpottingSettings = field(default_factory=SpottingSettings)
    library: LibrarySettings = field(default_factory=LibrarySettings)
    recognition: RecognitionSettings = field(default_factory=RecognitionSettings)
    lettering: LetteringSettings = field(default_factory=LetteringSettings)
    evaluate: EvaluateSettings = field(default_factory=EvaluateSettings)
    dates: DateSettings = field(default_factory=DateSettings)
    print: PrintSettings = field(default_factory=PrintSettings)
    flights: FlightSettings = field(default_factory=FlightSettings)
    overlay: OverlaySettings = field(default_factory=OverlaySettings)
    batch: BatchSettings = field(default_factory=BatchSettings)
