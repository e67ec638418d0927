-- How far a kiosk's clock is ahead of the hub's, in seconds, and how many bytes are free on its disk, as it last said.
ALTER TABLE kiosks ADD COLUMN clock_ahead INTEGER;
ALTER TABLE kiosks ADD COLUMN free INTEGER;
