"""What one connection may do, and for how long."""

from __future__ import annotations

import queue
import re

import grpc

from quoth import v1
from tests.integration.server import Server, article


def test_calls_over_the_limit_of_a_connection_wait() -> None:
    flags = ("--workers", "1", "--queue-per-worker", "20", "--max-connection-streams", "2")
    with Server(*flags) as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        stub.AttributeQuotes(article("x"))  # the limit is known once the connection stands
        calls = [stub.AttributeQuotes.future(article("sleep 0.05")) for _ in range(8)]
        assert all(call.result().statements for call in calls)
        server.until_log(r"(?s)(message=call .*){9}")
        at_once, most = 0, 0
        for line in re.findall(r'message=(call|"call begins") ', server.log):
            at_once += -1 if line == "call" else 1
            most = max(most, at_once)
        assert most == 2


def test_an_old_connection_takes_no_new_calls_and_ends_its_streams_undisturbed() -> None:
    with Server("--max-connection-age", "1") as server, server.channel() as channel:
        stub = v1.AttributionServiceStub(channel)
        states: queue.SimpleQueue[grpc.ChannelConnectivity] = queue.SimpleQueue()
        channel.subscribe(states.put)
        items: queue.SimpleQueue[v1.BulkAttributeQuotesRequest | None] = queue.SimpleQueue()
        stream = stub.BulkAttributeQuotes(iter(items.get, None))
        items.put(v1.BulkAttributeQuotesRequest(item_id="1", request=article("x")))
        assert next(stream).item_id == "1"
        seen = []
        while not seen or seen[-1] is not grpc.ChannelConnectivity.READY:
            seen.append(states.get(timeout=20))
        assert states.get(timeout=20) is grpc.ChannelConnectivity.IDLE  # it is over
        assert stub.AttributeQuotes(article("x"), timeout=20).statements  # on another
        items.put(v1.BulkAttributeQuotesRequest(item_id="2", request=article("x")))
        assert next(stream).item_id == "2"
        items.put(None)
        assert list(stream) == []
