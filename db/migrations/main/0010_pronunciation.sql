-- How a name is said, as the person wrote it; null where they left it out.
ALTER TABLE public_profile ADD COLUMN pronunciation TEXT CHECK (length(pronunciation) BETWEEN 1 AND 60);
