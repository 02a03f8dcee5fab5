-- CreateTable
CREATE TABLE "sequences" (
    "id" UUID NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "schedule" JSONB,
    "schedule_anchor" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_run_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sequences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sequence_steps" (
    "workspace_id" INTEGER NOT NULL,
    "sequence_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "sync_id" INTEGER NOT NULL,
    "policy" TEXT NOT NULL,
    "rejected_share_max" DOUBLE PRECISION,

    CONSTRAINT "sequence_steps_pkey" PRIMARY KEY ("sequence_id","position")
);

-- CreateTable
CREATE TABLE "sequence_runs" (
    "id" UUID NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "sequence_id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "trigger" TEXT NOT NULL,
    "triggered_by" TEXT NOT NULL,
    "tick" TIMESTAMPTZ(3),
    "error" JSONB,
    "cancel_requested_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "sequence_runs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sequence_run_steps" (
    "workspace_id" INTEGER NOT NULL,
    "sequence_run_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "sync_id" INTEGER NOT NULL,
    "sync_slug" TEXT NOT NULL,
    "policy" TEXT NOT NULL,
    "rejected_share_max" DOUBLE PRECISION,
    "run_id" INTEGER,
    "error" JSONB,

    CONSTRAINT "sequence_run_steps_pkey" PRIMARY KEY ("sequence_run_id","position")
);

-- CreateTable
CREATE TABLE "sequence_trigger_keys" (
    "token_id" INTEGER NOT NULL,
    "key_hash" TEXT NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "sequence_id" UUID NOT NULL,
    "sequence_run_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sequence_trigger_keys_pkey" PRIMARY KEY ("token_id","key_hash")
);

-- CreateIndex
CREATE INDEX "sequences_next_run_at_idx" ON "sequences"("next_run_at");

-- CreateIndex
CREATE INDEX "sequences_workspace_id_name_id_idx" ON "sequences"("workspace_id", "name", "id");

-- CreateIndex
CREATE INDEX "sequences_workspace_id_created_at_id_idx" ON "sequences"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "sequences_workspace_id_updated_at_id_idx" ON "sequences"("workspace_id", "updated_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "sequences_workspace_id_slug_key" ON "sequences"("workspace_id", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "sequences_workspace_id_id_key" ON "sequences"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "sequence_steps_workspace_id_sync_id_idx" ON "sequence_steps"("workspace_id", "sync_id");

-- CreateIndex
CREATE UNIQUE INDEX "sequence_runs_number_key" ON "sequence_runs"("number");

-- CreateIndex
CREATE INDEX "sequence_runs_sequence_id_number_idx" ON "sequence_runs"("sequence_id", "number" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "sequence_runs_sequence_id_tick_key" ON "sequence_runs"("sequence_id", "tick");

-- CreateIndex
CREATE UNIQUE INDEX "sequence_runs_workspace_id_id_key" ON "sequence_runs"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "sequence_trigger_keys_created_at_idx" ON "sequence_trigger_keys"("created_at");

-- CreateIndex
CREATE INDEX "sequence_trigger_keys_workspace_id_sequence_run_id_idx" ON "sequence_trigger_keys"("workspace_id", "sequence_run_id");

-- AddForeignKey
ALTER TABLE "sequences" ADD CONSTRAINT "sequences_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_steps" ADD CONSTRAINT "sequence_steps_workspace_id_sequence_id_fkey" FOREIGN KEY ("workspace_id", "sequence_id") REFERENCES "sequences"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_steps" ADD CONSTRAINT "sequence_steps_workspace_id_sync_id_fkey" FOREIGN KEY ("workspace_id", "sync_id") REFERENCES "syncs"("workspace_id", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_runs" ADD CONSTRAINT "sequence_runs_workspace_id_sequence_id_fkey" FOREIGN KEY ("workspace_id", "sequence_id") REFERENCES "sequences"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_run_steps" ADD CONSTRAINT "sequence_run_steps_workspace_id_sequence_run_id_fkey" FOREIGN KEY ("workspace_id", "sequence_run_id") REFERENCES "sequence_runs"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_trigger_keys" ADD CONSTRAINT "sequence_trigger_keys_token_id_fkey" FOREIGN KEY ("token_id") REFERENCES "api_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_trigger_keys" ADD CONSTRAINT "sequence_trigger_keys_workspace_id_sequence_run_id_fkey" FOREIGN KEY ("workspace_id", "sequence_run_id") REFERENCES "sequence_runs"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE UNIQUE INDEX "sequence_runs_one_running" ON "sequence_runs"("sequence_id") WHERE "status" = 'running';
CREATE UNIQUE INDEX "sequence_runs_one_pending" ON "sequence_runs"("sequence_id") WHERE "status" = 'pending';

-- What the worker looks at every second.
CREATE INDEX "sequence_runs_open" ON "sequence_runs"("status", "number") WHERE "status" IN ('pending', 'running');
