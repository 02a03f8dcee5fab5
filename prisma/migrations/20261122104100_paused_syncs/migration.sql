-- Few syncs are paused, and all of them are looked at every few seconds.
CREATE INDEX "syncs_paused" ON "syncs"("id") WHERE "pause" IS NOT NULL;
