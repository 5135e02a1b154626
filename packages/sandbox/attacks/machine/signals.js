import { report } from './report.js';

const kill = (pid, signal) => process.kill(Number(pid), signal);

export default report(
  () => kill('__CANARY_PID__', 'SIGSTOP'),
  () => kill('__CANARY_PID__', 'SIGTERM'),
  () => kill('__CANARY_PID__', 'SIGKILL'),
);
