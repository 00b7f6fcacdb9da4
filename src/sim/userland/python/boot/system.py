"""Who and where the process is; time; signals; random bytes."""
import logging
import os
import random
import signal
import time
from pyodide.ffi import can_run_sync
from _drydock import kernel
from _drydock.kernel import call, check_signals, start, wait_bytes, wait_raw


def ids(name):
    return lambda: call("ids")[name]


def uname():
    told = call("uname")
    return os.uname_result(tuple(told[k] for k in ("sysname", "nodename", "release", "version", "machine")))


def urandom(size):
    fd = call("open", "/dev/urandom", 0, 0, path="/dev/urandom")
    try:
        return wait_bytes("read", fd, size)
    finally:
        call("close", fd)


for name, value in {
    "getpid": lambda: start["pid"],
    "getppid": ids("ppid"),
    "getuid": ids("uid"),
    "geteuid": ids("euid"),
    "getgid": ids("gid"),
    "getegid": ids("egid"),
    "getgroups": ids("groups"),
    "getpgrp": ids("pgid"),
    "setuid": lambda uid: call("setuid", uid),
    "setgid": lambda gid: call("setgid", gid),
    "getlogin": lambda: "root",
    "kill": lambda pid, sig: (call("kill", pid, int(sig)), check_signals())[1],
    "uname": uname,
    "urandom": urandom,
    "cpu_count": lambda: 4,
}.items():
    setattr(os, name, value)
random._urandom = urandom


def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    until = time.monotonic() + seconds
    while True:
        answer = wait_raw("sleep", max(0, (until - time.monotonic()) * 1000) if seconds else 0)
        check_signals()
        if answer[0] != "EINTR":
            return


time.sleep = sleep
_signal = signal.signal


def set_signal(signum, handler):
    old = _signal(signum, handler)
    how = "ignore" if handler == signal.SIG_IGN else "default" if handler == signal.SIG_DFL else "handle"
    call("sigaction", int(signum), how)
    return old


signal.signal = set_signal
signal.alarm = lambda seconds: call("alarm", seconds)
signal.pause = lambda: (wait_raw("pause"), check_signals())[1]
signal.raise_signal = lambda signum: os.kill(os.getpid(), signum)
signal.set_wakeup_fd = lambda fd, **_: -1
signal.siginterrupt = lambda signum, flag: None


def give_way(signum, frame):
    """Where the interpreter shares the kernel's thread: lets everybody else run, 20 times a second."""
    if can_run_sync():
        wait_raw("preempt")


def begin():
    os.environ.clear()
    os.environ.update(start["env"])
    _signal(signal.SIGINT, signal.default_int_handler)
    if not start["ignoresInterrupt"]:
        call("sigaction", int(signal.SIGINT), "handle")
    if not kernel.host.blocks:
        _signal(signal.SIGURG, give_way)
    logging._startTime = time.time_ns()
    try:
        random.seed(urandom(32))
    except OSError:  # a tree without /dev
        random.seed()
