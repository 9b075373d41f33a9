"""Two workers at once, on real transactions."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from sipuma.outbox.delivery import deliver_waiting
from sipuma.outbox.models import Delivery, Message
from tests.unit.outbox.box import Postbox, post

MESSAGES = 24
WORKERS = 2


@pytest.mark.django_db(transaction=True)
def test_each_message_is_sent_once_by_two_workers_at_once(postbox: Postbox) -> None:
    rows = [post() for _ in range(MESSAGES)]
    start = Barrier(WORKERS)

    def work(_number: int) -> int:
        try:
            start.wait(timeout=30)
            return deliver_waiting()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as workers:
        sent = list(workers.map(work, range(WORKERS)))
    assert sum(sent) == MESSAGES
    assert sorted(parcel.id for parcel in postbox.taken) == sorted(f"sipuma-{row.uid.hex}" for row in rows)
    assert set(Message.objects.values_list("state", "attempts")) == {(Delivery.SENT, 1)}
