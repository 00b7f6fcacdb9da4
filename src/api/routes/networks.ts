import type { EndpointSettings, NetworkCreateRequest } from '../../spec/index.ts';
import { empty, json, noContent } from '../response.ts';
import { type Route, route } from '../route.ts';

interface ConnectBody {
  Container: string;
  EndpointConfig?: Partial<EndpointSettings> | null;
  Force?: boolean;
}

export const networkRoutes: readonly Route[] = [
  route('GET', '/networks', async (backend, request) => json(await backend.networkList(request.filters()))),
  route('GET', '/networks/', async (backend, request) => json(await backend.networkList(request.filters()))),
  route('POST', '/networks/create', async (backend, request) =>
    json(await backend.networkCreate(await request.json<NetworkCreateRequest>()), 201),
  ),
  route('POST', '/networks/prune', async (backend, request) => json(await backend.networkPrune(request.filters()))),
  route('POST', '/networks/{*}/connect', async (backend, request) => {
    const body = await request.json<ConnectBody>();
    await backend.networkConnect(request.name, body.Container, body.EndpointConfig);
    return empty(200);
  }),
  route('POST', '/networks/{*}/disconnect', async (backend, request) => {
    const body = await request.json<ConnectBody>();
    await backend.networkDisconnect(request.name, body.Container, body.Force ?? false);
    return empty(200);
  }),
  route('GET', '/networks/{*}', async (backend, request) =>
    json(
      await backend.networkInspect(request.name, { verbose: request.bool('verbose'), scope: request.text('scope') }),
    ),
  ),
  route('DELETE', '/networks/{*}', async (backend, request) => {
    await backend.networkDelete(request.name);
    return noContent();
  }),
];
