import type { ViewName } from '../views.ts';
import { wordsOf } from './words.ts';

export interface Start {
  title: string;
  text: string;
}

/** Before anything has happened: what a view will show. */
export const startWords = wordsOf<{ try: string; views: Partial<Record<ViewName, Start>> }>(
  {
    try: 'Type it for me:',
    views: {
      images: {
        title: 'Two images, side by side',
        text: 'Which layers they share, which files differ, and what is stored in vain.',
      },
      union: {
        title: 'Where a container’s files come from',
        text: 'Many layers are seen as one directory. Here a path is looked up layer by layer, copied up when it is written to, covered by a whiteout when it is deleted.',
      },
      build: {
        title: 'A build, step by step',
        text: 'Each step of a Dockerfile appears as it runs: taken from the cache, or run anew and why, with its time and size.',
      },
      processes: {
        title: 'A container is processes',
        text: 'Each container will be a box on the host: its processes with both of their PIDs, its namespaces, its limits, the signals that arrive.',
      },
      network: {
        title: 'Who reaches whom',
        text: 'Containers are wired to bridges; published ports lead in. Each connection of a command is drawn, with the reason when it fails.',
      },
      registry: {
        title: 'Where images are kept',
        text: 'Tags point to manifests, manifests to layers. A push or a pull is shown blob by blob: sent, already there, or mounted.',
      },
      engine: {
        title: 'What a command sets in motion',
        text: 'docker only sends HTTP requests. Here they are, with what the engine, the runtime and the kernel then do, each to be opened.',
      },
      web: {
        title: 'A browser on this host',
        text: 'It shows the pages that containers serve: a port published with -p appears above as a button.',
      },
    },
  },
  {
    try: '替我输入：',
    views: {
      images: { title: '两个镜像并排比较', text: '哪些层共用，哪些文件不同，哪些是白白存着的。' },
      union: {
        title: '容器的文件从哪里来',
        text: '许多层看起来是一个目录。这里逐层查找一个路径：写入时先复制到上层，删除时用 whiteout 盖住。',
      },
      build: {
        title: '一步一步看构建',
        text: 'Dockerfile 的每一步在执行时出现：取自缓存，还是重新执行、为什么，以及用时和大小。',
      },
      processes: {
        title: '容器就是进程',
        text: '每个容器是宿主机上的一个方框：它的进程和两个 PID、它的命名空间、限额，以及收到的信号。',
      },
      network: {
        title: '谁能连到谁',
        text: '容器接在网桥上，发布的端口通向里面。命令的每个连接都会画出来，失败时说明原因。',
      },
      registry: {
        title: '镜像存放在哪里',
        text: '标签指向清单，清单指向层。推送和拉取逐个 blob 显示：已发送、已存在或已挂载。',
      },
      engine: {
        title: '一条命令引发了什么',
        text: 'docker 只是发送 HTTP 请求。这里列出这些请求，以及引擎、运行时和内核随后做的事，每一项都可以打开。',
      },
      web: { title: '这台主机上的浏览器', text: '显示容器提供的网页：用 -p 发布的端口会成为上面的按钮。' },
    },
  },
);

/** A command that fills the view. */
export const startLines: Partial<Record<ViewName, string>> = {
  images: 'docker pull nginx; docker pull redis',
  union: 'docker run --name demo alpine sh -c "echo hi >> /etc/motd; rm /etc/issue"',
  build: 'printf "FROM busybox\\nRUN echo hello > /hello\\n" | docker build -t hello -',
  processes: 'docker run -d --name demo --memory 64m alpine sleep 1000',
  network: 'docker run -d --name web -p 8080:80 nginx; curl -s localhost:8080 | head -4',
  registry: 'docker pull alpine',
  engine: 'docker run --rm busybox echo hello',
  web: 'docker run -d --name web -p 8080:80 nginx',
};

/** The Layers view before there is an image: what will stand in the dock. */
export const dockWords = wordsOf(
  {
    title: 'The dock is empty. What you type is built up here.',
    short: 'The dock is empty. Begin with one of these:',
    text: 'This is a Docker host of your own, in this page. Type into the terminal, or begin with one of these:',
    places: {
      writable: { name: 'A container', about: 'adds one thin layer that can be written to.' },
      layer: { name: 'Image layers', about: 'are what each step of a build added.' },
      base: { name: 'A base image', about: 'is a root filesystem: files, no kernel.' },
    },
  },
  {
    title: '船坞是空的。你输入的命令会在这里一层层搭起来。',
    short: '船坞是空的。从下面选一个开始：',
    text: '这个页面里有一台你自己的 Docker 主机。在终端里输入命令，或者从下面选一个开始：',
    places: {
      writable: { name: '容器', about: '只再加一层薄薄的、可以写入的层。' },
      layer: { name: '镜像层', about: '是构建的每一步添加的东西。' },
      base: { name: '基础镜像', about: '是一个根文件系统：只有文件，没有内核。' },
    },
  },
);
