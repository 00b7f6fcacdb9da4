// Acts in the network namespace that it is started in. Each call tells one line of JSON: {"value": ...} or {"code": "E..."}.
//   fetch ADDRESS PORT | serve PORT TEXT ADDRESS (until stdin ends) | resolve NAME
import { Resolver } from 'node:dns/promises';
import { connect, createServer } from 'node:net';

const tell = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
const fail = (error) => tell({ code: error.code ?? String(error) });

const calls = {
  fetch(host, port) {
    const socket = connect({ host, port: Number(port) });
    const late = setTimeout(() => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })), 1000);
    let value = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      value += text;
    });
    socket.on('error', fail);
    socket.on('end', () => tell({ value }));
    socket.on('close', () => clearTimeout(late));
  },
  serve(port, text, host) {
    const server = createServer((socket) => {
      socket.on('error', () => {}); // whoever asked has gone
      socket.end(text);
    });
    server.on('error', fail);
    server.listen({ host, port: Number(port) }, () => tell({ value: true }));
    process.stdin.resume().on('end', () => process.exit());
  },
  resolve(name) {
    const resolver = new Resolver({ timeout: 1000, tries: 1 });
    resolver.setServers(['127.0.0.11']);
    resolver.resolve4(name).then(
      (value) => tell({ value }),
      () => tell({ value: [] }),
    );
  },
};

const [call, ...args] = process.argv.slice(2);
calls[call](...args);
