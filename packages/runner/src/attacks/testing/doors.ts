import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Servers on every kind of address of this machine; whoever reaches one was not held. */
export interface Doors {
  port: number;
  path: string;
  /** The name of the abstract socket, without its leading NUL. */
  abstract: string;
  /** Through which doors something came since the last look. */
  hits(): string[];
  close(): Promise<void>;
}

export async function openDoors(path: string, abstract: string): Promise<Doors> {
  let hits: string[] = [];
  const listen = async (name: string, address: { port?: number; host?: string; path?: string }): Promise<Server> => {
    const server = createServer((socket) => {
      hits.push(name);
      socket.destroy();
    });
    server.listen(address);
    await once(server, 'listening');
    return server;
  };
  const tcp = await listen('tcp', { port: 0, host: '127.0.0.1' });
  const { port } = tcp.address() as { port: number };
  const servers = [
    tcp,
    await listen('a socket file', { path }),
    await listen('an abstract socket', { path: `\0${abstract}` }),
  ];
  const udp = createSocket('udp4', () => hits.push('udp'));
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return {
    port,
    path,
    abstract,
    hits() {
      const seen = [...new Set(hits)];
      hits = [];
      return seen;
    },
    async close() {
      udp.close();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
