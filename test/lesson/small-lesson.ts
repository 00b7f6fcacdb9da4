/** A lesson of two steps with variants and a lock, as a teacher writes one. */
export const smallLesson: Record<string, string> = {
  'lesson.yaml': `course: images-and-containers
variants:
  name: [web, shop, blog]
  port: ["8080", "8081"]
lock:
  hints: { minutes: 5, failures: 2 }
  commands: [docker system prune, docker rm -f]
steps:
  - id: pull
    goals:
      - image: { reference: alpine }
    solution:
      - docker pull alpine
  - id: run
    goals:
      - container: { name: "{{name}}", status: running, hostPort: "{{port}}" }
    solution:
      - docker run -d --name {{name}} -p {{port}}:80 alpine tail -f /dev/null
`,
  'en.md': `---
title: Small
summary: One image, one container.
---

## Get it

Pull \`alpine\`.

### Goals

- the image \`alpine\` is here

### Hints

- docker pull

## Run it

Call it \`{{name}}\`.

### Goals

- \`{{name}}\` ran, port \`{{port}}\`

### Hints

- docker run
`,
  'zh.md': `---
title: 小课
summary: 一个镜像，一个容器。
---

## 取来

拉取 \`alpine\`。

### Goals

- 镜像 \`alpine\` 在这里

### Hints

- docker pull

## 运行

名字是 \`{{name}}\`。

### Goals

- \`{{name}}\` 运行过，端口 \`{{port}}\`

### Hints

- docker run
`,
};
