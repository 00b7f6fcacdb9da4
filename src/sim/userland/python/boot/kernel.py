"""Calls to the simulated kernel. Descriptors above 2 are numbered from `shift`, apart from the interpreter's own table.

Differs from Linux: errno's numbers are WebAssembly's (shown as Linux's in tracebacks); there are no threads and no fork;
the language is that of the interpreter in use whatever version the image is said to have.
"""
import asyncio
import errno
import json
import os
import signal
import sys
import types
from pyodide.ffi import run_sync, to_js

shift = 1000
host = None
start = {}
page_policy = None


def begin(given):
    """What comes before it is kept in the memory snapshot that interpreters start from: nothing of a host is known then."""
    global host, page_policy
    host = given
    start.update(json.loads(host.start))
    loop = None if host.blocks else asyncio.get_event_loop()
    page_policy = types.SimpleNamespace(get_event_loop=lambda: loop)


def received(answer):
    """(errno's name or "", value, bytes or None)."""
    if isinstance(answer, str):
        return *json.loads(answer), None
    return *json.loads(answer.text), answer.bytes.to_bytes()


def result(answer, path=None):
    code, value, data = answer
    if code:
        number = getattr(errno, code, errno.EIO)
        raise OSError(number, os.strerror(number), *([path] if path is not None else []))
    return value if data is None else data


def call(op, *args, data=None, path=None):
    text = json.dumps([op, *args])
    answer = host.call(text) if data is None else host.call(text, to_js(data))
    return result(received(answer), path)


def check_signals():
    """Runs the handlers of what has come, from here: through JavaScript they could not sleep."""
    while signum := host.pending():
        handler = signal.getsignal(signum)
        if callable(handler):
            handler(signum, sys._getframe(1))


def wait_raw(op, *args, data=None):
    text = json.dumps([op, *args])
    arguments = (text,) if data is None else (text, to_js(data))
    if host.blocks:
        return received(host.wait(*arguments))
    # Promises ask for the current event loop: there must be one, whatever the program has.
    policy, asyncio.events._event_loop_policy = asyncio.events._event_loop_policy, page_policy
    try:
        return received(run_sync(host.wait(*arguments)))
    finally:
        asyncio.events._event_loop_policy = policy
        host.awake()


def wait(op, *args, data=None, path=None):
    """A call that may sleep; goes on after a signal whose handler did not raise (PEP 475)."""
    while True:
        answer = wait_raw(op, *args, data=data)
        if answer[0] != "EINTR":
            check_signals()
            return result(answer, path)
        check_signals()


def wait_bytes(op, *args):
    got = wait(op, *args)
    return got if isinstance(got, bytes) else b""


def down(fd):
    """The kernel's number of a descriptor; None when it is the interpreter's own."""
    if not isinstance(fd, int):
        fd = fd.fileno()
    return fd if 0 <= fd <= 2 else fd - shift if fd >= shift else None


def up(fd):
    return fd if fd <= 2 else fd + shift

