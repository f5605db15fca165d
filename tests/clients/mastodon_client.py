"""Mastodon.py tried on a jebi: python3 mastodon_client.py URL [--without-search]. What it asks of people stands on a line of stdout, and the
answer comes on one of stdin (mastodon_py_test.mjs). Ends with 1 at the first thing that is not as it should be."""

import sys
import threading
import time

from mastodon import Mastodon, MastodonNotFoundError, MastodonUnauthorizedError, StreamListener

URL = sys.argv[1]
SCOPES = ["read", "write", "follow", "push"]
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
COMES_WITHIN_S = 10
KOREAN = "봄이 왔어요 🐦 #제비"


def ask(*words):
    print(*words, flush=True)
    return sys.stdin.readline().strip()


def eventually(question, what):
    end = time.monotonic() + COMES_WITHIN_S
    while not question():
        assert time.monotonic() < end, what + " did not come about"
        time.sleep(0.02)


def ids(statuses):
    return [status.id for status in statuses]


class Listener(StreamListener):
    def __init__(self):
        self.updates, self.deleted, self.notifications = [], [], []

    def on_update(self, status):
        self.updates.append(status.id)

    def on_delete(self, status_id):
        self.deleted.append(status_id)

    def on_notification(self, notification):
        self.notifications.append(notification.type)


def sign_in():
    client_id, client_secret = Mastodon.create_app("a test", scopes=SCOPES, redirect_uris=OUT_OF_BAND, api_base_url=URL)
    client = Mastodon(client_id, client_secret, api_base_url=URL)
    code = ask("allow", client.auth_request_url(redirect_uris=OUT_OF_BAND, scopes=SCOPES))
    client.log_in(code=code, redirect_uri=OUT_OF_BAND, scopes=SCOPES)
    assert client.app_verify_credentials().name == "a test"
    return client


def try_instance(client):
    assert client.mastodon_major == 4, client.mastodon_major
    assert client.instance().max_toot_chars == 280
    assert client.instance_nodeinfo().software.name == "jebi"


def try_writing(client):
    status = client.status_post(KOREAN, idempotency_key="once")
    assert client.status_post(KOREAN, idempotency_key="once").id == status.id
    assert len(client.account_statuses(client.me())) == 1
    assert status.tags[0].name == "제비"
    edited = client.status_update(status, KOREAN + " 다시")
    assert edited.edited_at is not None
    assert client.status_source(status).text == KOREAN + " 다시"
    assert len(client.status_history(status)) == 1
    return status


def try_following(client):
    theirs = client.account_lookup("joon")
    assert client.account_follow(theirs).following
    assert client.account_relationships(theirs)[0].following
    assert ids(client.account_following(client.me())) == [theirs.id]
    assert ids(client.account_followers(theirs)) == [client.me().id]
    return theirs


def try_timelines(client, own):
    first = int(ask("tweet", "from joon"))
    eventually(lambda: first in ids(client.timeline_home()), "the tweet at home")
    for timeline in (client.timeline_public(), client.timeline_local(), client.timeline_hashtag("제비")):
        assert own.id in ids(timeline)
    return first


def try_acts(client, theirs):
    reply = client.status_reply(client.status(theirs), "안녕하세요")
    assert reply.in_reply_to_id == theirs
    assert ids(client.status_context(theirs).descendants) == [reply.id]
    assert client.status_favourite(theirs).favourited
    assert ids(client.favourites()) == [theirs]
    assert client.status_reblog(theirs).reblog.id == theirs
    assert len(client.status_reblogged_by(theirs)) == 1
    assert not client.status_unreblog(theirs).reblogged
    assert not client.status_unfavourite(theirs).favourited


def try_paging(client, theirs):
    for number in range(5):
        ask("tweet", "number", number)
    walked = ids(client.fetch_remaining(client.account_statuses(theirs, limit=2)))
    assert len(walked) == len(set(walked)) == 6, walked


def try_search(client, theirs):
    eventually(lambda: len(client.search("봄이", result_type="statuses").statuses) == 1, "the tweet in the search")
    assert ids(client.account_search("joon")) == [theirs.id]
    assert client.search("#제비", result_type="hashtags").hashtags[0].name == "제비"


def try_notifications(client, own):
    ask("like", own.id)
    eventually(lambda: "favourite" in [one.type for one in client.notifications()], "the notification")
    newest = client.notifications()[0]
    client.markers_set("notifications", newest.id)
    assert int(client.markers_get("notifications").notifications.last_read_id) == newest.id
    client.notifications_clear()
    assert client.notifications() == []


def try_streaming(client):
    assert client.stream_healthy()
    listener = Listener()
    stream = client.stream_user(listener, run_async=True)
    written = []

    def comes():
        if not listener.updates:
            written.append(int(ask("tweet", "live")))
        return any(one in listener.updates for one in written)

    eventually(comes, "the tweet in the stream")
    heard = listener.updates[-1]
    ask("delete", heard)
    eventually(lambda: heard in [int(one) for one in listener.deleted], "the deletion in the stream")
    stream.close()


def try_the_rest(client):
    for empty in (client.custom_emojis(), client.lists(), client.filters(), client.bookmarks(), client.mutes(), client.blocks(),
                  client.follow_requests(), client.conversations(), client.announcements()):
        assert empty == []
    assert client.preferences()["posting:default:visibility"] == "public"
    changed = client.account_update_credentials(note="새를 좋아해요", fields=[("web", "https://example.org/")])
    assert changed.source.note == "새를 좋아해요"
    assert "https://example.org/" in changed.fields[0].value


def try_leaving(client):
    for status in client.account_statuses(client.me()):
        client.status_delete(status)
    assert client.account_statuses(client.me()) == []
    try:
        client.status(1)
        raise AssertionError("a status that never was")
    except MastodonNotFoundError:
        pass
    token = client.access_token
    client.revoke_access_token()
    try:
        Mastodon(access_token=token, api_base_url=URL).account_verify_credentials()
        raise AssertionError("a token that was revoked")
    except MastodonUnauthorizedError:
        pass


def main():
    client = sign_in()
    try_instance(client)
    own = try_writing(client)
    theirs = try_following(client)
    try_acts(client, try_timelines(client, own))
    try_paging(client, theirs)
    if "--without-search" not in sys.argv:
        try_search(client, theirs)
    try_notifications(client, own)
    try_streaming(client)
    try_the_rest(client)
    try_leaving(client)


threading.excepthook = lambda problem: print("in a thread:", problem.exc_value, flush=True)
main()
