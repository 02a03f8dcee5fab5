-- AlterTable
ALTER TABLE "models" ADD COLUMN     "dbt_node_id" INTEGER;

-- CreateTable
CREATE TABLE "dbt_projects" (
    "id" SERIAL NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "source_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "url" TEXT,
    "header_name" TEXT,
    "header" TEXT,
    "dbt_name" TEXT,
    "dbt_version" TEXT,
    "schema_version" INTEGER,
    "adapter" TEXT,
    "generated_at" TIMESTAMPTZ(6),
    "taken_at" TIMESTAMPTZ(3),
    "taken_by" TEXT,
    "last_report" JSONB,
    "last_build" JSONB,
    "version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dbt_projects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dbt_nodes" (
    "id" SERIAL NOT NULL,
    "workspace_id" INTEGER NOT NULL,
    "project_id" INTEGER NOT NULL,
    "unique_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "package_name" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "materialised" TEXT NOT NULL,
    "relation" TEXT,
    "database" TEXT,
    "schema" TEXT,
    "checksum" TEXT,
    "raw_sql" TEXT,
    "compiled_sql" TEXT,
    "columns" JSONB NOT NULL DEFAULT '[]',
    "tags" TEXT[],
    "exposures" JSONB NOT NULL DEFAULT '[]',
    "fingerprint" TEXT NOT NULL,
    "present" BOOLEAN NOT NULL DEFAULT true,
    "previous_id" TEXT,
    "renamed_at" TIMESTAMPTZ(3),

    CONSTRAINT "dbt_nodes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "dbt_projects_workspace_id_source_id_idx" ON "dbt_projects"("workspace_id", "source_id");

-- CreateIndex
CREATE UNIQUE INDEX "dbt_projects_workspace_id_slug_key" ON "dbt_projects"("workspace_id", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "dbt_projects_workspace_id_id_key" ON "dbt_projects"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "dbt_nodes_workspace_id_project_id_name_id_idx" ON "dbt_nodes"("workspace_id", "project_id", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "dbt_nodes_project_id_unique_id_key" ON "dbt_nodes"("project_id", "unique_id");

-- CreateIndex
CREATE UNIQUE INDEX "dbt_nodes_workspace_id_id_key" ON "dbt_nodes"("workspace_id", "id");

-- CreateIndex
CREATE INDEX "models_workspace_id_dbt_node_id_idx" ON "models"("workspace_id", "dbt_node_id");

-- AddForeignKey
ALTER TABLE "models" ADD CONSTRAINT "models_workspace_id_dbt_node_id_fkey" FOREIGN KEY ("workspace_id", "dbt_node_id") REFERENCES "dbt_nodes"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dbt_projects" ADD CONSTRAINT "dbt_projects_workspace_id_source_id_fkey" FOREIGN KEY ("workspace_id", "source_id") REFERENCES "sources"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dbt_nodes" ADD CONSTRAINT "dbt_nodes_workspace_id_project_id_fkey" FOREIGN KEY ("workspace_id", "project_id") REFERENCES "dbt_projects"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
