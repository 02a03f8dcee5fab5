-- AlterTable
ALTER TABLE "sources" ADD COLUMN     "planner_tables" BOOLEAN NOT NULL DEFAULT false;
