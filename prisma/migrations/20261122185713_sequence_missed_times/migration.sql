-- AlterTable
ALTER TABLE "sequence_runs" ADD COLUMN     "missed" JSONB;
