import { EngineError } from '../../spec/index.ts';
import { json } from '../response.ts';
import { type Route, route } from '../route.ts';

const notManager =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';

const refuse = (status: number, message: string) => (): never => {
  throw new EngineError(status, message);
};

const swarmPaths = ['/services', '/tasks', '/nodes', '/secrets', '/configs'];

/** What this engine does not have: plugins that were never installed, a swarm that was never joined, sessions. */
export const otherRoutes: readonly Route[] = [
  route('GET', '/plugins', () => json([])),
  ...(
    [
      ['GET', '/json'],
      ['DELETE', ''],
      ['POST', '/enable'],
      ['POST', '/disable'],
      ['POST', '/push'],
      ['POST', '/set'],
      ['POST', '/upgrade'],
    ] as const
  ).map(([method, action]) =>
    route(method, `/plugins/{*}${action}`, (_backend, request) => {
      throw new EngineError(404, `plugin ${JSON.stringify(request.name)} not found`);
    }),
  ),
  route('GET', '/swarm', refuse(503, notManager)),
  route('GET', '/swarm/unlockkey', refuse(503, notManager)),
  route('POST', '/swarm/leave', refuse(503, 'This node is not part of a swarm')),
  route('POST', '/swarm/init', refuse(501, 'drydock: swarm mode is not simulated')),
  route('POST', '/swarm/join', refuse(501, 'drydock: swarm mode is not simulated')),
  ...swarmPaths.flatMap((path) => [
    route('GET', path, refuse(503, notManager)),
    route('POST', `${path}/create`, refuse(503, notManager)),
    route('GET', `${path}/{*}`, refuse(503, notManager)),
    route('DELETE', `${path}/{*}`, refuse(503, notManager)),
  ]),
  // The session carries gRPC over HTTP/2; a client that is not told Builder-Version: 2 does not ask for it.
  route('POST', '/session', refuse(501, 'drydock: BuildKit sessions are not simulated')),
  route('POST', '/grpc', refuse(501, 'drydock: BuildKit over gRPC is not simulated')),
];
