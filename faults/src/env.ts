/** The long form: every point, many kills, large syncs. */
export const long = process.env.FAULTS_LONG === 'true';

/** Decides everything that is random; printed by every storm, so that it can be lived through again. */
export const seed = Number(process.env.FAULTS_SEED ?? 20_261_122);
