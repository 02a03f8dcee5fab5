// The REST API as a process of its own, over the services that the environment names; prints its address.
import { openServices } from '../server.ts';
import { benchEnvironment } from './env.ts';
import { serveRest } from './serve-rest.ts';

const rest = await serveRest(openServices(benchEnvironment()));
process.stdout.write(`${rest.url}\n`);
