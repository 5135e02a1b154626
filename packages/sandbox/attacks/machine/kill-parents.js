import { report } from './report.js';

export default report(
  () => process.kill(process.ppid, 'SIGSTOP'),
  () => process.kill(process.ppid, 'SIGKILL'),
  () => process.kill(Number('__RUNNER_PID__'), 'SIGKILL'),
  () => process.kill(0, 'SIGKILL'),
);
