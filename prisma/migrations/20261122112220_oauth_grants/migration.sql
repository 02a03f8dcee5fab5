-- CreateTable
CREATE TABLE "oauth_grants" (
    "id" SERIAL NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "connector" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "state" TEXT,
    "sealed" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "holder" TEXT,
    "created_by_id" INTEGER NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "oauth_grants_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "oauth_grants_state_key" ON "oauth_grants"("state");

-- CreateIndex
CREATE UNIQUE INDEX "oauth_grants_workspace_id_id_key" ON "oauth_grants"("workspace_id", "id");

-- AddForeignKey
ALTER TABLE "oauth_grants" ADD CONSTRAINT "oauth_grants_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;
