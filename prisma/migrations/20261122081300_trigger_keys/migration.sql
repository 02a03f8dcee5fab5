-- CreateTable
CREATE TABLE "trigger_keys" (
    "token_id" INTEGER NOT NULL,
    "key_hash" TEXT NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "request" TEXT NOT NULL,
    "run_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trigger_keys_pkey" PRIMARY KEY ("token_id","key_hash")
);

-- CreateIndex
CREATE INDEX "trigger_keys_created_at_idx" ON "trigger_keys"("created_at");

-- CreateIndex
CREATE INDEX "trigger_keys_workspace_id_run_id_idx" ON "trigger_keys"("workspace_id", "run_id");

-- CreateIndex
CREATE INDEX "destinations_workspace_id_name_id_idx" ON "destinations"("workspace_id", "name", "id");

-- CreateIndex
CREATE INDEX "destinations_workspace_id_created_at_id_idx" ON "destinations"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "destinations_workspace_id_updated_at_id_idx" ON "destinations"("workspace_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "models_workspace_id_name_id_idx" ON "models"("workspace_id", "name", "id");

-- CreateIndex
CREATE INDEX "models_workspace_id_created_at_id_idx" ON "models"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "models_workspace_id_updated_at_id_idx" ON "models"("workspace_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "runs_sync_id_created_at_id_idx" ON "runs"("sync_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "runs_sync_id_started_at_id_idx" ON "runs"("sync_id", "started_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "runs_sync_id_finished_at_id_idx" ON "runs"("sync_id", "finished_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "sources_workspace_id_name_id_idx" ON "sources"("workspace_id", "name", "id");

-- CreateIndex
CREATE INDEX "sources_workspace_id_created_at_id_idx" ON "sources"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "sources_workspace_id_updated_at_id_idx" ON "sources"("workspace_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "syncs_workspace_id_created_at_id_idx" ON "syncs"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "syncs_workspace_id_updated_at_id_idx" ON "syncs"("workspace_id", "updated_at", "id");

-- AddForeignKey
ALTER TABLE "trigger_keys" ADD CONSTRAINT "trigger_keys_token_id_fkey" FOREIGN KEY ("token_id") REFERENCES "api_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trigger_keys" ADD CONSTRAINT "trigger_keys_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id") REFERENCES "runs"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
