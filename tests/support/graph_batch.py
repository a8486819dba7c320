"""Several requests to Graph in one: each is answered, throttled and refused alone."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from yarl import URL

from tests.support.graph_calls import Call, Reply, graph_error

Answer = Callable[[str, URL, Mapping[str, str], Any], Awaitable[Reply]]


async def run_batch(call: Call, answer: Answer) -> Reply:
    """The answers stand in another order than the requests; only their ids tell which is whose."""
    replies: dict[str, Reply] = {}
    for each in call.body["requests"]:
        replies[each["id"]] = await _one(each, call.url, replies, answer)
    responses = [
        {"id": id, "status": reply.status, "headers": dict(reply.headers), "body": reply.body}
        for id, reply in reversed(replies.items())
    ]
    return Reply(body={"responses": responses})


async def _one(
    each: Mapping[str, Any], batch: URL, done: Mapping[str, Reply], answer: Answer
) -> Reply:
    headers = each.get("headers", {})
    kind = {name.lower(): value for name, value in headers.items()}.get("content-type", "")
    if "body" in each and not kind.startswith("application/json"):
        return Reply(status=400, body=graph_error(400, message="A body needs its Content-Type."))
    failed = [id for id in each.get("dependsOn", []) if id not in done or done[id].status >= 400]
    if failed:
        return Reply(status=424, body=graph_error(424, "FailedDependency", f"{failed} failed."))
    url = batch.origin().join(URL("/v1.0" + each["url"]))
    return await answer(each["method"], url, headers, each.get("body"))
