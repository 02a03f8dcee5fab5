-- AlterTable
ALTER TABLE "run_batches" ADD COLUMN     "memory" TEXT;
