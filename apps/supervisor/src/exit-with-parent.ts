// Loaded into web and worker with --import. When the supervisor dies without a word (a kill, a crash), its end of the
// channel closes, and its children stop by themselves instead of living on unseen.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
