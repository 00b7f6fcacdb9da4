/**
 * Images of people and companies that tutorials run to have a page to look at. Differs from Docker Hub: the pages are our
 * own and say so; all stand on nginx, whatever serves the real ones.
 */
import { parseRfc3339 } from '../spec/index.ts';
import type { Userland } from './images.ts';
import type { Recipe } from './recipe.ts';
import { RootfsTree } from './tree.ts';

interface Site {
  created: string;
  title: string;
  body: string;
  port: number;
}

export const welcomeToDocker: Site = {
  created: '2023-08-21T17:18:41Z',
  title: 'Welcome to Docker',
  body: '<p>This page comes out of a container: nginx answers, in a network namespace of its own.</p><p>It stands where the page of <code>docker/welcome-to-docker</code> is on Docker Hub; the real one looks different.</p>',
  port: 80,
};

export const cats: Site = {
  created: '2019-08-14T13:29:25Z',
  title: 'Random cat',
  body: '<pre>\n |\\__/,|   (`\\\n |_ _  |.--.) )\n ( T   )     /\n(((^_(((/(((_/\n</pre><p>It stands where <code>mikesir87/cats</code> shows pictures of cats, which the simulated internet does not have.</p>',
  port: 5000,
};

const page = ({ title, body }: Site): string =>
  `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${title}</title></head>\n<body style="font-family: sans-serif; max-width: 40em; margin: 4em auto">\n<h1>${title}</h1>\n${body}\n</body>\n</html>\n`;

const server = (port: number): string =>
  `server {\n    listen       ${port};\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html;\n    }\n}\n`;

/** A page on an image of nginx. */
export const siteOn =
  (base: (userland: Userland) => Promise<Recipe>, site: Site) =>
  async (userland: Userland): Promise<Recipe> => {
    const below = await base(userland);
    const mtime = { ...parseRfc3339(site.created)!, nsec: 0 };
    const tree = new RootfsTree(mtime)
      .file('usr/share/nginx/html/index.html', page(site))
      .file('etc/nginx/conf.d/default.conf', server(site.port));
    return {
      created: site.created,
      steps: [...below.steps, { createdBy: 'COPY site/ / # buildkit', comment: 'buildkit.dockerfile.v0', tree }],
      config: { ...below.config, ExposedPorts: { [`${site.port}/tcp`]: {} } },
    };
  };

const greetingCreated = '2016-03-17T20:12:12Z';

/** A page that greets whom AUTHOR names, written when the container starts. */
export const greetingOn =
  (base: (userland: Userland) => Promise<Recipe>) =>
  async (userland: Userland): Promise<Recipe> => {
    const below = await base(userland);
    const body =
      '<p>The page was written when the container started, with the name that its variable AUTHOR holds.</p><p>It stands where the page of a sample of Docker’s is; the real one looks different.</p>';
    const tree = new RootfsTree({ ...parseRfc3339(greetingCreated)!, nsec: 0 }).file(
      'usr/share/nginx/html/Hello_docker.html',
      page({ created: greetingCreated, title: 'Hello Docker!', body, port: 80 }),
    );
    const start = `cd /usr/share/nginx/html && sed -e s/Docker/"$AUTHOR"/ Hello_docker.html > index.html ; nginx -g 'daemon off;'`;
    return {
      created: greetingCreated,
      steps: [...below.steps, { createdBy: 'COPY Hello_docker.html /usr/share/nginx/html # buildkit', tree }],
      config: {
        ...below.config,
        Env: [...(below.config.Env ?? []), 'AUTHOR=Docker'],
        ExposedPorts: { '443/tcp': {}, '80/tcp': {} },
        Entrypoint: null,
        Cmd: ['/bin/sh', '-c', start],
      },
    };
  };
