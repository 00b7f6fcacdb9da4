import type { DockerCli } from '../docker-cli.ts';
import { buildCommand, builder } from './builder/builder.ts';
import type { Command } from './command.ts';
import { attach } from './container/attach.ts';
import { commit } from './container/commit.ts';
import { cp } from './container/cp.ts';
import { create } from './container/create.ts';
import { diff } from './container/diff.ts';
import { exec } from './container/exec.ts';
import { exportContainer } from './container/export.ts';
import { inspect as containerInspect } from './container/inspect.ts';
import { kill } from './container/kill.ts';
import { ls, ps } from './container/list.ts';
import { logs } from './container/logs.ts';
import { pause } from './container/pause.ts';
import { port } from './container/port.ts';
import { prune as containerPrune } from './container/prune.ts';
import { rename } from './container/rename.ts';
import { restart } from './container/restart.ts';
import { rm } from './container/rm.ts';
import { run } from './container/run.ts';
import { start } from './container/start.ts';
import { stats } from './container/stats.ts';
import { stop } from './container/stop.ts';
import { top } from './container/top.ts';
import { unpause } from './container/unpause.ts';
import { update } from './container/update.ts';
import { wait } from './container/wait.ts';
import { context } from './context/context.ts';
import { history } from './image/history.ts';
import { importImage } from './image/import.ts';
import { inspect as imageInspect } from './image/inspect.ts';
import { ls as imageLs, images } from './image/list.ts';
import { load } from './image/load.ts';
import { prune as imagePrune } from './image/prune.ts';
import { pull } from './image/pull.ts';
import { push } from './image/push.ts';
import { rm as imageRm, rmi } from './image/remove.ts';
import { save } from './image/save.ts';
import { tag } from './image/tag.ts';
import { manifestAnnotate } from './manifest/annotate.ts';
import { manifestCreate } from './manifest/create.ts';
import { manifestInspect } from './manifest/inspect.ts';
import { manifestPush } from './manifest/push.ts';
import { manifestRm } from './manifest/rm.ts';
import { network } from './network/network.ts';
import { hasPlugin } from './plugins.ts';
import { login, logout, search } from './registry/registry.ts';
import { swarmCommands } from './swarm/index.ts';
import { events } from './system/events.ts';
import { info } from './system/info.ts';
import {
  buildxCommands,
  checkpointCommands,
  pluginCommands,
  trustCommands,
  trustKeyCommands,
  trustSignerCommands,
} from './system/lacking.ts';
import { pluginLs } from './system/plugin-ls.ts';
import { inspect, system } from './system/system.ts';
import { version } from './system/version.ts';
import { volume } from './volume/volume.ts';

/** A command that stands a second time at the top: without its siblings' other names. */
const atTop = (command: Command, more: Partial<Command> = {}): Command => ({ ...command, aliases: [], ...more });

const container: Command = {
  name: 'container',
  use: '',
  short: 'Manage containers',
  commands: [
    attach,
    commit,
    cp,
    create,
    diff,
    exec,
    exportContainer,
    containerInspect,
    kill,
    logs,
    ls,
    pause,
    port,
    containerPrune,
    rename,
    restart,
    rm,
    run,
    start,
    stats,
    stop,
    top,
    unpause,
    update,
    wait,
  ],
};

const image: Command = {
  name: 'image',
  use: '',
  short: 'Manage images',
  commands: [
    buildCommand,
    history,
    importImage,
    imageInspect,
    load,
    imageLs,
    imagePrune,
    pull,
    push,
    imageRm,
    save,
    tag,
  ],
};

const manifest: Command = {
  name: 'manifest',
  use: 'COMMAND',
  short: 'Manage Docker image manifests and manifest lists',
  long: 'The **docker manifest** command has subcommands for managing image manifests and\nmanifest lists. A manifest list allows you to use one name to refer to the same image\nbuilt for multiple architectures.\n\nTo see help for a subcommand, use:\n\n    docker manifest CMD --help\n\nFor full details on using docker manifest lists, see the registry v2 specification.',
  experimentalCli: true,
  usageApart: true,
  commands: [manifestAnnotate, manifestCreate, manifestInspect, manifestPush, manifestRm].map((command) => ({
    ...command,
    experimentalCli: true,
  })),
};

const trust: Command = {
  name: 'trust',
  use: '',
  short: 'Manage trust on Docker images',
  commands: [
    ...trustCommands,
    { name: 'key', use: '', short: 'Manage keys for signing Docker images', commands: trustKeyCommands },
    { name: 'signer', use: '', short: 'Manage entities who can sign Docker images', commands: trustSignerCommands },
  ],
};

const plugin: Command = { name: 'plugin', use: '', short: 'Manage plugins', commands: [...pluginCommands, pluginLs] };
const checkpoint: Command = {
  name: 'checkpoint',
  use: '',
  short: 'Manage checkpoints',
  commands: checkpointCommands,
  experimental: true,
};

const loading = <T>({ host }: DockerCli, code: Promise<T>): Promise<T> => host.loading?.(code) ?? code;

/** There only with the plugin: without, `docker buildx ls` is no command. */
const ofBuildx =
  (command: Command): Command['form'] =>
  async (cli) =>
    hasPlugin(cli, 'buildx') ? command : undefined;

const buildx: Command = {
  name: 'buildx',
  use: '',
  short: 'Docker Buildx',
  hidden: true,
  commands: [
    buildCommand,
    ...buildxCommands.map((command) => ({ ...command, form: ofBuildx(command) })),
    {
      name: 'imagetools',
      use: 'COMMAND',
      short: 'Commands to work on images in registry',
      commands: [
        {
          name: 'inspect',
          use: '[OPTIONS] NAME',
          short: 'Show details of an image in the registry',
          form: async (cli) =>
            hasPlugin(cli, 'buildx') ? (await loading(cli, import('./builder/imagetools.ts'))).inspect : undefined,
        },
      ],
    },
  ],
  form: async (cli) => (hasPlugin(cli, 'buildx') ? buildx : undefined),
};

/** The plugin `compose` is loaded when it is first asked for. */
const compose: Command = {
  name: 'compose',
  use: '[OPTIONS] COMMAND',
  short: 'Docker Compose',
  hidden: true,
  plugin: true,
  form: async (cli) =>
    hasPlugin(cli, 'compose') ? (await loading(cli, import('./compose/index.ts'))).compose : undefined,
};

/** The plugin `scout` is loaded when it is first asked for; who has no plugins has none built in. */
const scout: Command = {
  name: 'scout',
  use: 'COMMAND',
  short: 'Docker Scout',
  hidden: true,
  plugin: true,
  form: async (cli) =>
    cli.host.pluginPath?.('scout') ? (await loading(cli, import('./scout/index.ts'))).scout : undefined,
};

/** The program itself; its flags depend on the user and are added when it runs. */
export const rootCommand: Command = {
  name: 'docker',
  use: '[OPTIONS] COMMAND [ARG...]',
  short: 'A self-sufficient runtime for containers',
  commands: [
    atTop(run, { top: 1 }),
    atTop(exec, { top: 2 }),
    ps,
    atTop(buildCommand, { top: 4 }),
    atTop(pull, { top: 5 }),
    atTop(push, { top: 6 }),
    images,
    login,
    logout,
    search,
    version,
    atTop(info, { top: 12 }),
    builder,
    buildx,
    checkpoint,
    compose,
    container,
    context,
    image,
    manifest,
    network,
    plugin,
    scout,
    system,
    trust,
    volume,
    ...swarmCommands,
    ...[
      attach,
      commit,
      cp,
      create,
      diff,
      events,
      exportContainer,
      history,
      importImage,
      kill,
      load,
      logs,
      pause,
      port,
      rename,
      restart,
      rm,
      save,
      start,
      stats,
      stop,
      tag,
      top,
      unpause,
      update,
      wait,
    ].map((command) => atTop(command)),
    inspect,
    rmi,
  ],
};
