import fc from 'fast-check';

/**
 * Property tests ask the same questions on every machine, so that a failure means the change before it. `SEED` asks others
 * (`SEED=$RANDOM npm test -- --only unit`); a property that fails prints its seed and path.
 */
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20_261_122) });
