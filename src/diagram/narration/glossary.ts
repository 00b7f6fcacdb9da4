/** Terms that sentences link to: what the specifications say they are, in short, and which view shows them. */
export interface Term {
  title: string;
  text: string;
}

export interface TermFacts {
  /** Where it is defined. */
  source: string;
  /** The view that shows it. */
  view: 'layers' | 'union' | 'build' | 'processes' | 'network' | 'registry' | 'engine';
}

export const termFacts = {
  'base-image': { source: 'OCI image-spec, layer.md', view: 'layers' },
  blob: { source: 'OCI distribution-spec, definitions', view: 'registry' },
  bootfs: { source: 'Linux kernel', view: 'layers' },
  'build-cache': { source: 'Dockerfile reference, build cache', view: 'build' },
  cgroup: { source: 'cgroups(7)', view: 'processes' },
  'copy-up': { source: 'Linux, overlayfs.rst', view: 'union' },
  digest: { source: 'OCI image-spec, descriptor.md', view: 'registry' },
  'engine-api': { source: 'Docker Engine API', view: 'engine' },
  image: { source: 'OCI image-spec, config.md', view: 'layers' },
  layer: { source: 'OCI image-spec, layer.md', view: 'layers' },
  manifest: { source: 'OCI image-spec, manifest.md', view: 'registry' },
  'cross-mount': { source: 'OCI distribution-spec, end-11', view: 'registry' },
  namespace: { source: 'namespaces(7)', view: 'processes' },
  pid: { source: 'pid_namespaces(7)', view: 'processes' },
  'published-port': { source: 'docker run -p', view: 'network' },
  registry: { source: 'OCI distribution-spec', view: 'registry' },
  signal: { source: 'signal(7)', view: 'processes' },
  tag: { source: 'OCI distribution-spec, definitions', view: 'registry' },
  'union-mount': { source: 'Linux, overlayfs.rst', view: 'union' },
  whiteout: { source: 'OCI image-spec, layer.md#whiteouts', view: 'union' },
  'writable-layer': { source: 'docker run; overlayfs.rst, upperdir', view: 'layers' },
} as const satisfies Record<string, TermFacts>;

export type TermName = keyof typeof termFacts;

export const glossaryEnglish: Record<TermName, Term> = {
  'base-image': {
    title: 'base image',
    text: 'The image that others are built FROM. Its lowest layer is a whole root filesystem: /bin, /etc, /usr …',
  },
  blob: {
    title: 'blob',
    text: 'The bytes of one thing that a registry keeps, a layer or a config, named by their digest.',
  },
  bootfs: {
    title: 'bootfs',
    text: 'What boots first: the kernel. Containers have none of their own; all of them run on the kernel of the host.',
  },
  'build-cache': {
    title: 'build cache',
    text: 'A step is taken from the cache when its parent, its instruction and the files it copies are those of an earlier build. After the first miss every later step is run anew.',
  },
  cgroup: {
    title: 'control group',
    text: 'A group of processes whose memory, cpu and number the kernel counts and limits. Each container has one.',
  },
  'copy-up': {
    title: 'copy-up',
    text: 'A file of a lower layer is opened for writing: overlayfs first copies it into the upper directory, and the copy is changed. The lower one stays as it was.',
  },
  digest: {
    title: 'digest',
    text: 'sha256 of the bytes. The same bytes have the same digest everywhere: so nothing is stored or sent twice.',
  },
  'engine-api': {
    title: 'Engine API',
    text: 'HTTP on /var/run/docker.sock. `docker` is only a client of it: whatever it does is one of these calls.',
  },
  image: {
    title: 'image',
    text: 'A list of read-only layers, and a config: which command to run, which environment, which ports.',
  },
  layer: {
    title: 'layer',
    text: 'A set of changes to the filesystem below: files added, files changed, files deleted (as whiteouts). It never changes after it was made.',
  },
  manifest: {
    title: 'manifest',
    text: 'A small JSON text that names an image by its config and its layers, each by digest and size.',
  },
  'cross-mount': {
    title: 'mounting a blob',
    text: 'The registry has the layer already, in another repository: it is linked into this one and not uploaded again.',
  },
  namespace: {
    title: 'namespace',
    text: 'What a process can see of one kind of thing: mounts, processes, network, host name, IPC, users, cgroups. A container is processes in namespaces of their own.',
  },
  pid: {
    title: 'PID 1',
    text: 'The first process of a PID namespace. When it ends, the container ends. The host sees the same process under another number.',
  },
  'published-port': {
    title: 'published port',
    text: 'A port of the host that is forwarded (NAT) to a port of the container. Inside, the server must listen on an address that can be reached, not on 127.0.0.1.',
  },
  registry: {
    title: 'registry',
    text: 'A server that keeps images by repository, tag and digest, and speaks the distribution protocol over HTTP.',
  },
  signal: {
    title: 'signal',
    text: 'A message of the kernel to a process: SIGTERM asks it to end, SIGKILL ends it. PID 1 of a namespace gets only those it handles (and SIGKILL from outside).',
  },
  tag: { title: 'tag', text: 'A name in a repository that points at a manifest. It can be moved; a digest cannot.' },
  'union-mount': {
    title: 'union mount',
    text: 'Several directories shown as one: upperdir over lowerdirs. What is written goes to upperdir; a name is searched from the top down.',
  },
  whiteout: {
    title: 'whiteout',
    text: 'A mark in an upper layer that says: this name is deleted. The file below is no longer seen, but still stored.',
  },
  'writable-layer': {
    title: 'writable layer',
    text: "The upperdir of a container's union mount: thin, its own, thrown away with `docker rm`. `docker commit` freezes it into an image layer.",
  },
};

export const glossaryChinese: Record<TermName, Term> = {
  'base-image': {
    title: '基础镜像',
    text: '别的镜像 FROM 它来构建。它最底下的一层是完整的根文件系统：/bin、/etc、/usr……',
  },
  blob: { title: 'blob', text: '仓库保存的一份字节：一个层或一个配置，以摘要命名。' },
  bootfs: { title: 'bootfs', text: '最先引导的东西：内核。容器没有自己的内核，都运行在宿主机的内核上。' },
  'build-cache': {
    title: '构建缓存',
    text: '父层、指令和所复制的文件都与以前某次构建相同时，这一步取自缓存。第一次未命中之后的每一步都要重新执行。',
  },
  cgroup: { title: '控制组', text: '一组进程；内核统计并限制它们的内存、CPU 和数量。每个容器有一个。' },
  'copy-up': {
    title: '写时复制',
    text: '以写方式打开下层的文件时，overlayfs 先把它复制到 upperdir，再修改副本。下层的文件保持原样。',
  },
  digest: { title: '摘要', text: '字节的 sha256。相同的字节在哪里都是相同的摘要，所以不会重复存储，也不会重复传输。' },
  'engine-api': {
    title: 'Engine API',
    text: '/var/run/docker.sock 上的 HTTP。`docker` 只是它的客户端，所做的一切都是这些调用。',
  },
  image: { title: '镜像', text: '一组只读的层，加上一份配置：运行什么命令、环境变量、端口。' },
  layer: { title: '层', text: '对下面文件系统的一组改动：新增、修改、删除（以 whiteout 表示）。做成之后永不改变。' },
  manifest: { title: '清单', text: '一小段 JSON，以摘要和大小列出镜像的配置和各层。' },
  'cross-mount': { title: '挂载 blob', text: '仓库的另一个存储库里已有这一层：链接过来即可，不必再次上传。' },
  namespace: {
    title: '命名空间',
    text: '进程对某一类事物所能看到的范围：挂载、进程、网络、主机名、IPC、用户、cgroup。容器就是有自己命名空间的进程。',
  },
  pid: {
    title: 'PID 1',
    text: 'PID 命名空间里的第一个进程。它结束，容器就结束。宿主机看到的是同一个进程，但号码不同。',
  },
  'published-port': {
    title: '发布端口',
    text: '宿主机的一个端口，经 NAT 转发到容器的端口。容器里的服务要监听能到达的地址，而不是 127.0.0.1。',
  },
  registry: { title: '仓库服务', text: '按存储库、标签和摘要保存镜像的服务器，使用 HTTP 上的分发协议。' },
  signal: {
    title: '信号',
    text: '内核给进程的消息：SIGTERM 请它结束，SIGKILL 直接结束它。命名空间的 PID 1 只收到自己处理的信号（以及来自外面的 SIGKILL）。',
  },
  tag: { title: '标签', text: '存储库里指向清单的名字。标签可以移动，摘要不能。' },
  'union-mount': {
    title: '联合挂载',
    text: '把几个目录显示成一个：upperdir 叠在 lowerdir 上。写入落在 upperdir，查找自上而下。',
  },
  whiteout: { title: 'whiteout', text: '上层里的标记，表示这个名字已删除。下层的文件看不见了，但仍然存着。' },
  'writable-layer': {
    title: '可写层',
    text: '容器联合挂载的 upperdir：很薄，属于容器自己，`docker rm` 时一起丢弃。`docker commit` 把它冻结成镜像层。',
  },
};
