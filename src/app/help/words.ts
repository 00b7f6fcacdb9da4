import { wordsOf } from '../words/words.ts';

const quoted = (names: readonly string[]) => names.join(', ');
const listed = (names: readonly string[]) => names.join('、');

/** What went wrong, in the terms of the thing that is there. */
export const helpWords = wordsOf(
  {
    offer: 'What does this error mean?',
    title: 'This error, here and now',
    close: 'Close',
    meant: 'Probably meant',
    try: 'What you could type',
    insert: 'Put into the terminal',
    flag: (flag: string, command: string) => `\`${command}\` has no flag \`${flag}\`.`,
    command: (word: string, parent: string) => `\`${parent}\` has no command \`${word}\`.`,
    program: (word: string) => `There is no program \`${word}\` on this host.`,
    noContainer: (name: string) => `No container is called \`${name}\`, and no id begins with it.`,
    isImage: (name: string) =>
      `\`${name}\` is an image. A container is made of it by \`docker run\`; this command wants the container.`,
    isContainer: (name: string) => `\`${name}\` is a container. This command wants an image.`,
    containers: (names: readonly string[]) =>
      names.length ? `Containers here: ${quoted(names)}.` : 'There is no container at all yet.',
    noImage: (name: string) => `There is no image \`${name}\`, neither here nor in the registry.`,
    noImageHere: (name: string) => `There is no image \`${name}\` on this host.`,
    noTag: (repository: string, tag: string) => `The registry has \`${repository}\`, but not its tag \`${tag}\`.`,
    tags: (tags: readonly string[]) => `Tags there: ${quoted(tags)}.`,
    images: (names: readonly string[]) => (names.length ? `Images here: ${quoted(names)}.` : 'No image is here yet.'),
    nameTaken: (name: string, status: string, image: string) =>
      `A container called \`${name}\` is there already: it is ${status}, made of ${image}. A stopped container keeps its name until it is removed.`,
    running: (name: string) => `\`${name}\` is running. Only a stopped container can be removed, unless forced.`,
    notRunning: (name: string, status: string) =>
      `\`${name}\` is ${status}: nothing runs in it, so nothing can be run beside it.`,
    imageUsed: (name: string, users: readonly string[]) =>
      `\`${name}\` cannot go: ${users.length === 1 ? 'a container stands' : 'containers stand'} on it (${quoted(users)}). A stopped container counts too.`,
    portTaken: (port: string, owner: string) =>
      `Port ${port} of the host is published by \`${owner}\` already: only one can have it.`,
    portTakenUnknown: (port: string) => `Port ${port} of the host is in use already.`,
    created: (name: string) =>
      `The container \`${name}\` was made all the same, but not started: its name is taken now.`,
    noProgram: (program: string, image: string) =>
      `The image ${image} holds no program \`${program}\`: a container finds only what its own layers hold, nothing of the host.`,
    shells: (names: readonly string[]) => `It does hold: ${quoted(names)}.`,
    noNetwork: (name: string) => `There is no network \`${name}\`.`,
    networks: (names: readonly string[]) => `Networks here: ${quoted(names)}.`,
    noVolume: (name: string) => `There is no volume \`${name}\`.`,
    volumes: (names: readonly string[]) =>
      names.length ? `Volumes here: ${quoted(names)}.` : 'There is no volume at all yet.',
    volumeUsed: (name: string, users: readonly string[]) =>
      `Volume \`${name}\` is in use by ${quoted(users)}: remove the container first.`,
    pushOfficial: (repository: string) =>
      `\`${repository}\` without a name in front is \`docker.io/library/${repository}\`: it belongs to Docker's official images, not to you.`,
    pushAs: (account: string) => `You are logged in as ${account}, and may push to \`${account}/…\`.`,
    notLoggedIn: (registry: string) => `You are not logged in at ${registry}.`,
    noDockerfile: (path: string) => `The build looked for \`${path}\`, which is not there.`,
    files: (directory: string, names: readonly string[]) =>
      names.length ? `In ${directory}: ${quoted(names)}.` : `${directory} is empty.`,
    buildStep: (instruction: string, line: number) =>
      `The build stopped at line ${line}: \`${instruction}\`. The steps before it are done and cached.`,
    arguments: (command: string) => `\`${command}\` wants to know which.`,
    noEngine: 'The engine does not run: no process `dockerd` is there.',
    refusedBy: (method: string, path: string, status: number) =>
      `The client sent \`${method} ${path}\`; the engine answered ${status}.`,
    statuses: {
      400: 'It understood the request, but something in it is not valid.',
      401: 'It does not know who asks.',
      403: 'It knows who asks, and does not allow it.',
      404: 'What the request names is not there.',
      409: 'It cannot be done in the state that things are in now.',
      500: 'It tried, and something below it failed.',
    } as Record<number, string>,
  },
  {
    offer: '这个错误是什么意思？',
    title: '这个错误，就在此刻',
    close: '关闭',
    meant: '可能想输入的是',
    try: '可以输入',
    insert: '填入终端',
    flag: (flag, command) => `\`${command}\` 没有选项 \`${flag}\`。`,
    command: (word, parent) => `\`${parent}\` 没有命令 \`${word}\`。`,
    program: (word) => `这台主机上没有程序 \`${word}\`。`,
    noContainer: (name) => `没有叫 \`${name}\` 的容器，也没有以它开头的 ID。`,
    isImage: (name) => `\`${name}\` 是镜像。用 \`docker run\` 才能由它得到容器；这条命令要的是容器。`,
    isContainer: (name) => `\`${name}\` 是容器，这条命令要的是镜像。`,
    containers: (names) => (names.length ? `现有容器：${listed(names)}。` : '目前一个容器也没有。'),
    noImage: (name) => `没有镜像 \`${name}\`，本机没有，仓库里也没有。`,
    noImageHere: (name) => `本机没有镜像 \`${name}\`。`,
    noTag: (repository, tag) => `仓库里有 \`${repository}\`，但没有标签 \`${tag}\`。`,
    tags: (tags) => `已有标签：${listed(tags)}。`,
    images: (names) => (names.length ? `现有镜像：${listed(names)}。` : '目前一个镜像也没有。'),
    nameTaken: (name, status, image) =>
      `已经有叫 \`${name}\` 的容器：状态为 ${status}，来自 ${image}。停止的容器在删除之前一直占着名字。`,
    running: (name) => `\`${name}\` 正在运行。不强制的话，只能删除已停止的容器。`,
    notRunning: (name, status) => `\`${name}\` 的状态是 ${status}：里面没有进程在运行，无法在旁边再运行什么。`,
    imageUsed: (name, users) => `\`${name}\` 不能删除：有容器立在它上面（${listed(users)}）。已停止的也算。`,
    portTaken: (port, owner) => `主机端口 ${port} 已由 \`${owner}\` 发布，只能有一个使用者。`,
    portTakenUnknown: (port) => `主机端口 ${port} 已被占用。`,
    created: (name) => `容器 \`${name}\` 还是创建了，只是没有启动：名字现在已被占用。`,
    noProgram: (program, image) =>
      `镜像 ${image} 里没有程序 \`${program}\`：容器只能找到自己各层里的东西，看不到主机上的。`,
    shells: (names) => `它里面有：${listed(names)}。`,
    noNetwork: (name) => `没有网络 \`${name}\`。`,
    networks: (names) => `现有网络：${listed(names)}。`,
    noVolume: (name) => `没有卷 \`${name}\`。`,
    volumes: (names) => (names.length ? `现有卷：${listed(names)}。` : '目前一个卷也没有。'),
    volumeUsed: (name, users) => `卷 \`${name}\` 正被 ${listed(users)} 使用：请先删除容器。`,
    pushOfficial: (repository) =>
      `\`${repository}\` 前面没有用户名，就是 \`docker.io/library/${repository}\`：那属于 Docker 官方镜像，不属于你。`,
    pushAs: (account) => `你已登录为 ${account}，可以推送到 \`${account}/…\`。`,
    notLoggedIn: (registry) => `你还没有登录 ${registry}。`,
    noDockerfile: (path) => `构建要找 \`${path}\`，但它不存在。`,
    files: (directory, names) => (names.length ? `${directory} 里有：${listed(names)}。` : `${directory} 是空的。`),
    buildStep: (instruction, line) => `构建停在第 ${line} 行：\`${instruction}\`。之前的步骤已完成并已缓存。`,
    arguments: (command) => `\`${command}\` 需要知道是哪一个。`,
    noEngine: '引擎没有运行：没有 `dockerd` 进程。',
    refusedBy: (method, path, status) => `客户端发出 \`${method} ${path}\`，引擎回答 ${status}。`,
    statuses: {
      400: '请求看得懂，但其中有无效的内容。',
      401: '不知道是谁在请求。',
      403: '知道是谁在请求，但不允许。',
      404: '请求中提到的东西不存在。',
      409: '以现在的状态无法完成。',
      500: '试过了，但更下面的某处失败了。',
    },
  },
);

export type HelpWords = (typeof helpWords)['en'];
