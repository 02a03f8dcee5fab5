-- CreateTable
CREATE TABLE "run_chunks" (
    "run_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "class" TEXT NOT NULL,
    "seq_from" INTEGER NOT NULL,
    "seq_to" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "epoch" INTEGER NOT NULL DEFAULT 0,
    "owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "claims" INTEGER NOT NULL DEFAULT 0,
    "delivered" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "uncertain" INTEGER NOT NULL DEFAULT 0,
    "error" JSONB,

    CONSTRAINT "run_chunks_pkey" PRIMARY KEY ("run_id","number")
);

-- CreateTable
CREATE UNLOGGED TABLE "destination_paces" (
    "destination_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "free_at" TIMESTAMPTZ(6) NOT NULL DEFAULT '-infinity'::timestamp with time zone,

    CONSTRAINT "destination_paces_pkey" PRIMARY KEY ("destination_id","name")
);

-- CreateTable
CREATE UNLOGGED TABLE "destination_places" (
    "destination_id" INTEGER NOT NULL,
    "at_once" INTEGER NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "holders" JSONB NOT NULL DEFAULT '{}',
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "destination_places_pkey" PRIMARY KEY ("destination_id","at_once")
);

-- AddForeignKey
ALTER TABLE "run_chunks" ADD CONSTRAINT "run_chunks_workspace_id_run_id_fkey" FOREIGN KEY ("workspace_id", "run_id") REFERENCES "runs"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "destination_paces" ADD CONSTRAINT "destination_paces_workspace_id_destination_id_fkey" FOREIGN KEY ("workspace_id", "destination_id") REFERENCES "destinations"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "destination_places" ADD CONSTRAINT "destination_places_workspace_id_destination_id_fkey" FOREIGN KEY ("workspace_id", "destination_id") REFERENCES "destinations"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
