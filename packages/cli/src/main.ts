import { environment } from './env.ts';
import { runProgram } from './program.ts';
import { openTerminal } from './terminal.ts';

// Whoever reads the output may stop early (`| head`): that is no failure.
process.stdout.on('error', (err: NodeJS.ErrnoException) => {
  if (err.code === 'EPIPE') process.exit(0);
  throw err;
});
process.exitCode = await runProgram(process.argv.slice(2), openTerminal(), environment);
