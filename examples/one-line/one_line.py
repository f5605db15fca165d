"""The one line in Python. Run it: python3 one_line.py"""
import json
import os
import queue
import threading
import urllib.request

SERVICE = os.environ.get("LOG_ANALYTICS_URL", "http://127.0.0.1:12345")
waiting = queue.Queue(maxsize=1000)


def deliver():
    while True:
        body = waiting.get()
        try:
            request = urllib.request.Request(SERVICE + "/log", body, {"Content-Type": "application/json"})
            urllib.request.urlopen(request, timeout=1).close()
        except Exception:
            pass  # the service is away: this event is lost, and the program goes on
        finally:
            waiting.task_done()


threading.Thread(target=deliver, daemon=True).start()


def log_analytics(**event):
    """Never waits and never fails. Beyond 1000 waiting events, new ones are left out."""
    try:
        waiting.put_nowait(json.dumps(event).encode())
    except queue.Full:
        pass


if __name__ == "__main__":
    log_analytics(ip="203.0.113.7", originalUrl='/search?q="제비"', userID="42", sender="python")
    waiting.join()  # a server would not wait
