-- What people said of covers with `postmark-id review`; kept apart from what the program says.

CREATE TABLE IF NOT EXISTS reviews (
  id INTEGER PRIMARY KEY,
  scan_id INTEGER NOT NULL UNIQUE REFERENCES scans (id) ON DELETE CASCADE,
  verdict TEXT NOT NULL,
  note TEXT NOT NULL,
  at TEXT NOT NULL
);

-- The right flights, as a person chose or named them.
CREATE TABLE IF NOT EXISTS review_flights (
  review_id INTEGER NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
  flight TEXT NOT NULL,
  station TEXT,
  event TEXT,
  event_time TEXT,
  date TEXT
);
CREATE INDEX IF NOT EXISTS review_flights_by_review ON review_flights (review_id);

-- What a mark is, where the program said something else, or what it is to be learned as.
CREATE TABLE IF NOT EXISTS review_marks (
  review_id INTEGER NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  station TEXT,
  date TEXT,
  teach TEXT
);
CREATE INDEX IF NOT EXISTS review_marks_by_review ON review_marks (review_id);

-- The last word on each cover: what a person said, else what the program identified.
CREATE VIEW IF NOT EXISTS last_words AS
SELECT
  scans.id AS scan_id, runs.folder AS run, scans.path, scans.frame, scans.back_path,
  coalesce(reviews.verdict, 'not reviewed') AS review,
  CASE WHEN reviews.id IS NULL OR reviews.verdict = 'open' THEN NULL ELSE (
    SELECT group_concat(review_flights.flight, '; ') FROM review_flights WHERE review_flights.review_id = reviews.id
  ) END AS reviewed_flight,
  scans.outcome, covers.flight AS suggested_flight, reviews.note
FROM scans
JOIN runs ON runs.id = scans.run_id
JOIN covers ON covers.scan_id = scans.id
LEFT JOIN reviews ON reviews.scan_id = scans.id;
