"""The library's servers, and the reloader of Flask, without threads."""
import contextlib
import os
import signal
import socketserver
import sys
from _drydock.sockets import KernelSelector
from _drydock.system import set_signal


def serve_forever(self, poll_interval=0.5, step=None):
    """Sleeps until somebody connects; wakes in between only when there is something to do."""
    own = type(self).service_actions is not socketserver.BaseServer.service_actions
    self._BaseServer__shutdown_request = False
    with KernelSelector() as selector:
        selector.register(self, 1)
        while not self._BaseServer__shutdown_request:
            ready = selector.select(poll_interval if own or step else None)
            if self._BaseServer__shutdown_request:
                break
            if ready:
                self._handle_request_noblock()
            self.service_actions()
            if step:
                step()


def process_request(self, request, client_address):
    """Differs from Linux: one request after the other, as there are no threads."""
    request.alone = True
    self.process_request_thread(request, client_address)


def setup(self, plain=socketserver.StreamRequestHandler.setup):
    """A connection that is kept open would keep all others waiting: it is closed after its request."""
    plain(self)
    one = getattr(self, "handle_one_request", None)
    if not one or not getattr(self.connection, "alone", False):
        return

    def handle_one_request():
        one()
        self.close_connection = True

    self.handle_one_request = handle_one_request


socketserver.BaseServer.serve_forever = serve_forever
socketserver.ThreadingMixIn.process_request = process_request
socketserver.StreamRequestHandler.setup = setup
socketserver._ServerSelector = KernelSelector


def patch_reloader():
    import werkzeug._reloader as reloading

    def run_with_reloader(main_func, extra_files=None, exclude_patterns=None, interval=1, reloader_type="auto"):
        """Differs from Linux: looks for changes between requests, as there are no threads."""
        set_signal(signal.SIGTERM, lambda *args: sys.exit(0))
        reloader = reloading.reloader_loops["stat" if reloader_type == "auto" else reloader_type](
            extra_files=extra_files, exclude_patterns=exclude_patterns, interval=interval
        )
        if os.environ.get("WERKZEUG_RUN_MAIN") != "true":
            try:
                sys.exit(reloader.restart_with_reloader())
            except KeyboardInterrupt:
                return
        with reloader:
            socketserver.BaseServer.serve_forever = lambda self, poll_interval=0.5: serve_forever(
                self, interval, lambda: reloader.run_step()
            )
            main_func()

    reloading.run_with_reloader = run_with_reloader


def patch_multiprocessing():
    import multiprocessing

    class Value:
        """A value shared with nobody, as there are no processes to share it with by memory."""

        def __init__(self, kind, value=0, **_):
            self.value = value

        def get_lock(self):
            return contextlib.nullcontext()

    multiprocessing.Value = Value
