/** Small servers that tell who was asked: whoami of Traefik, http-echo of HashiCorp. */
import { type HttpRequest, type HttpResponse, textContent } from '../../../../spec/index.ts';
import type { Program } from '../../../kernel/program.ts';
import type { Sys } from '../../../kernel/sys.ts';
import { acceptLoop, type Client, listenOn } from './serve.ts';

type Answer = (request: HttpRequest, client: Client) => { status?: number; text: string };

/** A flag of Go's package flag: `-port 80`, `--port=80`; the environment is asked when it is not given. */
function option(sys: Sys, name: string, otherwise: string, variable?: string): string {
  const at = sys.argv.findIndex((arg) => new RegExp(`^--?${name}(?:=|$)`).test(arg));
  const given = at < 0 ? undefined : (/=(.*)$/s.exec(sys.argv[at]!)?.[1] ?? sys.argv[at + 1]);
  return given ?? (variable ? sys.env[variable] : undefined) ?? otherwise;
}

async function serve(sys: Sys, port: number, answer: Answer): Promise<number> {
  sys.setMemory(6 << 20);
  const fd = listenOn(sys, 'inet6', '::', port);
  await acceptLoop(
    sys,
    fd,
    () => false,
    async (request, client): Promise<HttpResponse> => {
      const { status = 200, text } = answer(request, client);
      const body = textContent(text);
      return {
        status,
        headers: [
          ['Date', new Date(sys.now().sec * 1000).toUTCString()],
          ['Content-Length', String(body.size)],
          ['Content-Type', 'text/plain; charset=utf-8'],
        ],
        body: request.method === 'HEAD' ? undefined : body,
      };
    },
  );
  return 0;
}

/** traefik/whoami: the host, its addresses, and the request as it came. */
export const whoami: Program = async (sys) => {
  const port = Number(option(sys, 'port', '80', 'WHOAMI_PORT_NUMBER'));
  const name = option(sys, 'name', '', 'WHOAMI_NAME');
  await sys.write(2, `${stamp(sys)} Starting up on port ${port}\n`);
  return serve(sys, port, (request, { address, port: from }) => {
    if (/^\/health(?:\?|$)/.test(request.target)) return { text: '' };
    const host = request.headers.find(([key]) => key.toLowerCase() === 'host')?.[1] ?? '';
    const others = request.headers.filter(([key]) => key.toLowerCase() !== 'host');
    const told = [
      ...(name === '' ? [] : [`Name: ${name}`]),
      `Hostname: ${sys.uname().nodename}`,
      ...addresses(sys).map((one) => `IP: ${one}`),
      `RemoteAddr: ${address.includes(':') ? `[${address}]` : address}:${from}`,
      `${request.method} ${request.target} HTTP/1.1`,
      `Host: ${host}`,
      ...others.map(([key, value]) => `${key}: ${value}`).sort(),
    ];
    return { text: `${told.join('\n')}\n\n` };
  });
};

/** hashicorp/http-echo: the same text to everyone. */
export const httpEcho: Program = async (sys) => {
  const text = option(sys, 'text', '', 'ECHO_TEXT');
  const port = Number(/(\d+)$/.exec(option(sys, 'listen', ':5678'))?.[1] ?? 5678);
  const status = Number(option(sys, 'status-code', '200'));
  if (text === '') {
    await sys.write(2, 'Missing -text option!\n');
    return 127;
  }
  await sys.write(1, `${stamp(sys)} [INFO] server is listening on :${port}\n`);
  return serve(sys, port, () => ({ status, text: `${text}\n` }));
};

const stamp = (sys: Sys): string => {
  const moment = new Date(sys.now().sec * 1000).toISOString();
  return `${moment.slice(0, 10).replaceAll('-', '/')} ${moment.slice(11, 19)}`;
};

const addresses = (sys: Sys): string[] => sys.netlink.addresses().map(({ cidr }) => cidr.replace(/\/.*/, ''));
