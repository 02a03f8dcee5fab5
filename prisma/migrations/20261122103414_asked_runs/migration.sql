-- AlterTable
ALTER TABLE "runs" ADD COLUMN     "about" JSONB,
ADD COLUMN     "key_filter" BYTEA,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'sync',
ADD COLUMN     "selection" JSONB;

-- AlterTable
ALTER TABLE "syncs" ADD COLUMN     "doubt_rows" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "dry_runs" (
    "id" UUID NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "sync_id" INTEGER,
    "specification" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dry_runs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "dry_runs_created_at_idx" ON "dry_runs"("created_at");

-- AddForeignKey
ALTER TABLE "dry_runs" ADD CONSTRAINT "dry_runs_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A run of the whole model waits at most once, and beside it, one run that somebody asked for by hand.
DROP INDEX "runs_one_queued";
CREATE UNIQUE INDEX "runs_one_queued" ON "runs"("sync_id") WHERE "status" = 'queued' AND "selection" IS NULL;
CREATE UNIQUE INDEX "runs_one_asked" ON "runs"("sync_id") WHERE "status" = 'queued' AND "selection" IS NOT NULL;
