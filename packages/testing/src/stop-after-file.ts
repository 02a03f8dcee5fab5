import { afterAll } from 'vitest';
import { stopPostgres } from './postgres.ts';

afterAll(stopPostgres, 60_000);
