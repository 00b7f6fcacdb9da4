import type { Git } from '../git.ts';
import { helpCommand } from '../help.ts';
import { add } from './add.ts';
import { branch } from './branch.ts';
import { checkout, restore, switchBranch } from './checkout.ts';
import { clean } from './clean.ts';
import { clone } from './clone.ts';
import { commit } from './commit.ts';
import { config } from './config.ts';
import { diff } from './diff.ts';
import { fetch } from './fetch.ts';
import { forEachRef } from './for-each-ref.ts';
import * as history from './history.ts';
import { init } from './init.ts';
import { log } from './log.ts';
import { lsRemote } from './ls-remote.ts';
import { merge } from './merge.ts';
import { cherryPick, revert } from './pick.ts';
import * as plumbing from './plumbing.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import { remote } from './remote.ts';
import { mv, reset, rm } from './reset.ts';
import { show } from './show.ts';
import { stash } from './stash.ts';
import { status } from './status.ts';
import { tag } from './tag.ts';

export type GitCommand = (git: Git, args: string[]) => Promise<number> | number;

export const commands: Readonly<Record<string, GitCommand>> = {
  add,
  branch,
  'cat-file': plumbing.catFile,
  'check-ignore': plumbing.checkIgnore,
  checkout,
  'cherry-pick': cherryPick,
  clean,
  clone,
  commit,
  'commit-tree': plumbing.commitTree,
  config,
  'count-objects': plumbing.countObjects,
  describe: history.describe,
  diff,
  fetch,
  'for-each-ref': forEachRef,
  'hash-object': plumbing.hashObject,
  help: helpCommand,
  init,
  log,
  'ls-files': plumbing.lsFiles,
  'ls-remote': lsRemote,
  'ls-tree': plumbing.lsTree,
  merge,
  'merge-base': plumbing.mergeBase,
  mv,
  pull,
  push,
  reflog: history.reflog,
  remote,
  reset,
  restore,
  'rev-list': history.revList,
  'rev-parse': plumbing.revParse,
  revert,
  rm,
  shortlog: history.shortlog,
  show,
  'show-ref': plumbing.showRef,
  stage: add,
  stash,
  status,
  switch: switchBranch,
  'symbolic-ref': plumbing.symbolicRef,
  tag,
  'update-ref': plumbing.updateRef,
  var: plumbing.gitVar,
  version: (git) => {
    git.out(`git version ${git.version}\n`);
    return 0;
  },
  'write-tree': plumbing.writeTreeCommand,
};
