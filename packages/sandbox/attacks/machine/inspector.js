import inspector from 'node:inspector';
import { outcomeOf, report } from './report.js';

const list = () => outcomeOf(() => fetch('http://127.0.0.1:9229/json/list').then((answer) => answer.text()));

export default report(
  async () => [process._debugProcess(process.ppid), await list()],
  async () => [process._debugProcess(Number('__RUNNER_PID__')), await list()],
  () => process.kill(process.ppid, 'SIGUSR1'),
  list,
  async () => [inspector.open(0, '127.0.0.1'), 'opened its own'],
);
