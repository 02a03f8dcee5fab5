-- Removing a member revokes the tokens they made.
ALTER TABLE "api_tokens" ADD COLUMN "created_by_id" INTEGER;
