import { listRoutes } from './list-routes.ts';

process.stdout.write(`${JSON.stringify(listRoutes(), null, 2)}\n`);
