import type { VolumeCreateRequest } from '../../spec/index.ts';
import { json, noContent } from '../response.ts';
import { type Route, route } from '../route.ts';

export const volumeRoutes: readonly Route[] = [
  route('GET', '/volumes', async (backend, request) => json(await backend.volumeList(request.filters()))),
  route('POST', '/volumes/create', async (backend, request) =>
    json(await backend.volumeCreate(await request.json<VolumeCreateRequest>()), 201),
  ),
  route('POST', '/volumes/prune', async (backend, request) => json(await backend.volumePrune(request.filters()))),
  route('GET', '/volumes/{*}', async (backend, request) => json(await backend.volumeInspect(request.name))),
  route('DELETE', '/volumes/{*}', async (backend, request) => {
    await backend.volumeDelete(request.name, request.bool('force'));
    return noContent();
  }),
];
