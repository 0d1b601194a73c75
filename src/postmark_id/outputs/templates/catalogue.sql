-- Tables of catalogue.sqlite, version 1. Columns are never renamed within a version.

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  folder TEXT NOT NULL,
  begun TEXT NOT NULL,
  ended TEXT,
  tool_version TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  pairing TEXT NOT NULL,
  attribution TEXT NOT NULL
);

-- A page of a file; or a cover, where front and back were examined together.
CREATE TABLE scans (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  frame INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  dpi REAL,
  back_path TEXT,
  back_frame INTEGER,
  back_sha256 TEXT,
  outcome TEXT NOT NULL,
  error_code TEXT,
  error_message TEXT,
  error_hint TEXT,
  story TEXT NOT NULL,
  UNIQUE (run_id, path, frame)
);
CREATE INDEX scans_by_sha256 ON scans (sha256);
CREATE INDEX scans_by_outcome ON scans (outcome);

CREATE TABLE marks (
  id INTEGER PRIMARY KEY,
  scan_id INTEGER NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  side TEXT NOT NULL,
  kind TEXT NOT NULL,
  shape TEXT NOT NULL,
  station TEXT,
  on_board INTEGER,
  reference TEXT,
  score REAL NOT NULL,
  x INTEGER NOT NULL,
  y INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  rotation REAL NOT NULL,
  ink TEXT NOT NULL,
  lettering TEXT NOT NULL,
  reasons TEXT NOT NULL,
  UNIQUE (scan_id, number)
);
CREATE INDEX marks_by_station ON marks (station, kind);

-- Dates of all marks; those with counts = 1 are of on-board marks and name the flights.
CREATE TABLE dates (
  id INTEGER PRIMARY KEY,
  scan_id INTEGER NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
  mark_id INTEGER NOT NULL UNIQUE REFERENCES marks (id) ON DELETE CASCADE,
  counts INTEGER NOT NULL,
  date TEXT NOT NULL,
  until TEXT,
  hour INTEGER,
  score REAL NOT NULL,
  text TEXT NOT NULL,
  place TEXT NOT NULL,
  engine TEXT,
  alternatives TEXT NOT NULL
);
CREATE INDEX dates_by_scan ON dates (scan_id);
CREATE INDEX dates_by_date ON dates (date);

-- Who was on the station on a date.
CREATE TABLE aboard (
  date_id INTEGER NOT NULL REFERENCES dates (id) ON DELETE CASCADE,
  seat INTEGER NOT NULL,
  person TEXT NOT NULL,
  PRIMARY KEY (date_id, seat)
);
CREATE INDEX aboard_by_person ON aboard (person);

CREATE TABLE flights (
  id INTEGER PRIMARY KEY,
  scan_id INTEGER NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
  rank INTEGER NOT NULL,
  flight TEXT NOT NULL,
  station TEXT NOT NULL,
  event TEXT NOT NULL,
  event_time TEXT NOT NULL,
  date TEXT NOT NULL,
  days_off INTEGER NOT NULL,
  score REAL NOT NULL,
  reasons TEXT NOT NULL,
  UNIQUE (scan_id, rank)
);
CREATE INDEX flights_by_name ON flights (flight);

CREATE TABLE warnings (
  id INTEGER PRIMARY KEY,
  scan_id INTEGER NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
  code TEXT NOT NULL,
  message TEXT NOT NULL
);
CREATE INDEX warnings_by_scan ON warnings (scan_id);
CREATE INDEX warnings_by_code ON warnings (code);

-- A row a cover, with the best suggestion.
CREATE VIEW covers AS
SELECT
  scans.id AS scan_id, runs.folder AS run, scans.path, scans.frame, scans.back_path, scans.outcome,
  flights.flight, flights.event, flights.station, flights.date, flights.event_time, flights.score, scans.story
FROM scans
JOIN runs ON runs.id = scans.run_id
LEFT JOIN flights ON flights.scan_id = scans.id AND flights.rank = 1;

-- Which covers of Soyuz TM-24 do I have? SELECT * FROM covers_by_flight WHERE flight = 'Soyuz TM-24'
-- A suggestion is sure where the flight was identified; the others are candidates to look at.
CREATE VIEW covers_by_flight AS
SELECT
  flights.flight, flights.event, flights.station, flights.date, scans.outcome = 'identified'
    AND flights.rank <= (
      SELECT count(DISTINCT dates.date) FROM dates WHERE dates.scan_id = scans.id AND dates.counts
    ) AS sure,
  flights.rank, flights.score, scans.path, scans.frame, scans.back_path, scans.outcome, runs.folder AS run,
  scans.id AS scan_id
FROM flights
JOIN scans ON scans.id = flights.scan_id
JOIN runs ON runs.id = scans.run_id;

-- How many covers of each flight were identified, and on how many more it is a candidate.
CREATE VIEW flight_counts AS
SELECT
  flight, station, count(DISTINCT CASE WHEN sure THEN scan_id END) AS identified,
  count(DISTINCT scan_id) - count(DISTINCT CASE WHEN sure THEN scan_id END) AS candidates
FROM covers_by_flight
GROUP BY flight, station;

-- Whose signatures a cover can carry: the people aboard on its dates.
CREATE VIEW covers_by_person AS
SELECT aboard.person, dates.date, scans.path, scans.frame, runs.folder AS run, scans.id AS scan_id
FROM aboard
JOIN dates ON dates.id = aboard.date_id
JOIN scans ON scans.id = dates.scan_id
JOIN runs ON runs.id = scans.run_id;

-- What wants a look: failures first, then covers without one clear answer, with their warnings.
CREATE VIEW to_look_at AS
SELECT
  scans.outcome, scans.path, scans.frame, coalesce(scans.error_message, group_concat(warnings.message, ' ')) AS why,
  runs.folder AS run, scans.id AS scan_id
FROM scans
JOIN runs ON runs.id = scans.run_id
LEFT JOIN warnings ON warnings.scan_id = scans.id
WHERE scans.outcome NOT IN ('identified', 'no-mark')
GROUP BY scans.id
ORDER BY scans.outcome <> 'error', scans.outcome, scans.path, scans.frame;
