-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "log_pruned_at" TIMESTAMPTZ(3),
ADD COLUMN     "pace" JSONB,
ADD COLUMN     "results_pruned_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "syncs" ADD COLUMN     "failures" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "pause" JSONB,
ADD COLUMN     "paused_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "workspaces" ADD COLUMN     "ledger_days" INTEGER NOT NULL DEFAULT 30,
ADD COLUMN     "log_days" INTEGER NOT NULL DEFAULT 30,
ADD COLUMN     "plan_days" INTEGER NOT NULL DEFAULT 30,
ADD COLUMN     "run_days" INTEGER NOT NULL DEFAULT 365;

-- CreateTable
CREATE TABLE "missed_schedules" (
    "id" SERIAL NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "sync_id" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "times" INTEGER NOT NULL,
    "run_id" INTEGER,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "missed_schedules_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "missed_schedules_sync_id_id_idx" ON "missed_schedules"("sync_id", "id" DESC);

-- CreateIndex
CREATE INDEX "missed_schedules_workspace_id_last_at_idx" ON "missed_schedules"("workspace_id", "last_at");

-- AddForeignKey
ALTER TABLE "missed_schedules" ADD CONSTRAINT "missed_schedules_workspace_id_sync_id_fkey" FOREIGN KEY ("workspace_id", "sync_id") REFERENCES "syncs"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One row at a time for what still lasts.
CREATE UNIQUE INDEX "missed_schedules_open_key" ON "missed_schedules"("sync_id", "reason") WHERE "ended_at" IS NULL;

-- What was set for everything so far holds for each part.
UPDATE "workspaces" SET "plan_days" = "retention_days", "ledger_days" = "retention_days", "log_days" = "retention_days";
UPDATE "runs" SET "results_pruned_at" = "pruned_at", "log_pruned_at" = "pruned_at" WHERE "pruned_at" IS NOT NULL;
