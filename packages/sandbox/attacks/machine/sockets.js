import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { report } from './report.js';

const port = Number('__PORT__');
const tcp = (target) =>
  new Promise((resolve) => {
    const socket = connect(target, () => socket.end('hit', () => resolve('connected')));
    socket.on('error', (error) => resolve(error.code));
  });
const udp = () =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.on('error', (error) => resolve(error.code));
    socket.send('hit', port, '127.0.0.1', (error) => resolve(error?.code ?? 'sent'));
  });

export default report(
  () => tcp({ port, host: '127.0.0.1' }),
  () => tcp({ port, host: 'localhost' }),
  () => tcp({ path: '__SOCKET__' }),
  () => tcp({ path: '\0__ABSTRACT__' }),
  udp,
  () => fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text()),
);
