# One image for web, worker and set-up: the same code, started with another command (see docker-compose.yml).
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/web/package.json apps/web/
COPY apps/worker/package.json apps/worker/
COPY apps/supervisor/package.json apps/supervisor/
COPY packages/api/package.json packages/api/
COPY packages/cli/package.json packages/cli/
COPY packages/config/package.json packages/config/
COPY packages/connectors/package.json packages/connectors/
COPY packages/db/package.json packages/db/
COPY packages/domain/package.json packages/domain/
COPY packages/engine/package.json packages/engine/
COPY packages/services/package.json packages/services/
COPY packages/testing/package.json packages/testing/
COPY packages/ui/package.json packages/ui/
COPY e2e/package.json e2e/
RUN npm install --no-save --no-audit --no-fund
COPY . .
RUN npm run generate && node node_modules/next/dist/bin/next build apps/web && npm prune --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=build --chown=node:node /app /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
CMD ["node", "node_modules/next/dist/bin/next", "start", "apps/web", "--port", "3000"]
