/** Commands by topic, with the names of what is there now put in. They are inserted, not run. */
import type { Inspection } from '../trace/index.ts';
import type { LanguageCode } from './i18n.ts';

export interface Cheat {
  command: string;
  about: string;
}
export interface CheatTopic {
  title: string;
  cheats: Cheat[];
}

type Said = Record<LanguageCode, string>;
type Entry = [command: string, en: string, zh: string];

const topics: [Said, Entry[]][] = [
  [
    { en: 'Run containers', zh: '运行容器' },
    [
      [
        'docker run -it --rm IMAGE sh',
        'a shell in a fresh container, gone afterwards',
        '在新容器里开一个 shell，退出即删除',
      ],
      [
        'docker run -d --name web -p 8080:80 nginx',
        'a server in the background, on port 8080',
        '在后台运行服务，端口 8080',
      ],
      ['docker ps -a', 'all containers, stopped ones too', '所有容器，包括已停止的'],
      ['docker logs -f CONTAINER', 'what it prints, as it does', '持续查看输出'],
      ['docker exec -it CONTAINER sh', 'a shell beside what runs in it', '在运行中的容器里再开一个 shell'],
      ['docker stop CONTAINER', 'end its process, keep its layer', '结束进程，保留可写层'],
      ['docker rm -f CONTAINER', 'remove it with its writable layer', '删除容器及其可写层'],
      ['docker stats --no-stream', 'memory and CPU of each', '各容器的内存与 CPU'],
    ],
  ],
  [
    { en: 'Images and layers', zh: '镜像与层' },
    [
      ['docker pull ubuntu', 'fetch an image', '拉取镜像'],
      ['docker images', 'images here', '本机镜像'],
      ['docker history IMAGE', 'its layers and what made them', '各层以及它们的来历'],
      ['docker inspect IMAGE', 'all of its configuration', '完整配置'],
      ['docker diff CONTAINER', 'what its writable layer changes', '可写层改动了什么'],
      ['docker commit CONTAINER me/image', 'freeze the writable layer into an image', '把可写层冻结成镜像'],
      ['docker save -o image.tar IMAGE', 'an image as a file', '把镜像存为文件'],
      ['docker image prune', 'remove what has no name', '删除没有名字的镜像'],
    ],
  ],
  [
    { en: 'Build', zh: '构建' },
    [
      ['nano Dockerfile', 'write a Dockerfile', '编写 Dockerfile'],
      ['docker build -t me/app .', 'build what is in this directory', '构建当前目录'],
      ['docker build --no-cache -t me/app .', 'the same, each step anew', '同上，每一步都重新执行'],
      [
        'DOCKER_BUILDKIT=0 docker build -t me/app .',
        'the classic form: each step a commit',
        '经典形式：每一步都是一次提交',
      ],
    ],
  ],
  [
    { en: 'Registry', zh: '仓库' },
    [
      ['docker login', 'log in at the Hub', '登录 Hub'],
      ['docker tag IMAGE NAME/app:1.0', 'another name for the same image', '给同一个镜像另起名字'],
      ['docker push NAME/app:1.0', 'send what the registry lacks', '发送仓库所缺的部分'],
      ['docker search nginx', 'find images', '查找镜像'],
    ],
  ],
  [
    { en: 'Networks and volumes', zh: '网络与卷' },
    [
      ['docker network create app', 'a network with names for its containers', '新建网络，容器以名字互访'],
      ['docker run -d --network app --name db redis', 'a container in it', '在其中运行容器'],
      ['docker network inspect bridge', 'who is in it, with which address', '网络里有谁，地址是什么'],
      ['docker volume create data', 'a volume', '新建卷'],
      ['docker run -it --rm -v data:/data IMAGE sh', 'use it', '使用卷'],
    ],
  ],
  [
    { en: 'Linux below', zh: '下面的 Linux' },
    [
      ['ls /var/lib/docker/overlay2', 'the layers on disk', '磁盘上的各层'],
      ['mount -t overlay', 'the unions that are mounted', '已挂载的联合文件系统'],
      ['ps -ef', 'all processes of the host', '主机的所有进程'],
      ['ls -l /proc/1/ns', 'the namespaces of a process', '进程的命名空间'],
      ['ip addr', 'bridges and veth pairs', '网桥与 veth 对'],
    ],
  ],
];

export function cheatSheet(state: Inspection | undefined, language: LanguageCode): CheatTopic[] {
  const running = state?.containers.find(({ status }) => status === 'running') ?? state?.containers[0];
  const image = state?.images.find(({ references }) => references.length > 0)?.references[0]?.replace(/:latest$/, '');
  const account = Object.values(state?.logins ?? {})[0];
  const filled = (command: string) =>
    command
      .replace(/\bCONTAINER\b/, running?.name ?? 'CONTAINER')
      .replace(/\bIMAGE\b/, image ?? 'ubuntu')
      .replace(/\bNAME\//, `${account ?? 'NAME'}/`);
  return topics.map(([title, entries]) => ({
    title: title[language],
    cheats: entries.map(([command, en, zh]) => ({ command: filled(command), about: language === 'zh' ? zh : en })),
  }));
}
