/**
 * The overlay document's cases, as data: run here on the simulated overlay (overlay.test.ts) and on the real kernel
 * (test/linux/overlay.test.ts), which must give the same outcomes, merged view and upper directory.
 */
export type Op = [name: string, ...args: (string | number)[]];

export interface OverlayCase {
  name: string;
  layers: number;
  setup: Op[];
  ops: Op[];
  /** Paths whose st_ino is compared before and after. */
  inodes?: string[];
}

const base: Op[] = [
  ['mkdir', 'l0/dir'],
  ['write', 'l0/dir/f', 'f'],
  ['write', 'l0/dir/g', 'g'],
  ['mkdir', 'l0/dir/sub'],
  ['write', 'l0/dir/sub/deep', 'deep'],
  ['write', 'l0/file', 'file'],
  ['symlink', 'file', 'l0/sym'],
  ['mkdir', 'l0/empty'],
];

const c = (name: string, ops: Op[], more: Partial<OverlayCase> = {}): OverlayCase => ({
  name,
  layers: 1,
  ...more,
  setup: [...base, ...(more.setup ?? [])],
  ops,
});

export const overlayCases: OverlayCase[] = [
  c('nothing done', []),
  c('write copies up, parents too', [['append', 'm/dir/sub/deep', '+']], { inodes: ['m/dir/sub/deep', 'm/dir'] }),
  c('open for writing copies up', [['append', 'm/file', '']], { inodes: ['m/file'] }),
  c('chmod copies up', [['chmod', 'm/file', 0o600]], { inodes: ['m/file'] }),
  c('chmod of a directory copies it up, empty', [['chmod', 'm/dir', 0o700]], { inodes: ['m/dir'] }),
  c('chown copies up', [['chown', 'm/dir/f', 5, 6]]),
  c('chown of a symlink', [['chown', 'm/sym', 5, 6]]),
  c('truncate', [['truncate', 'm/file', 2]]),
  c('setxattr and its removal', [
    ['setxattr', 'm/file', 'trusted.note', 'x'],
    ['setxattr', 'm/dir', 'trusted.note', 'y'],
    ['removexattr', 'm/file', 'trusted.note'],
    ['removexattr', 'm/file', 'trusted.none'],
  ]),
  c('xattrs are copied up', [['chmod', 'm/file', 0o600]], { setup: [['setxattr', 'l0/file', 'trusted.kept', 'v']] }),
  c('overlay xattrs set through the mount are escaped', [['setxattr', 'm/file', 'trusted.overlay.opaque', 'y']]),
  c('unlink leaves a whiteout', [['unlink', 'm/file']]),
  c('whiteouts are hard links of one inode', [
    ['unlink', 'm/file'],
    ['unlink', 'm/dir/f'],
    ['unlink', 'm/sym'],
  ]),
  c('unlink of what only upper has', [
    ['write', 'm/new', 'n'],
    ['unlink', 'm/new'],
  ]),
  c('unlink after copy-up', [
    ['append', 'm/file', '+'],
    ['unlink', 'm/file'],
  ]),
  c('rmdir of a lower directory', [
    ['rmdir', 'm/dir'],
    ['rmdir', 'm/empty'],
  ]),
  c('rmdir of a directory emptied through the mount', [
    ['unlink', 'm/dir/f'],
    ['unlink', 'm/dir/g'],
    ['unlink', 'm/dir/sub/deep'],
    ['rmdir', 'm/dir/sub'],
    ['rmdir', 'm/dir'],
  ]),
  c('file over a whiteout', [
    ['unlink', 'm/file'],
    ['write', 'm/file', 'again'],
  ]),
  c('directory over a whiteout is opaque', [
    ['unlink', 'm/file'],
    ['mkdir', 'm/file'],
    ['write', 'm/file/x', 'x'],
  ]),
  c('directory over a deleted directory is opaque', [
    ['rmdir', 'm/empty'],
    ['mkdir', 'm/empty'],
  ]),
  c('symlink over a whiteout', [
    ['unlink', 'm/file'],
    ['symlink', 'dir', 'm/file'],
  ]),
  c('link over a whiteout', [
    ['unlink', 'm/file'],
    ['link', 'm/dir/f', 'm/file'],
  ]),
  c('plain new directory is not opaque', [
    ['mkdir', 'm/new'],
    ['mkdir', 'm/dir/new'],
  ]),
  c('rename of a lower file', [['rename', 'm/file', 'm/moved']], { inodes: ['m/file'] }),
  c('rename of a lower file over another', [['rename', 'm/file', 'm/dir/f']]),
  c('rename of an upper file over a lower one', [
    ['write', 'm/new', 'n'],
    ['rename', 'm/new', 'm/file'],
  ]),
  c('rename onto a whiteout', [
    ['unlink', 'm/dir/f'],
    ['rename', 'm/file', 'm/dir/f'],
  ]),
  c('rename of an upper file onto a whiteout', [
    ['unlink', 'm/file'],
    ['write', 'm/new', 'n'],
    ['rename', 'm/new', 'm/file'],
  ]),
  c('rename of a lower directory is EXDEV', [['rename', 'm/dir', 'm/moved']]),
  c('of a merged one as well', [
    ['write', 'm/dir/new', 'n'],
    ['rename', 'm/dir', 'm/moved'],
  ]),
  c('rename of a new directory into a merged one makes it opaque', [
    ['mkdir', 'm/t1'],
    ['write', 'm/t1/x', 'x'],
    ['rename', 'm/t1', 'm/t2'],
  ]),
  c('rename of a new directory within a new one does not', [
    ['mkdir', 'm/n'],
    ['mkdir', 'm/n/t1'],
    ['rename', 'm/n/t1', 'm/n/t2'],
  ]),
  c('rename of a new directory over an empty lower one', [
    ['mkdir', 'm/t1'],
    ['rename', 'm/t1', 'm/empty'],
  ]),
  c('rename of a new directory over a full lower one', [
    ['mkdir', 'm/t1'],
    ['rename', 'm/t1', 'm/dir'],
  ]),
  c('rename of a new directory over one emptied through the mount', [
    ['unlink', 'm/dir/sub/deep'],
    ['mkdir', 'm/t1'],
    ['rename', 'm/t1', 'm/dir/sub'],
  ]),
  c('rename of a new directory onto a whiteout', [
    ['unlink', 'm/file'],
    ['mkdir', 'm/t1'],
    ['rename', 'm/t1', 'm/file'],
  ]),
  c('rename of a replaced directory and back', [
    ['rmdir', 'm/empty'],
    ['mkdir', 'm/empty'],
    ['rename', 'm/empty', 'm/other'],
    ['rename', 'm/other', 'm/empty'],
  ]),
  c('rename file over directory and the reverse', [
    ['rename', 'm/file', 'm/empty'],
    ['mkdir', 'm/t1'],
    ['rename', 'm/t1', 'm/file'],
  ]),
  c('rename into itself', [
    ['mkdir', 'm/t1'],
    ['mkdir', 'm/t1/t2'],
    ['rename', 'm/t1', 'm/t1/t2/t3'],
  ]),
  c('lower hard links are broken by copy-up', [['append', 'm/dir/f', '+']], {
    setup: [['link', 'l0/dir/f', 'l0/hard']],
    inodes: ['m/hard'],
  }),
  c('link of a lower file: both names, one file', [
    ['link', 'm/file', 'm/hard'],
    ['append', 'm/hard', '+'],
  ]),
  c('link to an existing name', [['link', 'm/file', 'm/dir/f']]),
  c('rename between two names of one file', [
    ['link', 'm/file', 'm/hard'],
    ['rename', 'm/file', 'm/hard'],
  ]),
  c('unlink of one of two names', [
    ['link', 'm/file', 'm/hard'],
    ['unlink', 'm/file'],
  ]),
  c('whiteouts cannot be made by hand', [['mknod', 'm/wh', 0o020600, 0]]),
  c('devices and fifos can', [
    ['mknod', 'm/null', 0o020600, 0x103],
    ['mknod', 'm/fifo', 0o010644, 0],
    ['rename', 'm/fifo', 'm/file'],
  ]),
  c('a whiteout in a middle layer hides', [['write', 'm/file', 'new']], {
    layers: 3,
    setup: [
      ['mknod', 'l1/file', 0o020000, 0],
      ['mknod', 'l2/sym', 0o020000, 0],
    ],
  }),
  c('an opaque directory in a middle layer hides what is below', [['append', 'm/dir/top', '+']], {
    layers: 3,
    setup: [
      ['mkdir', 'l1/dir'],
      ['setxattr', 'l1/dir', 'trusted.overlay.opaque', 'y'],
      ['write', 'l1/dir/mid', 'mid'],
      ['mkdir', 'l2/dir'],
      ['write', 'l2/dir/top', 'top'],
    ],
  }),
  c('a file over directories, directories over a file', [['write', 'm/dir2/x', 'x']], {
    layers: 3,
    setup: [
      ['write', 'l1/dir', 'now a file'],
      ['mkdir', 'l0/dir2'],
      ['write', 'l0/dir2/low', ''],
      ['write', 'l1/dir2', 'file'],
      ['mkdir', 'l2/dir2'],
      ['write', 'l2/dir2/top', ''],
    ],
  }),
  c('topmost layer wins, attributes too', [], {
    layers: 2,
    setup: [
      ['mkdir', 'l1/dir'],
      ['chmod', 'l1/dir', 0o700],
      ['write', 'l1/dir/f', 'upper f'],
      ['write', 'l1/dir/h', 'h'],
    ],
  }),
  c(
    'deleting a name that two layers have',
    [
      ['unlink', 'm/dir/f'],
      ['unlink', 'm/dir/f'],
      ['write', 'm/dir/f', 'x'],
      ['unlink', 'm/dir/f'],
    ],
    {
      layers: 2,
      setup: [
        ['mkdir', 'l1/dir'],
        ['write', 'l1/dir/f', 'upper f'],
      ],
    },
  ),
  c(
    'a name whited out below and made above: its removal leaves nothing',
    [
      ['write', 'm/file', 'x'],
      ['unlink', 'm/file'],
    ],
    {
      layers: 2,
      setup: [['mknod', 'l1/file', 0o020000, 0]],
    },
  ),
  c(
    'upper that was there before',
    [
      ['unlink', 'm/old'],
      ['rmdir', 'm/dir'],
      ['write', 'm/dir/z', 'z'],
    ],
    {
      setup: [
        ['write', 'u/old', 'old'],
        ['mkdir', 'u/dir'],
        ['mknod', 'u/dir/f', 0o020000, 0],
      ],
    },
  ),
  c('errors', [
    ['mkdir', 'm/dir'],
    ['rmdir', 'm/file'],
    ['unlink', 'm/dir'],
    ['unlink', 'm/none'],
    ['write', 'm/none/x', ''],
    ['write', 'm/file/x', ''],
    ['link', 'm/dir', 'm/dir2'],
    ['rename', 'm/none', 'm/x'],
    ['symlink', 'x', 'm/file'],
    ['mknod', 'm/file', 0o010644, 0],
    ['link', 'l0/file', 'm/across'],
    ['rename', 'm/file', 'u/across'],
  ]),
];
