-- Names on the appliance: a numbered suffix lives on the claim, and stays with the person; an
-- account that was made anew under another name remembers the former one until that is gone.

-- Of a suffixed key: the folded key that was taken, and the number behind it.
ALTER TABLE claim ADD COLUMN suffix_base TEXT;
ALTER TABLE claim ADD COLUMN suffix_number INTEGER;

-- The account under its former name that is still to be taken away, as JSON.
ALTER TABLE link ADD COLUMN former TEXT;
-- Notes that outlive the next attempt, as JSON.
ALTER TABLE link ADD COLUMN lasting_notes TEXT NOT NULL DEFAULT '{}';
