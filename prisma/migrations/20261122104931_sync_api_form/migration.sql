-- AlterTable
ALTER TABLE "syncs" ADD COLUMN     "api_form" JSONB;
